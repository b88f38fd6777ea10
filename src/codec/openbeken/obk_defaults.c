/* What a fresh device has: names from its MAC, flag 10, the usual times.
 * Source: openshwprojects/OpenBK7231T_App: src/new_cfg.c. */
#include "base/text.h"
#include "codec/openbeken/flags.h"
#include "codec/openbeken/obk_config.h"
#include <string.h>

struct naming {
    const char *chip, *long_prefix, *short_prefix, *group;
};
static const struct naming namings[] = {
    {"BK7231T", "OpenBK7231T", "obk", "bekens_t"}, {"BK7231N", "OpenBK7231N", "obk", "bekens_n"},
    {"BK7231U", "OpenBK7231U", "obk", "bekens_u"}, {"BK7238", "OpenBK7238", "obk", "bekens_8s"},
    {"BL602", "OpenBL602", "obl", "bl602s"},       {"LN882H", "OpenLN882H", "ln882h", "ln882h"},
    {"W600", "OpenW600", "w600", "w600s"},         {"W800", "OpenW800", "w800", "w800s"},
};

static struct naming naming_of(const char *chip) {
    for (size_t i = 0; i < sizeof namings / sizeof *namings; i++)
        if (strcmp(namings[i].chip, chip) == 0)
            return namings[i];
    return (struct naming){chip, "OpenBK", "obk", "obks"};
}

const char *obk_prefix_long(const char *chip) {
    return naming_of(chip).long_prefix;
}

const char *obk_prefix_short(const char *chip) {
    return naming_of(chip).short_prefix;
}

static void name_set(char *out, size_t size, const char *prefix, const char *between,
                     const uint8_t mac[6]) {
    struct text text = text_start(out, size);
    text_add(&text, prefix);
    text_add(&text, between);
    for (int i = 2; i < 6; i++)
        text_hex(&text, mac[i], 2);
}

static void copy(char *out, size_t size, const char *string) {
    struct text text = text_start(out, size);
    text_add(&text, string);
}

#define COPY(field, string) copy(config->field, sizeof config->field, string)

void obk_config_defaults(struct obk_config *config, const struct obk_chip *chip,
                         const uint8_t mac[6]) {
    struct naming naming = naming_of(chip->name);
    memset(config, 0, sizeof *config);
    config->version = 5;
    config->group = chip->group;
    config->crc = chip->crc;
    config->flags = OBK_FLAGS_DEFAULT;
    config->mqtt_port = 1883;
    config->button_short = 3;
    config->button_long = 10;
    config->button_repeat = 5;
    config->boot_ok_seconds = 5;
    memcpy(config->mac, mac, 6);
    name_set(config->short_name, sizeof config->short_name, naming.short_prefix, "", mac);
    name_set(config->long_name, sizeof config->long_name, naming.long_prefix, "_", mac);
    COPY(mqtt_client_id, config->short_name);
    COPY(mqtt_user, "homeassistant");
    COPY(mqtt_pass, "qqqqqqqqqq");
    COPY(mqtt_group, naming.group);
    COPY(webapp_root, "https://openbekeniot.github.io/webapp/");
    COPY(ntp_server, "217.147.223.78");
    COPY(ping_host, "192.168.0.1");
    static const uint8_t correction[24] = {0,    0,    0x80, 0x3F, 0,    0,    0x80, 0x3F,
                                           0,    0,    0x80, 0x3F, 0xCD, 0xCC, 0x0C, 0x40,
                                           0xCD, 0xCC, 0xCC, 0x3D, 0xCD, 0xCC, 0xCC, 0x3D};
    memcpy(config->led_correction, correction, sizeof correction);
    static const uint16_t counts[] = {
        [OBK_GROUP_D] = 32, [OBK_GROUP_A] = 48, [OBK_GROUP_B] = 50, [OBK_GROUP_C] = 64};
    config->pin_count = (uint8_t)counts[chip->group];
}
