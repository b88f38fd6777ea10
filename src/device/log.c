/* The log ring in retained RAM; see log.h. */
#include "device/log.h"

#include "base/crc.h"
#include "base/text.h"
#include "device/device.h"

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
    d->log.level = LOG_INFO;
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

void device_log2(struct device *d, enum log_level level, const char *module, const char *text,
                 const char *more) {
    char buffer[DEVICE_LOG_LINE];
    struct text line = text_start(buffer, sizeof buffer);
    if (level > d->log.level)
        return;
    text_add(&line, text);
    text_add(&line, more ? more : "");
    log_line(&d->log.sink, level, module, buffer);
    d->log.lines++;
    if (level > LOG_INFO || !d->log.ring)
        return;
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
