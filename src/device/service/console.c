/* The TCP console; see console.h.
 * Source: openshwprojects/OpenBK7231T_App: src/cmnds/cmd_tcp.c. */
#include "device/service/console.h"

#include "base/text.h"
#include "device/device.h"
#include "device/script/command.h"
#include "device/service/http/http.h"
#include "device/service/rest/tasmota.h"

enum { PORT = 100, FLAG = 5, IDLE_MS = 60000, REPLY = 640, WRONG_MAX = 3 };

static void say(struct device *d, const char *text, size_t length) {
    service_write(d, d->console.stream - 1, text, length); /* what does not fit is lost */
}

static void hang_up(struct device *d) {
    if (d->console.stream)
        service_close(d, d->console.stream - 1);
    d->console.stream = 0;
}

static void readings(const struct device *d, struct text *out) {
    static const uint8_t told[] = {METER_VOLTAGE,   METER_CURRENT,      METER_POWER,
                                   METER_FREQUENCY, METER_ENERGY_TOTAL, METER_ENERGY_LAST_HOUR};
    for (unsigned i = 0; i < sizeof told; i++) {
        text_add(out, i ? " " : "");
        tasmota_float(out, meter_reading_or_0(d, (enum meter_quantity)told[i]));
    }
}

/* Lines that the command put into the log since it had `before` bytes. */
static void logged(const struct device *d, uint32_t before, struct text *out) {
    const struct device_log_ring *r = d->log.ring;
    uint32_t size = d->log.bytes - before;
    if (!r)
        return;
    size = size < r->size ? size : r->size;
    for (; size; size--)
        text_char(out, r->text[(r->head + DEVICE_LOG_RING - size) % DEVICE_LOG_RING]);
}

static bool is(const char *line, const char *word) {
    size_t length = strlen(word);
    return text_starts(line, word) && (!line[length] || text_is_space(line[length]));
}

static void run(struct device *d, const char *line) {
    char reply[REPLY];
    struct text out = text_start(reply, sizeof reply);
    uint32_t before = d->log.bytes;
    enum command_result result = command_run(d, line, COMMAND_FROM_TCP);
    if (is(line, "GetChannel"))
        tasmota_piece(d, line, 0, &out);
    else if (is(line, "GetReadings"))
        readings(d, &out);
    else if (text_same(line, "ShortName"))
        text_add(&out, d->config.short_name);
    else if (result == COMMAND_UNKNOWN)
        text_add(&out, "Unknown command\n");
    else
        logged(d, before, &out);
    say(d, reply, out.length);
}

static void line_end(struct device *d) {
    struct tcp_console *c = &d->console;
    while (c->fill && text_is_space(c->line[c->fill - 1]))
        c->fill--;
    c->line[c->fill] = 0;
    if (!c->fill)
        return;
    c->fill = 0;
    if (c->admitted) {
        run(d, c->line);
    } else if (http_same_secret(c->line, d->config.web_password)) {
        c->admitted = true;
        say(d, "welcome\n", 8);
    } else if (++c->wrong >= WRONG_MAX) {
        hang_up(d);
    } else {
        say(d, "the web password is needed first\n", 33);
    }
}

static size_t stream_event(struct device *d, int stream, enum hal_stream_event event,
                           const void *data, size_t size) {
    struct tcp_console *c = &d->console;
    const char *p = data;
    if (stream != c->stream - 1)
        return size;
    if (event == HAL_STREAM_CLOSED)
        c->stream = 0;
    if (event != HAL_STREAM_DATA)
        return size;
    c->moved_ms = d->now_ms;
    for (size_t i = 0; i < size && c->stream; i++) {
        if (p[i] == '\n')
            line_end(d);
        else if (p[i] && c->fill < TCP_CONSOLE_LINE - 1)
            c->line[c->fill++] = p[i];
    }
    if (c->stream && size < TCP_CONSOLE_LINE / 2)
        line_end(d); /* many clients send no line end: what came at once is a command */
    return size;
}

static bool accept(struct device *d, int listener, int stream, uint32_t peer_address) {
    struct tcp_console *c = &d->console;
    (void)listener, (void)peer_address;
    if (c->stream)
        return false;
    c->stream = 1 + stream;
    c->fill = 0;
    c->wrong = 0;
    c->admitted = !d->config.web_password[0];
    c->moved_ms = d->now_ms;
    return true;
}

/* The flag may change at any time. */
static void second(struct device *d) {
    struct tcp_console *c = &d->console;
    bool wanted = settings_flag(d, FLAG);
    if (wanted && !c->listener)
        c->listener = 1 + service_listen(d, &console_service, PORT);
    if (!wanted && c->listener) {
        service_close(d, c->listener - 1);
        c->listener = 0;
    }
    if (c->stream && (!wanted || d->now_ms - c->moved_ms > IDLE_MS))
        hang_up(d);
}

static void start(struct device *d) {
    d->console = (struct tcp_console){0};
    second(d);
}

static void stop(struct device *d) {
    hang_up(d);
}

const struct service console_service = {
    .name = "console",
    .start = start,
    .stop = stop,
    .second = second,
    .accept = accept,
    .stream = stream_event,
};
