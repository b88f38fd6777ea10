/* Inspections of images that no stock dump covers: OpenBeken's configuration, update files, pieces
 * of code in odd places. The images are built here with the project's own encoders. */
#include "base/crc.h"
#include "codec/beken/cipher.h"
#include "codec/openbeken/roles.h"
#include "workbench/host/crypto.h"
#include "workbench/inspector/inspection.h"
#include "workbench/templates/of_inspection.h"

#include "check.h"

#include <stdlib.h>
#include <zlib.h>

enum { FLASH = 2 << 20, CODE = 0x8000, CFG_AT = 0x1D1000, RF_AT = 0x1D0000 };

static uint8_t flash[FLASH];

/* Code that begins with vectors and holds zeros and a name, as real code does. */
static void fill_code(uint8_t *code, const char *name) {
    static const uint8_t branch[] = {0x0E, 0x00, 0x00, 0xEA}, vector[] = {0x14, 0xF0, 0x9F, 0xE5};
    for (size_t i = 0; i < CODE; i++)
        code[i] = i % 3 ? (uint8_t)(i * 7) : 0;
    memcpy(code, branch, 4);
    for (size_t i = 4; i < 32; i += 4)
        memcpy(code + i, vector, 4);
    memcpy(code + 0x1000, name, strlen(name) + 1);
}

static void put_code(uint8_t *to, const char *name, const struct beken_key *key, uint32_t logical) {
    static uint8_t code[CODE];
    fill_code(code, name);
    beken_crypt(key, logical, code, CODE);
    beken_stripe(code, CODE, to);
}

static void put_app(uint8_t *to, const char *name, const struct beken_key *key) {
    put_code(to, name, key, BEKEN_APP_LOGICAL);
}

static void start_flash(const struct beken_key *key) {
    static const uint8_t mac[6] = {0x38, 0x1F, 0x8D, 1, 2, 3};
    memset(flash, 0xFF, FLASH);
    put_code(flash, "a bootloader", key, 0);
    put_app(flash + BEKEN_APP_OFFSET, "OpenBK7231N_1.17.800", key);
    rf_encode(mac, flash + RF_AT);
}

static void openbeken_configuration_is_read_with_its_pins(void **state) {
    (void)state;
    static struct obk_config config;
    static const uint8_t mac[6] = {0x38, 0x1F, 0x8D, 1, 2, 3};
    start_flash(&beken_known_keys[0].key);
    obk_config_defaults(&config, obk_chip_find("BK7231N"), mac);
    config.pins[26].role = OBK_ROLE_RELAY;
    config.pins[26].channel = 1;
    config.pins[10].role = OBK_ROLE_BUTTON;
    config.pins[10].channel = 1;
    config.pins[10].channel2 = 3;
    config.flags = 1u << 10;
    (void)snprintf(config.startup, sizeof config.startup, "backlog startDriver NTP");
    (void)snprintf(config.wifi_pass, sizeof config.wifi_pass, "hunter22");
    assert_int_equal(obk_config_encode(&config, flash + CFG_AT, FLASH - CFG_AT), OBK_CONFIG_SIZE);
    struct inspection *in = inspection_make(flash, FLASH);
    assert_non_null(in);
    assert_true(in->openbeken_found);
    assert_int_equal(in->device, DEVICE_OPENBEKEN);
    assert_string_equal(in->survey.program.name, "OpenBK7231N");
    assert_string_equal(in->survey.program.version, "1.17.800");
    assert_string_equal(in->chip, "BK7231N");
    assert_int_equal(in->uses.count, 2);
    assert_int_equal(in->uses.use[1].gpio, 26);
    bool password = false;
    for (int i = 0; i < in->secret_count; i++)
        password |= in->secret[i].kind == SECRET_WIFI_PASSWORD && in->secret[i].length == 8;
    assert_true(password);
    inspection_free(in);
}

static void check_template(const struct inspection *in, enum template_kind kind,
                           const char *const *parts) {
    static char buffer[TEMPLATE_TEXT_SIZE];
    static struct template_output out;
    template_start(&out, buffer, sizeof buffer);
    assert_int_equal(template_of_inspection(kind, in, &out), STATUS_OK);
    for (; *parts; parts++)
        if (!strstr(buffer, *parts))
            fail_msg("no %s in %s", *parts, buffer);
}

static void openbeken_configuration_becomes_templates(void **state) {
    static const char *const obk[] = {"\"26\": \"Rel;1\"", "\"10\": \"Btn;1;3\"",
                                      "\"flags\": \"1024\"", "backlog startDriver NTP", NULL};
    static const char *const esphome[] = {"bk7231n", "P26", "P10", NULL};
    openbeken_configuration_is_read_with_its_pins(state);
    struct inspection *in = inspection_make(flash, FLASH);
    assert_non_null(in);
    check_template(in, TEMPLATE_OBK, obk);
    check_template(in, TEMPLATE_ESPHOME, esphome);
    inspection_free(in);
}

static void configuration_and_counters_in_easyflash_are_read(void **state) {
    (void)state;
    enum { AREA = 0x1E5000, AREA_SIZE = 0x8000 };
    static struct obk_config config;
    static uint8_t block[OBK_CONFIG_SIZE], vars[64];
    const struct easyflash_layout *layout = &easyflash_layouts[0];
    start_flash(&beken_known_keys[0].key);
    config.version = 5;
    config.pins[8].role = OBK_ROLE_RELAY;
    obk_config_encode(&config, block, sizeof block);
    store_le16(vars, 12);
    store_le16(vars + 2, 11);
    store_le32(vars + 28, 0x44FA0000); /* 2000.0 */
    easyflash_format(flash + AREA, AREA_SIZE, layout);
    assert_true(easyflash_put(flash + AREA, AREA_SIZE, layout, "ObkCfg", block, sizeof block));
    assert_true(easyflash_put(flash + AREA, AREA_SIZE, layout, "OBK_FV", vars, sizeof vars));
    struct inspection *in = inspection_make(flash, FLASH);
    assert_non_null(in);
    assert_true(in->openbeken_found && in->openbeken_in_easyflash);
    assert_int_equal(in->openbeken.pins[8].role, OBK_ROLE_RELAY);
    assert_true(in->counters_found);
    assert_int_equal(in->counters.boots, 12);
    assert_float_equal(in->counters.total_wh, 2000, 0.01);
    inspection_free(in);
}

static void unencrypted_application_is_recognised(void **state) {
    (void)state;
    start_flash(&beken_known_keys[1].key);
    struct inspection *in = inspection_make(flash, FLASH);
    assert_non_null(in);
    assert_string_equal(in->survey.app.key->name, "none");
    assert_int_equal(in->health, HEALTH_GOOD);
    inspection_free(in);
}

static void an_erased_bootloader_is_damage(void **state) {
    (void)state;
    start_flash(&beken_known_keys[0].key);
    memset(flash, 0xFF, BEKEN_APP_OFFSET);
    struct inspection *in = inspection_make(flash, FLASH);
    assert_non_null(in);
    assert_int_equal(in->health, HEALTH_DAMAGED);
    assert_true(in->survey.bad[0].bootloader);
    assert_int_equal(in->survey.bad[0].size, BEKEN_APP_OFFSET);
    inspection_free(in);
}

static void header_of_another_tool_is_seen_through(void **state) {
    (void)state;
    static uint8_t wrapped[FLASH + 100];
    start_flash(&beken_known_keys[0].key);
    memset(wrapped, 0x5C, 100);
    memcpy(wrapped + 100, flash, FLASH);
    struct inspection *in = inspection_make(wrapped, sizeof wrapped);
    assert_non_null(in);
    assert_int_equal(in->survey.origin, -100);
    assert_true(in->survey.rf_found);
    assert_int_equal(in->survey.rf_offset, RF_AT + 100);
    inspection_free(in);
}

static void bytes_unlike_a_good_bootloader_are_named(void **state) {
    (void)state;
    static uint8_t good_flash[FLASH];
    start_flash(&beken_known_keys[0].key);
    memcpy(good_flash, flash, FLASH);
    struct inspection *good = inspection_make(good_flash, FLASH);
    memset(flash + 0x40, 0xA5, 16);
    flash[0x3000] ^= 1;
    struct inspection *in = inspection_make(flash, FLASH);
    assert_true(good && in);
    assert_non_null(inspection_compare_boot(in, good)); /* nothing proves the good one */
    good->survey.bootloader_proved = true;
    assert_null(inspection_compare_boot(in, good));
    assert_int_equal(in->difference_count, 2);
    assert_ptr_equal(in->difference[0].data, flash + 0x40);
    assert_int_equal(in->difference[0].size, 16);
    assert_ptr_equal(in->difference[1].data, flash + 0x3000);
    assert_int_equal(in->difference[1].size, 1);
    inspection_free(in);
    inspection_free(good);
}

static void one_flipped_bit_is_found_where_it_is(void **state) {
    (void)state;
    start_flash(&beken_known_keys[0].key);
    size_t at = BEKEN_APP_OFFSET + 100 * BEKEN_PHYSICAL_BLOCK;
    flash[at + 5] ^= 0x10;
    struct inspection *in = inspection_make(flash, FLASH);
    assert_non_null(in);
    assert_int_equal(in->health, HEALTH_DAMAGED);
    assert_int_equal(in->survey.bad_count, 1);
    assert_int_equal(in->survey.bad[0].offset, at);
    assert_int_equal(in->survey.bad[0].blocks, 1);
    assert_false(in->survey.bad[0].bootloader);
    inspection_free(in);
}

/* An update as OpenBeken releases it: gzip, then AES-256-CBC. */
static size_t build_update(uint8_t *out, size_t room) {
    static uint8_t code[CODE];
    fill_code(code, "OpenBK7231T_1.2.3");
    z_stream z = {.next_in = code,
                  .avail_in = CODE,
                  .next_out = out + RBL_HEADER_SIZE,
                  .avail_out = (uInt)(room - RBL_HEADER_SIZE - 16)};
    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    size_t size = z.total_out, padding = 16 - size % 16;
    deflateEnd(&z);
    uint8_t *package = out + RBL_HEADER_SIZE;
    memset(package + size, (int)padding, padding);
    size += padding;
    aes256_cbc_encrypt((const uint8_t *)rbl_default_key, (const uint8_t *)rbl_default_iv, package,
                       package, size);
    struct rbl_header rbl = {.encryption = RBL_AES256,
                             .compression = RBL_GZIP,
                             .name = "app",
                             .version = "1.00",
                             .package_crc = crc32_update(0, package, size),
                             .raw_hash = fnv1a_update(FNV1A_START, code, CODE),
                             .raw_size = CODE,
                             .package_size = (uint32_t)size};
    rbl_encode(&rbl, out);
    return RBL_HEADER_SIZE + size;
}

static void update_file_is_unpacked_and_proved(void **state) {
    (void)state;
    static uint8_t file[2 * CODE];
    size_t size = build_update(file, sizeof file);
    struct inspection *in = inspection_make(file, size);
    assert_non_null(in);
    assert_int_equal(in->survey.kind, IMAGE_RBL);
    assert_int_equal(in->survey.update.package, CHECK_GOOD);
    assert_int_equal(in->survey.update.unpacked, CHECK_GOOD);
    assert_string_equal(in->survey.update.app, "OpenBK7231T");
    assert_string_equal(in->chip, "BK7231T");
    inspection_free(in);
    file[size - 20] ^= 1;
    in = inspection_make(file, size);
    assert_non_null(in);
    assert_int_equal(in->health, HEALTH_DAMAGED);
    inspection_free(in);
}

/* The bootloader installs an update and copies its header as it is: the header then describes the
 * package, and only its hash says something about the code in the slot. */
static void an_installed_update_is_proved_by_its_hash(void **state) {
    (void)state;
    static uint8_t file[2 * CODE];
    struct rbl_header rbl;
    const struct beken_key *key = &beken_known_keys[0].key;
    size_t size = build_update(file, sizeof file);
    assert_int_equal(rbl_decode(file, size, &rbl, NULL), STATUS_OK);
    start_flash(key);
    put_app(flash + BEKEN_APP_OFFSET, "OpenBK7231T_1.2.3", key);
    rbl_encode_installed(&rbl, flash + 0x129F70 - RBL_INSTALLED_SIZE);
    memcpy(flash + 0x132000, file, size);
    struct inspection *in = inspection_make(flash, FLASH);
    assert_non_null(in);
    assert_true(in->survey.app.rbl_found);
    assert_int_equal(in->survey.app.payload, CHECK_GOOD);
    assert_int_equal(in->survey.update.unpacked, CHECK_GOOD);
    assert_int_equal(in->survey.update.installed, CHECK_GOOD);
    inspection_free(in);
    put_app(flash + BEKEN_APP_OFFSET, "OpenBK7231T_1.2.4", key);
    in = inspection_make(flash, FLASH);
    assert_non_null(in);
    assert_int_equal(in->survey.app.payload, CHECK_BAD);
    assert_int_equal(in->survey.update.installed, CHECK_BAD);
    inspection_free(in);
}

/* A file that begins at flash address `first` and wraps at the end of the flash. */
static struct inspection *inspect_wrapped(size_t first) {
    static uint8_t wrapped[FLASH];
    memcpy(wrapped, flash + first, FLASH - first);
    memcpy(wrapped + FLASH - first, flash, first);
    return inspection_make(wrapped, FLASH);
}

static void a_wrapped_dump_is_turned(void **state) {
    (void)state;
    static const size_t firsts[] = {BEKEN_APP_OFFSET, 0x14000, 0x100000, 0x1F0000};
    for (int i = 0; i < 4; i++) {
        start_flash(&beken_known_keys[0].key);
        struct inspection *in = inspect_wrapped(firsts[i]);
        assert_non_null(in);
        assert_int_equal(in->health, HEALTH_GOOD);
        assert_true(in->survey.boot.found && in->survey.app.found && in->survey.rf_found);
        int64_t begins = in->turned_by ? in->turned_by : in->survey.origin;
        assert_int_equal(begins, firsts[i]);
        assert_int_equal(in->survey.app.blocks.good, CODE / 32);
        inspection_free(in);
    }
}

static void a_dump_read_twice_over_is_one_dump(void **state) {
    (void)state;
    static uint8_t twice[2 * FLASH];
    start_flash(&beken_known_keys[0].key);
    memcpy(twice, flash, FLASH);
    memcpy(twice + FLASH, flash, FLASH);
    struct inspection *in = inspection_make(twice, sizeof twice);
    assert_non_null(in);
    assert_true(in->survey.doubled);
    assert_int_equal(in->size, FLASH);
    assert_int_equal(in->file_size, 2 * FLASH);
    inspection_free(in);
}

/* Code as compilers make it: functions that begin and end, texts, and words that point to them. */
static void put_program(const struct beken_key *key, size_t size) {
    static uint8_t code[0x100000];
    assert_true(size <= sizeof code);
    for (size_t i = 0; i < size; i++)
        code[i] = (uint8_t)(i * 31 + (i >> 7));
    for (size_t i = 0; i + 128 <= size; i += 128) {
        store_le16(code + i, 0xB510);
        store_le16(code + i + 60, 0xBD10);
        store_le32(code + i + 64, BEKEN_APP_LOGICAL + (uint32_t)i + 100);
        memcpy(code + i + 99, "\0a text\0", 9);
    }
    beken_crypt(key, BEKEN_APP_LOGICAL, code, size);
    beken_stripe(code, size, flash + BEKEN_APP_OFFSET);
}

static void a_piece_finds_its_place(void **state) {
    (void)state;
    for (int k = 0; k < 2; k++)
        for (size_t from = 0x20000; from <= 0x80000; from += 0x31000) {
            start_flash(&beken_known_keys[k].key);
            put_program(&beken_known_keys[k].key, 0x100000);
            struct inspection *in = inspection_make(flash + from, 0x40000);
            assert_non_null(in);
            assert_int_equal(in->survey.origin, from);
            assert_int_equal(in->survey.kind, IMAGE_PIECE);
            assert_int_equal(in->health, HEALTH_GOOD);
            inspection_free(in);
        }
}

static void coefficients_of_no_table_are_recovered(void **state) {
    (void)state;
    static const struct beken_key key = {{0x0BADCAFE, 0x12345678, 0x0F0F0F0F, 0x7700094A}};
    start_flash(&key);
    struct inspection *in = inspection_make(flash, FLASH);
    assert_non_null(in);
    assert_non_null(in->survey.app.key);
    assert_string_equal(in->survey.app.key->name, "recovered");
    assert_false(in->survey.key_literal);
    assert_string_equal(in->survey.program.name, "OpenBK7231N");
    inspection_free(in);
}

static void pasted_configuration_becomes_a_device(void **state) {
    (void)state;
    static const char text[] = "my plug: {rl1_pin:26,rl1_lv:1,bt1_pin:10,bt1_lv:0,module:CB2S}\n";
    struct inspection *in = inspection_make((const uint8_t *)text, sizeof text - 1);
    assert_non_null(in);
    assert_int_equal(in->device, DEVICE_PINS);
    assert_string_equal(in->module_name, "CB2S");
    assert_int_equal(in->health, HEALTH_UNCHECKED);
    inspection_free(in);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(openbeken_configuration_is_read_with_its_pins),
        cmocka_unit_test(openbeken_configuration_becomes_templates),
        cmocka_unit_test(configuration_and_counters_in_easyflash_are_read),
        cmocka_unit_test(unencrypted_application_is_recognised),
        cmocka_unit_test(an_erased_bootloader_is_damage),
        cmocka_unit_test(header_of_another_tool_is_seen_through),
        cmocka_unit_test(bytes_unlike_a_good_bootloader_are_named),
        cmocka_unit_test(one_flipped_bit_is_found_where_it_is),
        cmocka_unit_test(update_file_is_unpacked_and_proved),
        cmocka_unit_test(an_installed_update_is_proved_by_its_hash),
        cmocka_unit_test(a_wrapped_dump_is_turned),
        cmocka_unit_test(a_dump_read_twice_over_is_one_dump),
        cmocka_unit_test(a_piece_finds_its_place),
        cmocka_unit_test(coefficients_of_no_table_are_recovered),
        cmocka_unit_test(pasted_configuration_becomes_a_device),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
