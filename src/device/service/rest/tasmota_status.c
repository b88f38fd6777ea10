/* STATUS and its sections; see tasmota.h. Members that have no meaning here keep the constant that
 * clients of the incumbent have always seen. */
#include "device/clock.h"
#include "device/device.h"
#include "device/service/rest/tasmota.h"
#include "device/version.h"

#include <string.h>

enum { FULL_STEPS = 5 };

static void text_member(struct text *out, const char *key, const char *value) {
    text_add(out, key);
    text_json(out, value);
}

static void firmware(struct device *d, struct text *out) {
    text_add(out, "\"StatusFWR\":{\"Version\":\"");
    text_add(out, obk_prefix_long(d->hal.chip.name));
    text_add(out, "_" DEVICE_VERSION "\",\"BuildDateTime\":\"" DEVICE_BUILD_DATE
                  "\",\"Boot\":7,\"Core\":\"0.0\",\"SDK\":\"obk\",\"CpuFrequency\":80");
    text_member(out, ",\"Hardware\":", d->hal.chip.name);
    text_add(out, ",\"CR\":\"465/699\"}");
}

static void memory(struct device *d, struct text *out) {
    (void)d;
    text_add(out,
             "\"StatusMEM\":{\"ProgramSize\":616,\"Free\":384,\"Heap\":25,"
             "\"ProgramFlashSize\":1024,\"FlashSize\":2048,\"FlashChipId\":\"1540A1\","
             "\"FlashFrequency\":40,\"FlashMode\":3,\"Features\":[\"00000809\",\"8F9AC787\","
             "\"04368001\",\"000000CF\",\"010013C0\",\"C000F981\",\"00004004\",\"00001000\","
             "\"00000020\"],\"Drivers\":\"1,2,3,4,5,6,7,8,9,10,12\",\"Sensors\":\"1,2,3,4,5,6\"}");
}

static void network(struct device *d, struct text *out) {
    text_member(out, "\"StatusNET\":{\"Hostname\":", d->config.short_name);
    text_add(out, ",\"IPAddress\":\"");
    tasmota_address(out, d->hal.wifi_address ? d->hal.wifi_address(d->hal.context) : 0);
    text_add(out, "\",\"Gateway\":\"192.168.0.1\",\"Subnetmask\":\"255.255.255.0\","
                  "\"DNSServer1\":\"192.168.0.1\",\"DNSServer2\":\"0.0.0.0\",\"Mac\":\"");
    tasmota_mac(d, out, true);
    text_add(out, "\",\"Webserver\":2,\"HTTP_API\":1,\"WifiConfig\":4,\"WifiPower\":17.0}");
}

static void mqtt(struct device *d, struct text *out) {
    text_member(out, "\"StatusMQT\":{\"MqttHost\":", d->config.mqtt_host);
    text_add(out, ",\"MqttPort\":");
    text_int(out, d->config.mqtt_port);
    text_member(out, ",\"MqttClientMask\":", "core");
    text_member(out, ",\"MqttClient\":", d->config.mqtt_client_id);
    text_member(out, ",\"MqttUser\":", d->config.mqtt_user);
    text_add(out,
             ",\"MqttCount\":23,\"MAX_PACKET_SIZE\":1200,\"KEEPALIVE\":30,\"SOCKET_TIMEOUT\":4}");
}

static void hour_minute(struct text *out, int32_t seconds, const char *missing) {
    if (seconds < 0) {
        text_add(out, missing);
        return;
    }
    int32_t minutes = seconds / 60;
    text_char(out, (char)('0' + minutes / 600));
    text_char(out, (char)('0' + minutes / 60 % 10));
    text_char(out, ':');
    text_char(out, (char)('0' + minutes % 60 / 10));
    text_char(out, (char)('0' + minutes % 10));
}

static void times(struct device *d, struct text *out) {
    int32_t offset = clock_offset(d);
    text_add(out, "\"StatusTIM\":{\"UTC\":\"");
    tasmota_time(d, out, true);
    text_add(out, "\",\"Local\":\"");
    tasmota_time(d, out, false);
    text_add(out, "\",\"StartDST\":\"2022-03-27T02:00:00\",\"EndDST\":\"2022-10-30T03:00:00\","
                  "\"Timezone\":\"");
    text_char(out, offset < 0 ? '-' : '+');
    hour_minute(out, offset < 0 ? -offset : offset, "00:00");
    text_add(out, "\",\"Sunrise\":\"");
    hour_minute(out, d->clock_set ? clock_sun(d, true) : -1, "07:50");
    text_add(out, "\",\"Sunset\":\"");
    hour_minute(out, d->clock_set ? clock_sun(d, false) : -1, "17:17");
    text_add(out, "\"}");
}

static void sensors(struct device *d, struct text *out) {
    text_add(out, "\"StatusSNS\":");
    tasmota_sensor(d, out);
}

static void states(struct device *d, struct text *out) {
    text_add(out, "\"StatusSTS\":");
    tasmota_state(d, out);
}

static const struct {
    int number;
    void (*print)(struct device *d, struct text *out);
} sections[] = {
    {2, firmware}, {4, memory},  {5, network},  {6, mqtt},
    {7, times},    {8, sensors}, {10, sensors}, {11, states},
};

bool tasmota_section(struct device *d, int section, struct text *out) {
    for (unsigned i = 0; i < sizeof sections / sizeof *sections; i++) {
        if (sections[i].number != section)
            continue;
        text_char(out, '{');
        sections[i].print(d, out);
        text_char(out, '}');
        return true;
    }
    return false;
}

static void friendly(struct device *d, struct text *out) {
    unsigned relays = 0;
    uint64_t channels = channels_relays(d);
    text_add(out, ",\"FriendlyName\":[");
    for (int i = 0; i < CHANNEL_COUNT; i++) {
        if (!(channels >> i & 1))
            continue;
        text_add(out, relays++ ? ",\"" : "\"");
        text_escape(out, d->config.short_name, strlen(d->config.short_name));
        text_char(out, '_');
        text_int(out, i);
        text_char(out, '"');
    }
    if (!relays)
        text_json(out, d->config.long_name);
    text_char(out, ']');
}

static uint64_t power_bits(struct device *d) {
    uint64_t bits = 0, channels = channels_power(d);
    unsigned relays = 0;
    if (light_active(d))
        return d->light.on;
    for (int i = 0; i < CHANNEL_COUNT; i++)
        if (channels >> i & 1)
            bits |= (uint64_t)(channel_get(d, i) > 0) << relays++;
    return relays ? bits : 1;
}

static void head(struct device *d, struct text *out) {
    text_add(out, "{\"Status\":{\"Module\":0");
    text_member(out, ",\"DeviceName\":", d->config.short_name);
    friendly(d, out);
    text_member(out, ",\"Topic\":", d->config.mqtt_client_id);
    text_add(out, ",\"ButtonTopic\":\"0\",\"Power\":");
    text_uint(out, power_bits(d));
    text_add(out, ",\"PowerOnState\":3,\"LedState\":1,\"LedMask\":\"FFFF\",\"SaveData\":1,"
                  "\"SaveState\":1,\"SwitchTopic\":\"0\",\"SwitchMode\":[0,0,0,0,0,0,0,0],"
                  "\"ButtonRetain\":0,\"SwitchRetain\":0,\"SensorRetain\":0,\"PowerRetain\":0,"
                  "\"InfoRetain\":0,\"StateRetain\":0}");
}

static void parameters(struct device *d, struct text *out) {
    text_add(out, ",\"StatusPRM\":{\"Baudrate\":115200,\"SerialConfig\":\"8N1\"");
    text_member(out, ",\"GroupTopic\":", d->config.group_name);
    text_member(out, ",\"OtaUrl\":", "https://github.com/openshwprojects/OpenBK7231T_App/releases");
    text_member(out, ",\"RestartReason\":", device_cause_text(d->cause));
    text_add(out, ",\"Uptime\":");
    text_uint(out, d->uptime_s);
    text_add(out, ",\"StartupUTC\":\"");
    tasmota_time(d, out, false);
    text_add(out, "\",\"Sleep\":50,\"CfgHolder\":4617,\"BootCount\":");
    text_uint(out, d->boots.started);
    text_add(out, ",\"BCResetTime\":\"2022-01-27T16:10:56\",\"SaveCount\":");
    text_uint(out, d->config.change_counter);
    text_add(out, ",\"SaveAddress\":\"F9000\"}");
}

static void logging(struct device *d, struct text *out) {
    text_add(out, "\"StatusLOG\":{\"SerialLog\":2,\"WebLog\":2,\"MqttLog\":0,\"SysLog\":0,"
                  "\"LogHost\":\"\",\"LogPort\":514");
    text_member(out, ",\"SSId1\":", d->config.wifi_ssid);
    text_member(out, ",\"SSId2\":", d->config.wifi_ssid2);
    text_add(out, ",\"TelePeriod\":300,\"Resolution\":\"558180C0\",\"SetOption\":[\"000A8009\","
                  "\"2805C80001000600003C5A0A192800000000\",\"00000080\",\"00006000\","
                  "\"00004000\"]}");
}

bool tasmota_status(struct device *d, unsigned step, struct text *out) {
    static void (*const middle[FULL_STEPS][3])(struct device *, struct text *) = {
        {head, parameters, NULL}, {firmware, logging, NULL}, {memory, network, NULL},
        {mqtt, times, NULL},      {sensors, states, NULL},
    };
    if (step >= FULL_STEPS)
        return false;
    for (unsigned i = 0; middle[step][i]; i++) {
        text_add(out, step ? "," : "");
        middle[step][i](d, out);
    }
    text_add(out, step == FULL_STEPS - 1 ? "}" : "");
    return step < FULL_STEPS - 1;
}
