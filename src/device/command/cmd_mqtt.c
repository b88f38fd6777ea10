/* Commands of the MQTT room: publishing on demand, broadcast pace, Home Assistant discovery.
 * Source: openshwprojects/OpenBK7231T_App: src/mqtt/new_mqtt.c. */
#include "base/text.h"
#include "device/command/groups.h"
#include "device/device.h"
#include "device/driver.h"
#include "device/script/expression.h"
#include "device/service/mqtt/mqtt.h"
#include "device/store/files.h"

#include <math.h>
#include <string.h>

#define RUN(name) static enum command_result name(struct call *c)

enum { VALUE = 1024 };

static unsigned how(const struct call *c, unsigned raw_at) {
    return call_int(c, raw_at, 0) ? MQTT_RAW : 0;
}

RUN(publish) {
    char topic[200], value[VALUE];
    constant_expand(c->d, call_text(c, 0), topic, sizeof topic);
    constant_expand(c->d, call_text(c, 1), value, sizeof value);
    mqtt_publish(c->d, topic, value, how(c, 2));
    return COMMAND_OK;
}
RUN(publish_int) {
    char value[16];
    struct text t = text_start(value, sizeof value);
    text_int(&t, call_int(c, 1, 0));
    mqtt_publish(c->d, call_text(c, 0), value, how(c, 2));
    return COMMAND_OK;
}

/* As printf's %f, then cut: six decimals at most, digits beyond are dropped, not rounded. */
static void print_float(float value, int digits, char *out, size_t size) {
    struct text t = text_start(out, size);
    double wide = (double)value;
    if (!(fabs(wide) < 9e12)) {
        text_add(&t, wide != wide ? "nan" : wide > 0 ? "inf" : "-inf");
        return;
    }
    text_fixed(&t, (int64_t)floor(fabs(wide) * 1e6 + 0.5) * (wide < 0 ? -1 : 1), 6);
    if (digits >= 0 && digits < 6)
        out[t.length - 6 + (size_t)digits - (digits == 0)] = '\0';
}

RUN(publish_float) {
    char value[40];
    print_float(call_float(c, 1, 0), call_int(c, 3, -1), value, sizeof value);
    mqtt_publish(c->d, call_text(c, 0), value, how(c, 2));
    return COMMAND_OK;
}
RUN(publish_file) {
    char raw[VALUE], value[VALUE];
    struct store_file_info file;
    if (store_file_find(&c->d->store, call_text(c, 1), &file) != STATUS_OK) {
        device_log2(c->d, LOG_ERROR, "mqtt", "there is no file ", call_text(c, 1));
        return COMMAND_ERROR;
    }
    size_t n = store_file_read(&c->d->store, &file, 0, raw, sizeof raw - 1);
    raw[n] = '\0';
    constant_expand(c->d, raw, value, sizeof value);
    mqtt_publish(c->d, call_text(c, 0), value, how(c, 2));
    return COMMAND_OK;
}
RUN(publish_channel) {
    if (!channel_valid(call_int(c, 0, -1)))
        return COMMAND_BAD_ARGUMENT;
    device_publish_channel(c->d, call_int(c, 0, 0));
    return COMMAND_OK;
}
RUN(publish_channels) {
    mqtt_broadcast(c->d, true);
    return COMMAND_OK;
}
RUN(publish_all) {
    mqtt_broadcast(c->d, false);
    return COMMAND_OK;
}
RUN(publish_driver) {
    char topic[64];
    struct text t = text_start(topic, sizeof topic);
    text_add(&t, "driver/");
    text_add(&t, call_text(c, 0));
    mqtt_publish(c->d, topic, driver_on(c->d, call_text(c, 0)) ? "1" : "0", MQTT_SELF);
    return COMMAND_OK;
}
RUN(publish_benchmark) {
    c->d->mqtt.bench_left = 1000;
    return COMMAND_OK;
}

static uint16_t seconds(const struct call *c, unsigned i, int32_t missing) {
    int32_t value = call_int(c, i, missing);
    return (uint16_t)(value < 1 ? 1 : value > 65535 ? 65535 : value);
}

RUN(broadcast_interval) {
    c->d->mqtt.broadcast_s = seconds(c, 0, 60);
    if (c->d->mqtt.broadcast_left_s > c->d->mqtt.broadcast_s)
        c->d->mqtt.broadcast_left_s = c->d->mqtt.broadcast_s;
    return COMMAND_OK;
}
RUN(broadcast_items) {
    int32_t count = call_int(c, 0, 1);
    c->d->mqtt.items_per_second = (uint8_t)(count < 1 ? 1 : count > 100 ? 100 : count);
    return COMMAND_OK;
}
RUN(tele_interval) {
    c->d->mqtt.sensor_s = seconds(c, 0, 3);
    c->d->mqtt.state_s = seconds(c, 1, 120);
    return COMMAND_OK;
}
RUN(discovery) {
    uint16_t wait = seconds(c, 0, 5);
    mqtt_discover(c->d, wait, "");
    return COMMAND_OK;
}

/* Constants are replaced before the line is split, and \\" is a quote inside quotes. */
enum { EARLY = TOKEN_QUOTES | TOKEN_ESCAPES | TOKEN_EARLY };

const struct command_row mqtt_rows[] = {
    {"publish", "tti", 2, EARLY, "topic text [raw=0]",
     "sends text to <client>/topic/get; raw: to the topic as it is", publish, NULL},
    {"publishInt", "tii", 2, true, "topic number [raw=0]", "sends an integer", publish_int, NULL},
    {"publishFloat", "tfii", 2, true, "topic number [raw=0] [digits]",
     "sends a number with 6 decimals, or cut to that many", publish_float, NULL},
    {"publishFile", "tti", 2, EARLY, "topic file [raw=0]",
     "sends a file of up to 1023 bytes, constants replaced", publish_file, NULL},
    {"publishChannel", "i", 1, false, "channel", "sends the value of a channel", publish_channel,
     NULL},
    {"publishChannels", "", 0, false, "", "sends the light and all channels, step by step",
     publish_channels, NULL},
    {"publishAll", "", 0, false, "", "sends everything, step by step", publish_all, NULL},
    {"publishDriver", "t", 1, false, "name", "sends whether a driver runs", publish_driver, NULL},
    {"publishBenchmark", "", 0, false, "", "sends 1000 messages as fast as the broker takes them",
     publish_benchmark, NULL},
    {"mqtt_broadcastInterval", "i", 1, false, "seconds", "how often flag 2 sends everything",
     broadcast_interval, NULL},
    {"mqtt_broadcastItemsPerSec", "i", 1, false, "count", "pace of sending everything",
     broadcast_items, NULL},
    {"TasTeleInterval", "ii", 1, false, "sensor state", "seconds between Tasmota's tele messages",
     tele_interval, NULL},
    {"scheduleHADiscovery", "i", 0, false, "[seconds=5]",
     "announces the device to Home Assistant after that many seconds of connection", discovery,
     NULL},
};
const unsigned mqtt_row_count = sizeof mqtt_rows / sizeof *mqtt_rows;
