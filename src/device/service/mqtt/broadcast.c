/* The full state, step by step: after connecting (flag 10), each minute (flag 2), when Home
 * Assistant comes up, and when asked for. One item a second by default, so that neither the plug
 * nor a broker with a thousand plugs feels it.
 * Source: openshwprojects/OpenBK7231T_App: src/mqtt/new_mqtt.c. */
#include "device/clock.h"
#include "device/identity.h"
#include "device/meter/meter.h"
#include "device/service/mqtt/parts.h"
#include "device/service/mqtt/tasmota_topics.h"
#include "device/service/wifi/wifi.h"

typedef void item_print(struct device *d, struct text *out);

#define ITEM(name) static void name(struct device *d, struct text *t)

ITEM(host) {
    text_add(t, d->config.short_name);
}
ITEM(build) {
    text_add(t, "Open");
    text_add(t, d->hal.chip.name);
    text_add(t, " Plugsmith ");
    text_add(t, identity_version());
}
ITEM(mac) {
    char text[18];
    identity_mac(d, text, 0);
    text_add(t, text);
}
ITEM(temperature) {
    int tenths = d->hal.temperature ? d->hal.temperature(d->hal.context) : 0;
    text_fixed(t, tenths * 10, 2);
}
ITEM(ssid) {
    text_add(t, wifi_ssid(d));
}
ITEM(datetime) {
    text_int(t, d->clock_set ? clock_now(d) + clock_offset(d) : 0);
}
ITEM(sockets) {
    unsigned count = 0;
    for (unsigned i = 0; i < HUB_HANDLES; i++)
        count += d->hub.open[i].owner != NULL;
    text_uint(t, count);
}
ITEM(rssi) {
    text_int(t, d->hal.wifi_rssi ? d->hal.wifi_rssi(d->hal.context) : 0);
}
ITEM(uptime) {
    text_uint(t, d->uptime_s);
}
ITEM(free_heap) {
    (void)d;
    text_char(t, '0'); /* there is no heap */
}
ITEM(restart_reason) {
    text_add(t, device_cause_text(d->cause));
}
ITEM(ip) {
    char text[16];
    identity_address(d, text);
    text_add(t, text);
}

static const struct {
    const char *topic;
    item_print *print;
} items[] = {
    {"host", host},          {"build", build}, {"mac", mac},
    {"temp", temperature},   {"ssid", ssid},   {"datetime", datetime},
    {"sockets", sockets},    {"rssi", rssi},   {"uptime", uptime},
    {"freeheap", free_heap}, {"ip", ip},       {"restart_reason", restart_reason},
};
enum {
    SELF_ITEMS = sizeof items / sizeof *items,
    LIGHT_ITEMS = 3,
    CHANNEL_ITEM = SELF_ITEMS + LIGHT_ITEMS, /* of channel 0 */
    ITEMS = CHANNEL_ITEM + CHANNEL_COUNT,
};

static void publish_self(struct device *d, int item) {
    char value[96];
    struct text t = text_start(value, sizeof value);
    items[item].print(d, &t);
    mqtt_publish(d, items[item].topic, value, MQTT_SELF | MQTT_TRANSIENT);
}

/* False: not needed on this device. */
static bool publish_item(struct device *d, int item) {
    static const uint8_t light[] = {LIGHT_VALUE_ON, LIGHT_VALUE_RGB, LIGHT_VALUE_DIMMER};
    if (item < SELF_ITEMS) {
        publish_self(d, item);
        return true;
    }
    if (item < CHANNEL_ITEM)
        return light_value_state(d, (enum light_value)light[item - SELF_ITEMS]);
    if (!channel_published(d, item - CHANNEL_ITEM))
        return false;
    device_publish_channel(d, item - CHANNEL_ITEM);
    return true;
}

void mqtt_broadcast(struct device *d, bool channels_only) {
    struct mqtt *m = &d->mqtt;
    if (m->broadcasting)
        return;
    m->broadcasting = true;
    m->whole = !channels_only;
    m->item = channels_only ? SELF_ITEMS : 0;
}

static void broadcast_step(struct device *d) {
    struct mqtt *m = &d->mqtt;
    unsigned sent = 0;
    for (; m->item < ITEMS && sent < m->items_per_second; m->item++) {
        if (!mqtt_has_room(d, 256))
            return;
        sent += publish_item(d, m->item);
    }
    m->broadcasting = m->item < ITEMS;
    if (!m->broadcasting && m->whole && d->metering.present)
        meter_publish_all(d);
}

void broadcast_connected(struct device *d) {
    struct mqtt *m = &d->mqtt;
    m->broadcasting = false;
    m->broadcast_left_s = 30;
    m->sensor_left_s = m->state_left_s = 1;
    if (settings_flag(d, FLAG_BROADCAST_ON_CONNECT))
        mqtt_broadcast(d, false);
}

void broadcast_second(struct device *d) {
    struct mqtt *m = &d->mqtt;
    if (m->broadcasting) {
        broadcast_step(d);
        return;
    }
    if (!settings_flag(d, FLAG_BROADCAST_EACH_MINUTE))
        return;
    if (m->broadcast_left_s && --m->broadcast_left_s)
        return;
    m->broadcast_left_s = m->broadcast_s;
    mqtt_broadcast(d, false);
}

void tele_before_channel(struct device *d) {
    if (!settings_flag(d, FLAG_TELE) || !d->mqtt_connected)
        return;
    tasmota_tele(d, "SENSOR");
    tasmota_tele(d, "STATE");
}

void tele_second(struct device *d) {
    struct mqtt *m = &d->mqtt;
    if (!settings_flag(d, FLAG_TELE))
        return;
    if (m->sensor_left_s == 0 || --m->sensor_left_s == 0) {
        m->sensor_left_s = m->sensor_s;
        tasmota_tele(d, "SENSOR");
    }
    if (m->state_left_s == 0 || --m->state_left_s == 0) {
        m->state_left_s = m->state_s;
        tasmota_tele(d, "STATE");
    }
}
