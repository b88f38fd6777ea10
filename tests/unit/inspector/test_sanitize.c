/* Sanitizing every real dump: checked by its own verification, and by an independent look for the
 * original's secrets in what the copy decrypts to. */
#include "codec/openbeken/obk_config.h"
#include "codec/tuya/psm.h"
#include "codec/tuya/secrets.h"
#include "inspector/dumps.h"
#include "workbench/host/crypto.h"
#include "workbench/inspector/sanitize.h"

#include "check.h"

static struct storage before, after;
static struct sanitize report;

static void absent(const struct span *secret, const char *name) {
    for (int i = 0; i < after.kv.count; i++)
        if (bytes_find(after.kv.sector[i].plain, TUYA_SECTOR, 0, secret->data, secret->size) !=
            SIZE_MAX)
            fail_msg("%s left in the store", name);
    for (int b = 0; b < after.protected_count; b++)
        for (int r = 0; r < after.protected_block[b].record_count; r++)
            if (bytes_find(after.protected_block[b].record[r].value,
                           after.protected_block[b].record[r].length, 0, secret->data,
                           secret->size) != SIZE_MAX)
                fail_msg("%s left in a protected block", name);
}

static void uniform_is_no_secret(const struct span *s, const char *name, const uint8_t *copy,
                                 size_t size) {
    if (s->size < 8 || bytes_all(s->data, s->size, s->data[0]))
        return;
    absent(s, name);
    if (bytes_find(copy, size, 0, s->data, s->size) != SIZE_MAX)
        fail_msg("%s left in plain", name);
}

static void check_one(struct dump *dump) {
    char why[256];
    struct secret_range range[64];
    uint8_t *copy = malloc(dump->size);
    memcpy(copy, dump->data, dump->size);
    assert_true(sanitize_image(copy, dump->size, &report, why, sizeof why));
    if (!sanitize_verify(dump->data, copy, dump->size, &report, why, sizeof why))
        fail_msg("%s: %s", dump->name, why);
    storage_find(dump->data, dump->size, &before);
    storage_find(copy, dump->size, &after);
    assert_int_equal(before.key_count, after.key_count);
    for (int i = 0; i < before.key_count; i++) {
        const struct storage_key *a = &before.key[i], *b = &after.key[i];
        size_t n = secrets_find(a->name, a->value, a->length, range, 64);
        assert_string_equal(a->name, b->name);
        assert_int_equal(a->checksum_ok, b->checksum_ok);
        if (n == 0)
            assert_memory_equal(a->value, b->value, a->length);
        for (size_t k = 0; k < n; k++) {
            struct span secret = {a->value + range[k].offset, range[k].length};
            uniform_is_no_secret(&secret, a->name, copy, dump->size);
        }
    }
    assert_int_equal(after.param.crc_good, before.param.crc_good);
    if (dump->size == 0x200000 && memcmp(dump->data, copy, 0x11000) != 0)
        fail_msg("%s: the bootloader was touched", dump->name);
    storage_free(&before);
    storage_free(&after);
    sanitize_free(&report);
    free(copy);
}

static void no_secret_of_a_real_dump_survives(void **state) {
    (void)state;
    assert_true(dumps_each(check_one) >= 10);
}

/* Verification must notice what it is for. */
/* A flash of another chip: OpenBeken's block as a value, a value of the SDK, and files. */
static void values_of_easyflash_are_blanked_and_stay_whole(void **state) {
    (void)state;
    enum { SIZE = 0x20000, AREA = 0x8000, AREA_SIZE = 0x8000, VOLUME = 0x18000 };
    static uint8_t image[SIZE], copy[SIZE], block[OBK_CONFIG_SIZE];
    static struct obk_config config;
    char why[256];
    const struct easyflash_layout *layout = &easyflash_layouts[0];
    memset(image, 0xFF, SIZE);
    config.version = 5;
    strcpy(config.wifi_ssid, "the neighbours");
    strcpy(config.wifi_pass, "correct horse");
    strcpy(config.mqtt_host, "broker.example");
    strcpy(config.short_name, "plug");
    obk_config_encode(&config, block, sizeof block);
    easyflash_format(image + AREA, AREA_SIZE, layout);
    assert_true(easyflash_put(image + AREA, AREA_SIZE, layout, "ObkCfg", block, sizeof block));
    assert_true(easyflash_put(image + AREA, AREA_SIZE, layout, "wifi_psk", "battery staple", 14));
    assert_true(easyflash_put(image + AREA, AREA_SIZE, layout, "boots", "12", 2));
    memcpy(image + VOLUME + 8, "littlefs", 8);
    store_le32(image + VOLUME + 24, 4096);
    store_le32(image + VOLUME + 28, 4);
    memcpy(image + VOLUME + 0x1000, "mqtt password", 13);
    memcpy(copy, image, SIZE);
    assert_true(sanitize_image(copy, SIZE, &report, why, sizeof why));
    struct easyflash_node node;
    assert_true(easyflash_get(copy + AREA, AREA_SIZE, "boots", &node));
    assert_memory_equal(node.value, "12", 2);
    assert_true(easyflash_get(copy + AREA, AREA_SIZE, "wifi_psk", &node));
    assert_memory_not_equal(node.value, "battery staple", 14);
    assert_true(easyflash_get(copy + AREA, AREA_SIZE, "ObkCfg", &node));
    static struct obk_config read;
    assert_int_equal(obk_config_decode(node.value, node.length, OBK_GROUP_D, &read, NULL),
                     STATUS_OK);
    assert_string_equal(read.wifi_ssid, "");
    assert_string_equal(read.short_name, "plug");
    assert_true(bytes_find(copy, SIZE, 0, "correct horse", 13) == SIZE_MAX);
    assert_true(bytes_find(copy, SIZE, 0, "mqtt password", 13) == SIZE_MAX);
    sanitize_free(&report);
}

static void pairs_of_psm_are_blanked(void **state) {
    (void)state;
    static uint8_t image[0x4000];
    char why[256];
    size_t at = 0;
    memset(image, 0xFF, sizeof image);
    psm_put(image, 0x1000, &at, "ESP.ssid", "the neighbours");
    psm_put(image, 0x1000, &at, "ESP.passwd", "correct horse");
    psm_put(image, 0x1000, &at, "gw_bi", "{}");
    psm_put(image, 0x1000, &at, "device_mod", "{}");
    psm_put(image, 0x1000, &at, "user_param_key", "{rl1_pin:14}");
    for (int encrypted = 0; encrypted < 2; encrypted++) {
        static uint8_t copy[sizeof image], original[sizeof image];
        uint8_t key[16];
        psm_key(0x42, key);
        memcpy(original, image, sizeof image);
        if (encrypted)
            aes128_ecb_encrypt(key, image, original, 0x1000);
        memcpy(copy, original, sizeof copy);
        assert_true(sanitize_image(copy, sizeof copy, &report, why, sizeof why));
        assert_true(sanitize_verify(original, copy, sizeof copy, &report, why, sizeof why));
        if (encrypted)
            aes128_ecb_decrypt(key, copy, copy, 0x1000);
        assert_true(bytes_find(copy, sizeof copy, 0, "correct horse", 13) == SIZE_MAX);
        assert_true(bytes_find(copy, sizeof copy, 0, "rl1_pin:14", 10) != SIZE_MAX);
        sanitize_free(&report);
    }
}

static void a_secret_put_back_is_noticed(void **state) {
    (void)state;
    struct dump dump;
    char why[256];
    assert_true(dump_load("n-plug-bl0937-cb2s", &dump));
    uint8_t *copy = malloc(dump.size);
    memcpy(copy, dump.data, dump.size);
    assert_true(sanitize_image(copy, dump.size, &report, why, sizeof why));
    assert_true(report.secret_count > 0);
    const struct span *secret = &report.secret[report.secret_count - 1];
    for (int i = report.secret_count; secret->size < 8 && i-- > 0;)
        secret = &report.secret[i];
    memcpy(copy + 0x1C0000, secret->data, secret->size);
    assert_false(sanitize_verify(dump.data, copy, dump.size, &report, why, sizeof why));
    memcpy(copy, dump.data, dump.size); /* nothing removed at all */
    assert_false(sanitize_verify(dump.data, copy, dump.size, &report, why, sizeof why));
    sanitize_free(&report);
    free(copy);
    dump_free(&dump);
}

int main(void) {
    const struct CMUnitTest built[] = {
        cmocka_unit_test(values_of_easyflash_are_blanked_and_stay_whole),
        cmocka_unit_test(pairs_of_psm_are_blanked),
    };
    const struct CMUnitTest real[] = {
        cmocka_unit_test(no_secret_of_a_real_dump_survives),
        cmocka_unit_test(a_secret_put_back_is_noticed),
    };
    int failed = cmocka_run_group_tests(built, NULL, NULL);
    return failed ? failed : dumps_present() ? cmocka_run_group_tests(real, NULL, NULL) : 77;
}
