/* The values of the light. A finger on a slider makes dozens of changes a second; the broker gets
 * the first at once, then the newest once a second, and none twice within five seconds. */
#include "device/service/mqtt/parts.h"

enum { SAME_S = 5, APART_S = 1 };

static const char *const topics[MQTT_LIGHT_TOPICS] = {
    "led_enableAll",     "led_dimmer",         "led_temperature",
    "led_basecolor_rgb", "led_finalcolor_rgb", "led_finalcolor_rgbcw",
};

static void send(struct device *d, unsigned i, const char *value) {
    struct mqtt_light_value *v = &d->mqtt.light[i];
    struct text t = text_start(v->sent, sizeof v->sent);
    text_add(&t, value);
    v->age_s = 0;
    v->pending = false;
    mqtt_publish(d, topics[i], v->sent, v->retain ? MQTT_RETAIN : 0);
}

static void offer(struct device *d, unsigned i, const char *value) {
    struct mqtt_light_value *v = &d->mqtt.light[i];
    if (strcmp(v->sent, value) == 0) {
        v->pending = false;
        if (v->age_s >= SAME_S)
            send(d, i, value);
        return;
    }
    if (v->age_s >= APART_S) {
        send(d, i, value);
        return;
    }
    struct text t = text_start(v->waiting, sizeof v->waiting);
    text_add(&t, value);
    v->pending = true;
}

bool light_value_publish(struct device *d, const char *topic, const char *payload, bool retain) {
    for (unsigned i = 0; i < MQTT_LIGHT_TOPICS; i++)
        if (strcmp(topics[i], topic) == 0) {
            d->mqtt.light[i].retain = retain;
            offer(d, i, payload);
            return true;
        }
    return false;
}

void light_values_second(struct device *d) {
    for (unsigned i = 0; i < MQTT_LIGHT_TOPICS; i++) {
        struct mqtt_light_value *v = &d->mqtt.light[i];
        if (v->age_s < UINT8_MAX)
            v->age_s++;
        if (v->pending && v->age_s >= APART_S) {
            char value[MQTT_LIGHT_VALUE];
            memcpy(value, v->waiting, sizeof value);
            send(d, i, value);
        }
    }
}

static void send_number(struct device *d, unsigned i, int32_t value) {
    char text[16];
    struct text t = text_start(text, sizeof text);
    text_int(&t, value);
    d->mqtt.light[i].retain = false;
    send(d, i, text);
}

static void send_rgb(struct device *d, unsigned which) {
    const float *f = d->light.final;
    char text[8];
    struct text t = text_start(text, sizeof text);
    uint32_t final = (uint32_t)f[0] << 16 | (uint32_t)f[1] << 8 | (uint32_t)f[2];
    text_hex(&t, which == LIGHT_VALUE_RGB ? light_rgb(d) : final, 6);
    d->mqtt.light[which].retain = false;
    send(d, which, text);
}

static void send_color(struct device *d) {
    if (d->light.mode == LIGHT_WHITE)
        send_number(d, LIGHT_VALUE_TEMPERATURE, (int32_t)d->light.temperature);
    else if (light_outputs(d) >= 3 || settings_flag(d, 4))
        send_rgb(d, LIGHT_VALUE_RGB);
}

bool light_value_state(struct device *d, enum light_value which) {
    if (!light_active(d))
        return false;
    if (which == LIGHT_VALUE_ON)
        send_number(d, which, d->light.on);
    else if (which == LIGHT_VALUE_DIMMER)
        send_number(d, which, (int32_t)(d->light.dimmer + 0.5F));
    else
        send_color(d);
    return true;
}

bool light_value_asked(struct device *d, const char *name) {
    static const uint8_t askable[] = {LIGHT_VALUE_ON, LIGHT_VALUE_DIMMER, LIGHT_VALUE_TEMPERATURE,
                                      LIGHT_VALUE_FINAL_RGB, LIGHT_VALUE_RGB};
    for (unsigned i = 0; i < sizeof askable; i++) {
        unsigned which = askable[i];
        if (!text_starts(name, topics[which]))
            continue;
        if (which == LIGHT_VALUE_TEMPERATURE)
            send_number(d, which, (int32_t)d->light.temperature);
        else if (which == LIGHT_VALUE_ON || which == LIGHT_VALUE_DIMMER)
            light_value_state(d, (enum light_value)which);
        else
            send_rgb(d, which);
        return true;
    }
    return false;
}

void light_values_forget(struct device *d) {
    for (unsigned i = 0; i < MQTT_LIGHT_TOPICS; i++)
        d->mqtt.light[i] = (struct mqtt_light_value){.age_s = UINT8_MAX};
}
