/* The OpenBeken configuration block: both CRC variants, all groups, round trip of every field. */
#include "base/bytes.h"
#include "check.h"
#include "codec/openbeken/channel_types.h"
#include "codec/openbeken/flags.h"
#include "codec/openbeken/obk_config.h"
#include "codec/openbeken/obk_describe.h"
#include "codec/openbeken/roles.h"

static void crc_vectors_hold_for_both_kinds_of_char(void **state) {
    (void)state;
    static const struct {
        const char *bytes;
        size_t size;
        uint8_t plain, dragged;
    } rows[] = {
        {"123456789", 9, 0xA1, 0x63},
        {"\0", 1, 0, 0},
        {"\x80", 1, 0x8C, 0x8C},
        {"\xFF", 1, 0x35, 0xEF},
        {"\0\1\2\3\4\5\6\7\x8\x9\xA\xB\xC\xD\xE\xF", 16, 0x3C, 0x62},
        {"\5\0\0\0", 4, 0x81, 0x4D},
        {"\x43\x46\x47\x80\x81", 5, 0xF8, 0x25},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const uint8_t *data = (const uint8_t *)rows[i].bytes;
        assert_int_equal(obk_crc8(OBK_CRC_UNSIGNED, data, rows[i].size), rows[i].plain);
        assert_int_equal(obk_crc8(OBK_CRC_SIGNED, data, rows[i].size), rows[i].dragged);
    }
}

static struct obk_config sample(const char *chip) {
    struct obk_config config;
    obk_config_defaults(&config, obk_chip_find(chip), (const uint8_t *)"\x02\x03\xAA\xBB\xCC\xDD");
    config.pins[6] = (struct obk_pin){OBK_ROLE_BL0937CF, 0, 0};
    config.pins[28] = (struct obk_pin){OBK_ROLE_BUTTON, 1, 2};
    config.start_values[1] = -1;
    config.channel_types[5] = 17;
    memset(config.wifi_pass, 'p', 64);
    strcpy(config.startup, "backlog startDriver BL0937");
    strcpy(config.wifi_pass2, "second");
    strcpy(config.web_password, "web");
    config.led_map[4] = 4;
    config.static_ip[15] = 9;
    config.disable_web = true;
    return config;
}

static void every_field_survives_a_round_trip_in_every_group(void **state) {
    (void)state;
    static const char *const chips[] = {"BK7231N", "W800", "ESP32", "RTL8720D", "BL602"};
    for (size_t i = 0; i < sizeof chips / sizeof *chips; i++) {
        struct obk_config before = sample(chips[i]), after;
        uint8_t block[OBK_CONFIG_SIZE];
        struct fault fault;
        assert_int_equal(obk_config_encode(&before, block, sizeof block), OBK_CONFIG_SIZE);
        assert_int_equal(obk_config_decode(block, sizeof block, before.group, &after, &fault),
                         STATUS_OK);
        assert_memory_equal(&before, &after, sizeof before);
    }
}

static void fields_lie_where_the_firmware_has_them(void **state) {
    (void)state;
    struct obk_config config = sample("BK7231N");
    uint8_t block[OBK_CONFIG_SIZE];
    obk_config_encode(&config, block, sizeof block);
    assert_string_equal((char *)block + 0x2DE, "obkAABBCCDD");
    assert_string_equal((char *)block + 0x2FE, "OpenBK7231N_AABBCCDD");
    assert_int_equal(block[0x33E + 6], 18);
    assert_int_equal(block[0x35E + 28], 1);
    assert_int_equal(block[0x37E + 28], 2);
    assert_int_equal(block[0x39E + 5], 17);
    assert_int_equal(load_le16(block + 0x3E0), 0xFFFF);
    assert_int_equal(block[0x4B8], 3);
    assert_int_equal(block[0x537 + 4], 4);
    assert_int_equal(block[0x536], 9);
    assert_string_equal((char *)block + 0x5E0, "backlog startDriver BL0937");
    assert_string_equal((char *)block + 0xC40, "second");
    assert_string_equal((char *)block + 0xC84, "web");
    assert_int_equal(block[0xCBB], 1);
    assert_null(memchr(block + 0x54, 0, 64));
}

static void an_old_short_block_is_read(void **state) {
    (void)state;
    struct obk_config config = sample("BK7231T"), read;
    uint8_t block[OBK_CONFIG_SIZE];
    struct fault fault;
    memset(config.startup, 'x', 600);
    obk_config_encode(&config, block, sizeof block);
    store_le32(block + 4, 3);
    block[3] = obk_crc8(OBK_CRC_SIGNED, block + 4, OBK_CONFIG_SIZE_OLD - 4);
    assert_int_equal(obk_config_decode(block, OBK_CONFIG_SIZE_OLD, OBK_GROUP_D, &read, &fault),
                     STATUS_OK);
    assert_int_equal(strlen(read.startup), 512);
    assert_string_equal(read.web_password, "");
    assert_string_equal(read.wifi_ssid2, "");
}

static void damage_is_named(void **state) {
    (void)state;
    struct obk_config config = sample("BK7231N"), read;
    uint8_t block[OBK_CONFIG_SIZE];
    struct fault fault;
    obk_config_encode(&config, block, sizeof block);
    assert_int_equal(obk_config_decode(block, 100, OBK_GROUP_D, &read, &fault), STATUS_TRUNCATED);
    block[900] ^= 1;
    assert_int_equal(obk_config_decode(block, sizeof block, OBK_GROUP_D, &read, &fault),
                     STATUS_BAD_CHECKSUM);
    assert_int_equal(fault.offset, 3);
    block[4] = 101;
    assert_int_equal(obk_config_decode(block, sizeof block, OBK_GROUP_D, &read, &fault),
                     STATUS_BAD_VALUE);
    block[0] = 0xFF;
    assert_int_equal(obk_config_decode(block, sizeof block, OBK_GROUP_D, &read, &fault),
                     STATUS_BAD_MAGIC);
    assert_int_equal(obk_config_encode(&config, block, 100), 0);
}

static void names_are_found_in_every_spelling(void **state) {
    (void)state;
    assert_int_equal(OBK_ROLE_COUNT, 99);
    for (unsigned id = 0; id < OBK_ROLE_COUNT; id++)
        assert_int_equal(obk_role_find(obk_role_name(id)), (int)id);
    assert_int_equal(obk_role_find("button"), OBK_ROLE_BUTTON);
    assert_int_equal(obk_role_find("WiFi_LED_n"), OBK_ROLE_WIFI_LED_N);
    assert_int_equal(obk_role_find("Rel_n "), OBK_ROLE_RELAY_N);
    assert_int_equal(obk_role_find("nonsense"), -1);
    assert_null(obk_role_name(99));
    assert_int_equal(obk_role_row(OBK_ROLE_BUTTON)->channels, 2);
    for (int id = 0; id < CHANNEL_TYPE_COUNT; id++)
        assert_int_equal(channel_type_find(channel_type_row((unsigned)id)->name), id);
    assert_int_equal(channel_type_row(23)->divider, 1000);
    assert_null(obk_flag_text(52));
    assert_non_null(obk_flag_text(51));
}

static void collect(void *context, const char *text) {
    strcat(context, text);
    strcat(context, "\n");
}

static void a_block_is_told_in_words_with_secrets_masked(void **state) {
    (void)state;
    static char said[16384];
    struct obk_config config = sample("BK7231N");
    config.pins[9].role = 200;
    said[0] = '\0';
    obk_config_describe(&config, false, collect, said);
    assert_non_null(strstr(said, "- Short name: obkAABBCCDD\n"));
    assert_non_null(strstr(said, "- Wi-Fi password: (masked)\n"));
    assert_null(strstr(said, "pppp"));
    assert_non_null(strstr(said, "- P6 is BL0937CF\n"));
    assert_non_null(strstr(said, "- P9 is unknown role 200\n"));
    assert_non_null(strstr(said, "- P28 is Btn on channel 1 and 2\n"));
    assert_non_null(strstr(said, "- Channel 1, remembers its last value\n"));
    assert_non_null(strstr(said, "- Channel 5 is of type Voltage_div10\n"));
    assert_non_null(strstr(said, "- Flag 10: publish everything on MQTT connect\n"));
    said[0] = '\0';
    obk_config_describe(&config, true, collect, said);
    assert_non_null(strstr(said, "- Wi-Fi password: pppp"));
    assert_int_equal(obk_config_secrets(&config), 4);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(crc_vectors_hold_for_both_kinds_of_char),
        cmocka_unit_test(every_field_survives_a_round_trip_in_every_group),
        cmocka_unit_test(fields_lie_where_the_firmware_has_them),
        cmocka_unit_test(an_old_short_block_is_read),
        cmocka_unit_test(damage_is_named),
        cmocka_unit_test(names_are_found_in_every_spelling),
        cmocka_unit_test(a_block_is_told_in_words_with_secrets_masked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
