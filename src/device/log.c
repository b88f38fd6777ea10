/* The log ring in retained RAM; see log.h. */
#include "device/log.h"

#include "base/crc.h"
#include "base/text.h"
#include "device/device.h"

#include <string.h>

static const uint32_t magic = 0x52474F4Cu; /* "LOGR" */

static uint32_t ring_check(const struct device_log_ring *r) {
    uint32_t words[4] = {magic, (uint32_t)r->head << 16 | r->size, r->crash_streak, r->boots};
    return fnv1a_update(FNV1A_START, words, sizeof words);
}

static void ring_seal(struct device_log_ring *r) {
    r->magic = magic;
    r->check = ring_check(r);
}

void device_log_init(struct device *d) {
    size_t size = 0;
    void *retained = d->hal.retained ? d->hal.retained(d->hal.context, &size) : NULL;
    d->log.level = LOG_INFO + 1;
    d->log.muted = 0;
    d->log.quiet = false;
    d->log.ring = size >= sizeof d->log.own ? retained : &d->log.own;
    struct device_log_ring *r = d->log.ring;
    if (r->magic != magic || r->check != ring_check(r) || r->size > DEVICE_LOG_RING ||
        r->head >= DEVICE_LOG_RING)
        *r = (struct device_log_ring){0};
    r->boots++;
    ring_seal(r);
}

void device_log_streak(struct device *d, uint32_t streak) {
    d->log.ring->crash_streak = streak;
    ring_seal(d->log.ring);
}

static void ring_char(struct device_log_ring *r, char c) {
    r->text[r->head] = c;
    r->head = (uint16_t)((r->head + 1u) % DEVICE_LOG_RING);
    if (r->size < DEVICE_LOG_RING)
        r->size++;
}

/* OpenBeken's log categories by number, as the modules that write here are called.
 * Source: openshwprojects/OpenBK7231T_App: src/logging/logging.h. */
static const char *const features[] = {
    "http", "mqtt", "store", "http_client", "ota", "board",  "boot",   "channel", "api",
    "file", "cmd",  "ntp",   "tuyamcu",     "i2c", "meter",  "script", "dgr",     "ddp",
    "raw",  "hass", "ir",    "dht",         "adc", "sensor", "driver",
};
enum { FEATURES = sizeof features / sizeof *features };

bool device_log_feature(struct device *d, int index, bool on) {
    if (index < 0 || index >= FEATURES)
        return false;
    uint32_t bit = 1u << index;
    d->log.muted = on ? d->log.muted & ~bit : d->log.muted | bit;
    return true;
}

static bool muted(const struct device *d, const char *module) {
    for (unsigned i = 0; d->log.muted && i < FEATURES; i++)
        if (d->log.muted >> i & 1 && text_same(features[i], module))
            return true;
    return false;
}

void device_log2(struct device *d, enum log_level level, const char *module, const char *text,
                 const char *more) {
    char buffer[DEVICE_LOG_LINE];
    struct text line = text_start(buffer, sizeof buffer);
    if ((unsigned)level >= d->log.level || muted(d, module))
        return;
    text_add(&line, text);
    text_add(&line, more ? more : "");
    if (!d->log.quiet)
        log_line(&d->log.sink, level, module, buffer);
    d->log.lines++;
    if (level > LOG_INFO || !d->log.ring)
        return;
    d->log.bytes += (uint32_t)(strlen(module) + line.length + 2);
    for (const char *p = module; *p; p++)
        ring_char(d->log.ring, *p);
    ring_char(d->log.ring, ' ');
    for (const char *p = buffer; *p; p++)
        ring_char(d->log.ring, *p == '\n' ? ' ' : *p);
    ring_char(d->log.ring, '\n');
    ring_seal(d->log.ring);
}

void device_log(struct device *d, enum log_level level, const char *module, const char *text) {
    device_log2(d, level, module, text, NULL);
}

void device_log_int(struct device *d, enum log_level level, const char *module, const char *text,
                    int64_t value, const char *more) {
    char buffer[DEVICE_LOG_LINE];
    struct text line = text_start(buffer, sizeof buffer);
    text_add(&line, text);
    text_int(&line, value);
    device_log2(d, level, module, buffer, more);
}

size_t device_log_read(const struct device *d, char *buffer, size_t size) {
    const struct device_log_ring *r = d->log.ring;
    size_t length = r && size ? r->size : 0;
    if (!size)
        return 0;
    if (length > size - 1)
        length = size - 1;
    for (size_t i = 0; i < length; i++)
        buffer[i] = r->text[(r->head + 2u * DEVICE_LOG_RING - length + i) % DEVICE_LOG_RING];
    buffer[length] = 0;
    return length;
}
