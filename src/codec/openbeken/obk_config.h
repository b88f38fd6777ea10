/* The configuration block of OpenBeken ("CFG"): decode and encode for every version and pin-table
 * group, with either form of its CRC-8. The block is a C struct image; fields move by group.
 * Source: openshwprojects/OpenBK7231T_App: src/new_cfg.c, src/new_pins.h, src/tiny_crc8.c. */
#ifndef CODEC_OPENBEKEN_OBK_CONFIG_H
#define CODEC_OPENBEKEN_OBK_CONFIG_H
#include "base/status.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OBK_CONFIG_SIZE     3584 /* version 4 and later */
#define OBK_CONFIG_SIZE_OLD 2016 /* version 3 and earlier */
#define OBK_PINS_MAX        64
#define OBK_CHANNELS        64
#define OBK_STARTUP_SIZE    1568

/* Which chips share a pin table: D is the default (Beken T/N/U/7238, BL602, LN882H, …), A has 48
 * pins (W800, BK7252…), B 50 (ESP32), C 64 (RTL8720D…). */
enum obk_group { OBK_GROUP_D, OBK_GROUP_A, OBK_GROUP_B, OBK_GROUP_C };

/* The CRC-8 is computed on plain char; its result depends on the signedness of the compiler. */
enum obk_crc { OBK_CRC_SIGNED, OBK_CRC_UNSIGNED };
uint8_t obk_crc8(enum obk_crc kind, const uint8_t *data, size_t size);

/* A chip by OpenBeken's name: its group, CRC, number of GPIOs and where the block lies. */
struct obk_chip {
    const char *name;
    enum obk_group group;
    enum obk_crc crc;
    uint8_t pins;
    uint32_t config_offset; /* 0: inside a key-value store */
};
const struct obk_chip *obk_chip_find(const char *name);

struct obk_pin {
    uint8_t role, channel, channel2;
};

/* All fields as C values; texts are NUL-terminated. */
struct obk_config {
    int32_t version;
    enum obk_group group;
    enum obk_crc crc; /* decode: which variant matched */
    uint32_t flags, flags2;
    uint16_t change_counter, ota_counter;
    char wifi_ssid[65], wifi_pass[65], wifi_ssid2[65], wifi_pass2[69];
    char mqtt_host[257], mqtt_client_id[65], mqtt_user[65], mqtt_pass[129], mqtt_group[65];
    int32_t mqtt_port;
    char webapp_root[65];
    uint8_t mac[6];
    char short_name[33], long_name[65];
    struct obk_pin pins[OBK_PINS_MAX];
    uint8_t pin_count; /* entries the group has */
    uint8_t channel_types[OBK_CHANNELS];
    int16_t start_values[OBK_CHANNELS];
    uint8_t log2lfs;
    uint32_t group_send_flags, group_receive_flags;
    char group_name[17], ntp_server[33];
    uint8_t calibration[8][4]; /* voltage, current, power, max power, clock, KU, KIA, KIB */
    uint8_t button_short, button_long, button_repeat; /* 0.1 s */
    uint32_t lfs_size, logger_flags;
    uint8_t static_ip[16]; /* address, mask, gateway, DNS */
    uint8_t led_map[5];
    uint8_t led_correction[24]; /* six floats */
    uint8_t boot_ok_seconds;
    int32_t ping_interval, ping_seconds;
    char ping_host[65];
    char startup[OBK_STARTUP_SIZE + 1];
    char web_password[34];
    char view_password[34]; /* ours, not in the block: may look, not change */
    uint8_t update_key[32]; /* ours: updates must be signed for it unless it is zero */
    bool mqtt_use_tls, mqtt_verify_tls, disable_web;
    char mqtt_cert[21];
    uint8_t ha_form; /* enum in device/service/mqtt/mqtt.h */
    char ha_prefix[32], ntp_server2[33];
};

/* Decodes a block. BAD_MAGIC without "CFG", BAD_VALUE for a version above 100 or below 1,
 * BAD_CHECKSUM when neither CRC matches, TRUNCATED when shorter than its version needs. */
enum status obk_config_decode(const uint8_t *data, size_t size, enum obk_group group,
                              struct obk_config *out, struct fault *fault);
/* Would it decode? */
enum status obk_config_check(const uint8_t *data, size_t size, struct fault *fault);
/* Encodes OBK_CONFIG_SIZE bytes (always the current layout, version 5). Returns 0 when `size` is
 * smaller. */
size_t obk_config_encode(const struct obk_config *config, uint8_t *buffer, size_t size);
/* "OpenBK7231N", "obk": what names of devices with this chip begin with. */
const char *obk_prefix_long(const char *chip);
const char *obk_prefix_short(const char *chip);
/* Defaults of a fresh device with this MAC. */
void obk_config_defaults(struct obk_config *config, const struct obk_chip *chip,
                         const uint8_t mac[6]);
#endif
