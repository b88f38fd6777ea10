/* The power object, STATE and SENSOR of Tasmota; see tasmota.h. */
#include "device/clock.h"
#include "device/device.h"
#include "device/role_groups.h"
#include "device/service/rest/tasmota.h"
#include "device/service/wifi/wifi.h"

#include "codec/openbeken/channel_types.h"

void tasmota_float(struct text *out, double value) {
    double scaled = value * 1e6;
    if (!(scaled > -9e18 && scaled < 9e18)) {
        text_add(out, "0");
        return;
    }
    text_fixed(out, (int64_t)(scaled < 0 ? scaled - 0.5 : scaled + 0.5), 6);
}

void tasmota_address(struct text *out, uint32_t address) {
    for (int shift = 24; shift >= 0; shift -= 8) {
        text_uint(out, address >> shift & 255);
        text_add(out, shift ? "." : "");
    }
}

void tasmota_mac(const struct device *d, struct text *out, bool colons) {
    uint8_t mac[6] = {0};
    if (d->hal.wifi_mac)
        d->hal.wifi_mac(d->hal.context, mac);
    for (unsigned i = 0; i < 6; i++) {
        text_add(out, i && colons ? ":" : "");
        text_hex(out, mac[i], 2);
    }
}

void tasmota_time(const struct device *d, struct text *out, bool utc) {
    if (!d->clock_set) {
        text_add(out, "0000-00-00T00:00:00");
        return;
    }
    civil_text(utc ? civil_of(clock_now(d)) : clock_local(d), CIVIL_SECOND, out);
}

static const char *on_off(bool on) {
    return on ? "ON" : "OFF";
}

static bool has_chip(const struct device *d) {
    static const uint8_t roles[] = {OBK_ROLE_SM2135DAT, OBK_ROLE_BP5758D_DAT, OBK_ROLE_BP1658CJ_DAT,
                                    OBK_ROLE_SM2235DAT, OBK_ROLE_KP18058_DAT};
    for (unsigned pin = 0; pin < d->hal.chip.pins; pin++)
        for (unsigned i = 0; i < sizeof roles; i++)
            if (board_role(d, pin) == roles[i])
                return true;
    return false;
}

static int whole(float value) {
    return (int)(value + 0.001F);
}

static void list(struct text *out, const float *values, unsigned count, float scale) {
    for (unsigned i = 0; i < count; i++) {
        text_add(out, i ? "," : "");
        text_int(out, (int)(values[i] * scale));
    }
}

static void color(struct device *d, struct text *out, unsigned numbers) {
    const struct light *l = &d->light;
    text_add(out, ",\"Color\":\"");
    list(out, l->final, numbers, 1);
    text_add(out, "\",\"HSBColor\":\"");
    text_int(out, whole(l->hue));
    text_char(out, ',');
    text_int(out, whole(l->saturation * 100));
    text_char(out, ',');
    text_int(out, whole(l->value * 100));
    text_add(out, "\",\"Channel\":[");
    list(out, l->final, 3, 100.0F / 255);
    text_char(out, ']');
}

static void light(struct device *d, struct text *out) {
    unsigned outputs = light_outputs(d);
    bool chip = has_chip(d);
    text_add(out, "\"Dimmer\":");
    text_int(out, (int)d->light.dimmer);
    text_add(out, ",\"Fade\":\"OFF\",\"Speed\":1,\"LedTable\":\"ON\"");
    if (outputs >= 3 || chip)
        color(d, out, outputs == 5 || chip ? 5 : 3);
    if (outputs == 2 || outputs == 5 || chip) {
        text_add(out, ",\"CT\":");
        text_int(out, (int)d->light.temperature);
    }
    text_add(out, ",\"POWER\":\"");
    text_add(out, on_off(d->light.on));
    text_char(out, '"');
}

void tasmota_power(struct device *d, struct text *out) {
    unsigned count = 0;
    if (light_active(d)) {
        light(d, out);
        return;
    }
    uint64_t channels = channels_power(d);
    for (int i = 0; i < CHANNEL_COUNT; i++)
        count += (unsigned)(channels >> i & 1);
    if (!count)
        text_add(out, "\"POWER\":\"ON\"");
    bool from_zero = channels & 1, first = true;
    for (int i = 0; i < CHANNEL_COUNT; i++) {
        if (!(channels >> i & 1))
            continue;
        text_add(out, first ? "\"POWER" : ",\"POWER");
        if (count > 1)
            text_int(out, i + from_zero);
        text_add(out, "\":\"");
        text_add(out, on_off(channel_get(d, i) > 0));
        text_char(out, '"');
        first = false;
    }
}

static void uptime(struct text *out, uint32_t seconds) {
    text_uint(out, seconds / 86400);
    text_char(out, 'T');
    two_digits((int)(seconds / 3600 % 24), out);
    text_char(out, ':');
    two_digits((int)(seconds / 60 % 60), out);
    text_char(out, ':');
    two_digits((int)(seconds % 60), out);
}

static void wifi(const struct device *d, struct text *out) {
    int rssi = d->hal.wifi_rssi ? d->hal.wifi_rssi(d->hal.context) : -50;
    text_add(out, ",\"Wifi\":{\"AP\":1,\"SSId\":");
    text_json(out, wifi_ssid(d));
    text_add(out, ",\"BSSId\":\"00:00:00:00:00:00\",\"Channel\":1,\"Mode\":\"11n\",\"RSSI\":");
    text_int(out, rssi > -50 ? 100 : rssi < -100 ? 0 : (rssi + 100) * 2);
    text_add(out, ",\"Signal\":");
    text_int(out, rssi);
    text_add(out, ",\"LinkCount\":21,\"Downtime\":\"0T06:13:34\"}");
}

void tasmota_state(struct device *d, struct text *out) {
    bool sleeps = d->command.power_save > 0;
    text_add(out, "{\"Time\":\"");
    tasmota_time(d, out, false);
    text_add(out, "\",\"Uptime\":\"");
    uptime(out, d->uptime_s);
    text_add(out, "\",\"UptimeSec\":");
    text_uint(out, d->uptime_s);
    text_add(out, ",\"Heap\":25,\"SleepMode\":\"");
    text_add(out, sleeps ? "Dynamic" : "None");
    text_add(out, "\",\"Sleep\":");
    text_add(out, sleeps ? "10" : "0");
    text_add(out, ",\"LoadAvg\":99,\"MqttCount\":23,");
    tasmota_power(d, out);
    wifi(d, out);
    text_char(out, '}');
}

static void energy(const struct device *d, struct text *out) {
    static const struct {
        const char *name;
        uint8_t quantity;
    } rows[] = {
        {",\"ENERGY\":{\"Power\": ", METER_POWER},
        {",\"ApparentPower\": ", METER_APPARENT_POWER},
        {",\"ReactivePower\": ", METER_REACTIVE_POWER},
        {",\"Factor\":", METER_POWER_FACTOR},
        {",\"Voltage\":", METER_VOLTAGE},
        {",\"Current\":", METER_CURRENT},
        {",\"Frequency\":", METER_FREQUENCY},
        {",\"ConsumptionTotal\":", METER_ENERGY_TOTAL},
        {",\"Yesterday\": ", METER_ENERGY_YESTERDAY},
        {",\"ConsumptionLastHour\":", METER_ENERGY_LAST_HOUR},
    };
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
        text_add(out, rows[i].name);
        tasmota_float(out, meter_reading_or_0(d, rows[i].quantity));
    }
    text_char(out, '}');
}

void tasmota_sensor(struct device *d, struct text *out) {
    text_add(out, "{\"Time\":\"");
    tasmota_time(d, out, false);
    text_char(out, '"');
    if (d->metering.present)
        energy(d, out);
    if (d->hal.temperature) {
        text_add(out, ",\"ESP32\":{\"Temperature\": ");
        text_fixed(out, d->hal.temperature(d->hal.context), 1);
        text_char(out, '}');
    }
    text_add(out, ",\"TempUnit\":\"C\"}");
}
