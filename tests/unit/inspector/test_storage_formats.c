/* The formats of Tuya storage, against vectors computed with an independent AES, and around the
 * corners that real dumps do not show. */
#include "codec/openbeken/easyflash.h"
#include "codec/tuya/kv.h"
#include "codec/tuya/protected.h"
#include "codec/tuya/psm.h"
#include "codec/tuya/secrets.h"
#include "codec/tuya/user_files.h"
#include "workbench/host/crypto.h"
#include "workbench/inspector/storage.h"

#include <stdlib.h>

#include "check.h"

static const uint8_t counting[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

static void data_keys_match_their_vectors(void **state) {
    static const struct {
        const char *name;
        uint8_t key[16];
    } rows[] = {
        {"8710_2M",
         {0x80, 0x80, 0x85, 0x85, 0x8D, 0x9E, 0xB0, 0x9C, 0xAD, 0xAF, 0xA1, 0xAD, 0xB8, 0xBD, 0xB3,
          0xA5}},
        {"8721D",
         {0x80, 0x80, 0x86, 0x86, 0x8D, 0x9E, 0xB1, 0x9D, 0xAD, 0xAF, 0xA2, 0xAE, 0xB8, 0xBD, 0xB4,
          0xA6}},
        {"8711AM_4M",
         {0x80, 0x80, 0x85, 0x86, 0x8D, 0x9E, 0xB0, 0x9D, 0xAD, 0xAF, 0xA1, 0xAE, 0xB8, 0xBD, 0xB3,
          0xA6}},
        {"RDA5981_2M",
         {0x9A, 0x8D, 0x95, 0x8A, 0xA7, 0xAB, 0xC0, 0xA1, 0xC7, 0xBC, 0xB1, 0xB2, 0xD2, 0xCA, 0xC3,
          0xAA}},
        {"P2",
         {0x48, 0x49, 0x54, 0x55, 0x55, 0x67, 0x7F, 0x6C, 0x75, 0x78, 0x70, 0x7D, 0x80, 0x86, 0x82,
          0x75}},
        {"P2P2",
         {0x90, 0x91, 0xA6, 0xA7, 0xA6, 0xC9, 0xF8, 0xD1, 0xE2, 0xE7, 0xD6, 0xEF, 0xF4, 0xFF, 0xF6,
          0xDB}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t key[16];
        data_key_derive(data_key_variant_find(rows[i].name), counting, key);
        assert_memory_equal(key, rows[i].key, 16);
    }
    assert_null(data_key_variant_find("none of these"));
}

static void key_block_matches_its_vector(void **state) {
    static const uint8_t stored[48] = {0xD5, 0x41, 0x0D, 0x32, 0xE8, 0x4C, 0xB8, 0xA0, 0x6C, 0x80,
                                       0x4A, 0x5F, 0xBC, 0x9B, 0xFE, 0xB7, 0xBA, 0xA8, 0xE5, 0x3E,
                                       0x5B, 0x1A, 0x92, 0x3D, 0xC6, 0xF7, 0x49, 0x19, 0xA0, 0x09,
                                       0x80, 0x4F, 0x46, 0xDC, 0xED, 0x0E, 0x67, 0x2F, 0x3B, 0x70,
                                       0xAE, 0x12, 0x76, 0xA3, 0xF8, 0x71, 0x2E, 0x03};
    uint8_t plain[TUYA_SECTOR], key[16];
    struct fault fault;
    (void)state;
    assert_int_equal(key_block_encode(counting, plain, sizeof plain), TUYA_SECTOR);
    assert_int_equal(key_block_encode(counting, plain, 100), 0);
    assert_int_equal(key_block_decode(plain, sizeof plain, key, NULL), STATUS_OK);
    assert_memory_equal(key, counting, 16);
    plain[9] ^= 1;
    assert_int_equal(key_block_decode(plain, sizeof plain, key, &fault), STATUS_BAD_CHECKSUM);
    assert_int_equal(fault.offset, 4);
    plain[9] ^= 1;
    aes128_ecb_encrypt(key_block_master, plain, plain, sizeof plain);
    assert_memory_equal(plain, stored, sizeof stored);
    assert_memory_equal(plain + KEY_BLOCK_TAIL_AT, key_block_tail, 16);
}

static void empty_block_matches_its_vector(void **state) {
    static const uint8_t stored[32] = {0x6B, 0x42, 0xF6, 0xE1, 0x01, 0x0A, 0xE9, 0x7C,
                                       0xDE, 0x93, 0x3E, 0x13, 0xC2, 0x9E, 0xE8, 0xCA,
                                       0xFA, 0x31, 0xAD, 0x75, 0xD5, 0xCF, 0xB9, 0x0F,
                                       0xCC, 0x9C, 0x6F, 0x55, 0xEE, 0x8F, 0xA0, 0x77};
    uint8_t plain[TUYA_SECTOR], key[16];
    struct kv_header header = {.magic = KV_MAGIC_CLASSIC, .block = 5, .generation = 2};
    (void)state;
    memset(plain, 0xFF, sizeof plain);
    kv_header_encode(&header, plain);
    assert_int_equal(kv_sector_sum(plain), 0x000FDD1E);
    data_key_derive(data_key_variant_find("8710_2M"), counting, key);
    aes128_ecb_encrypt(key, plain, plain, sizeof plain);
    assert_memory_equal(plain, stored, sizeof stored);
}

static void index_page_matches_its_vector(void **state) {
    static const uint8_t wanted[] = {0x3B, 0x04, 0x00, 0x00, 0x10, 0x00, 0x00, 0x00,
                                     0x01, 0x00, 0x01, 0x01, 0x00, 0x00, 0x10, 0x00,
                                     0x20, 0x09, 0x62, 0x61, 0x75, 0x64, 0x5F, 0x63,
                                     0x66, 0x67, 0x00, 0x01, 0x00, 0x03, 0x03};
    const char value[] = "{\"baud\":115200}";
    struct kv_index index = {.sum = tuya_sum((const uint8_t *)value, sizeof value),
                             .length = sizeof value,
                             .block = 1,
                             .page = 1,
                             .pointer = 0x20001000,
                             .name = "baud_cfg",
                             .part_count = 1,
                             .part = {{1, 3, 3}}};
    struct kv_index back;
    uint8_t page[TUYA_PAGE];
    (void)state;
    assert_true(kv_index_encode(&index, page));
    assert_memory_equal(page, wanted, sizeof wanted);
    assert_int_equal(kv_index_decode(page, 1, 1, &back, NULL), STATUS_OK);
    assert_string_equal(back.name, "baud_cfg");
    assert_int_equal(back.pointer, 0x20001000);
    assert_int_equal(kv_index_decode(page, 2, 1, &back, NULL), STATUS_BAD_VALUE);
    assert_int_equal(kv_index_decode(page, 1, 2, &back, NULL), STATUS_BAD_VALUE);
    page[17] = 0;
    assert_int_equal(kv_index_decode(page, 1, 1, &back, NULL), STATUS_BAD_LENGTH);
    page[17] = 111;
    assert_int_equal(kv_index_decode(page, 1, 1, &back, NULL), STATUS_BAD_LENGTH);
    page[17] = 9;
    page[11] = 200; /* parts beyond the page */
    assert_int_equal(kv_index_decode(page, 1, 1, &back, NULL), STATUS_BAD_LENGTH);
    page[11] = 4; /* counted in bytes */
    assert_int_equal(kv_index_decode(page, 1, 1, &back, NULL), STATUS_OK);
    assert_int_equal(back.part_count, 1);
}

/* Builds three blocks with a value across two of them. */
static uint8_t sectors[4][TUYA_SECTOR];
static uint8_t large[5000];

static void build_three(uint32_t generation) {
    struct kv_builder builder;
    for (size_t i = 0; i < sizeof large; i++)
        large[i] = (uint8_t)(i * 7 + generation);
    kv_build_start(&builder, sectors, 3, KV_MAGIC_OS3, generation);
    assert_true(kv_build_add(&builder, "first", "1", 2));
    assert_true(kv_build_add(&builder, "", "AA", 2));
    assert_true(kv_build_add(&builder, "none", "", 0));
    assert_true(kv_build_add(&builder, "large", large, sizeof large));
    kv_build_finish(&builder);
}

static void built_values_read_back_in_order(void **state) {
    static const char *const names[] = {"first", "", "none", "large"};
    struct kv_store store = {.count = 0};
    struct kv_cursor cursor = {0};
    struct kv_live live;
    uint8_t value[sizeof large + TUYA_PAGE];
    int n = 0;
    (void)state;
    build_three(3);
    for (int i = 2; i >= 0; i--)
        assert_true(kv_store_add(&store, sectors[i], (size_t)i * TUYA_SECTOR));
    kv_store_order(&store);
    assert_int_equal(kv_store_blocks(&store), 3);
    for (; kv_store_next(&store, &cursor, &live); n++) {
        assert_string_equal(live.index.name, names[n]);
        assert_true(kv_value_read(&store, &live.index, live.sector, value, NULL));
    }
    assert_int_equal(n, 4);
    assert_memory_equal(value, large, sizeof large);
}

static void a_full_store_refuses_more(void **state) {
    struct kv_builder builder;
    (void)state;
    kv_build_start(&builder, sectors, 1, KV_MAGIC_CLASSIC, 1);
    assert_false(kv_build_add(&builder, "large", large, sizeof large));
}

static void the_highest_generation_counts_unless_it_is_damaged(void **state) {
    struct kv_store store = {.count = 0};
    struct kv_cursor cursor = {0};
    struct kv_live live;
    uint8_t value[256];
    struct kv_builder builder;
    (void)state;
    static uint8_t old[1][TUYA_SECTOR], new[1][TUYA_SECTOR];
    kv_build_start(&builder, old, 1, KV_MAGIC_CLASSIC, 8);
    kv_build_add(&builder, "name", "old", 4);
    kv_build_add(&builder, "gone", "x", 2);
    kv_build_finish(&builder);
    kv_build_start(&builder, new, 1, KV_MAGIC_CLASSIC, 9);
    kv_build_add(&builder, "name", "new", 4);
    kv_build_finish(&builder);
    kv_store_add(&store, old[0], 0);
    kv_store_add(&store, new[0], 1);
    kv_store_order(&store);
    assert_true(kv_store_next(&store, &cursor, &live));
    assert_true(kv_value_read(&store, &live.index, live.sector, value, NULL));
    assert_string_equal((char *)value, "new");
    assert_false(kv_store_next(&store, &cursor, &live));

    new[0][2 * TUYA_PAGE] ^= 1; /* the value page: the older copy shows again */
    store.count = 0;
    kv_store_add(&store, old[0], 0);
    kv_store_add(&store, new[0], 1);
    kv_store_order(&store);
    cursor = (struct kv_cursor){0};
    assert_true(kv_store_next(&store, &cursor, &live));
    assert_true(live.newest);
    assert_false(kv_value_read(&store, &live.index, live.sector, value, NULL));
    assert_true(kv_store_next(&store, &cursor, &live));
    assert_false(live.newest);
    assert_true(kv_store_next(&store, &cursor, &live));
    assert_string_equal(live.index.name, "gone");
}

static void protected_records_survive_a_round_trip(void **state) {
    uint8_t plain[TUYA_SECTOR];
    struct protected_header header = {.counter = 5}, back;
    struct protected_record record;
    size_t at = 0;
    (void)state;
    memset(plain, 0xFF, sizeof plain);
    assert_true(protected_put(plain + 32, 4064, &at, "gw_bi", "one", 4));
    assert_true(protected_put(plain + 32, 4064, &at, "gw_wsm", "second", 7));
    assert_false(protected_put(plain + 32, 4064, &at, "big", large, sizeof large));
    header.length = (uint32_t)at;
    protected_encode(&header, plain);
    assert_int_equal(protected_decode(plain, sizeof plain, &back, NULL), STATUS_OK);
    assert_int_equal(back.counter, 5);
    at = 0;
    assert_int_equal(protected_next(plain + 32, back.length, &at, &record, NULL), STATUS_OK);
    assert_int_equal(protected_next(plain + 32, back.length, &at, &record, NULL), STATUS_OK);
    assert_string_equal(record.name, "gw_wsm");
    assert_memory_equal(record.value, "second", 7);
    assert_int_equal(protected_next(plain + 32, back.length, &at, &record, NULL), STATUS_NOT_FOUND);
    plain[100] ^= 1;
    assert_int_equal(protected_decode(plain, sizeof plain, &back, NULL), STATUS_BAD_CHECKSUM);
}

static void user_files_stand_where_the_layout_puts_them(void **state) {
    struct user_files files = {.generation = 9, .count = 1}, back;
    uint8_t sector[TUYA_SECTOR];
    (void)state;
    files.file[0] = (struct user_file){.name = "oem_cfg", .size = 335, .block = 3};
    user_files_encode(&files, sector);
    assert_int_equal(user_files_decode(sector, sizeof sector, &back, NULL), STATUS_OK);
    assert_int_equal(back.count, 1);
    assert_string_equal(back.file[0].name, "oem_cfg");
    assert_int_equal(back.file[0].block, 3);
    sector[500] ^= 1;
    assert_int_equal(user_files_decode(sector, sizeof sector, &back, NULL), STATUS_BAD_CHECKSUM);
    assert_int_equal(user_files_block_offset(0x0C, 0x1C000), 0xC000);
    assert_int_equal(user_files_block_offset(0x0C, 0xB000), 0x1D9000 - 0x1E3000);
    assert_int_equal(user_files_block_offset(0x13, 0xB000), 0x12A000 - 0x1E3000);
    assert_int_equal(user_files_text_length((const uint8_t *)"{a:{b:1},}ZZZ", 13), 10);
    assert_int_equal(user_files_text_length((const uint8_t *)"plain\0rest", 10), 5);
}

static void psm_is_found_plain_and_under_its_unknown_key(void **state) {
    uint8_t *image = malloc(0x80000), *store = image + 0x7B000, key[16];
    struct storage *s = malloc(sizeof *s);
    size_t at = 0;
    (void)state;
    memset(image, 0xFF, 0x80000);
    assert_true(psm_put(store, 0x1000, &at, "gw_bi", "{\"uuid\":\"0\"}"));
    assert_true(psm_put(store, 0x1000, &at, "ty_ws_x", "1"));
    assert_true(psm_put(store, 0x1000, &at, "ESP.ssid", "net"));
    for (int encrypted = 0; encrypted < 2; encrypted++) {
        storage_find(image, 0x80000, s);
        assert_true(s->psm.found);
        assert_int_equal(s->psm.offset, 0x7B000);
        assert_int_equal(s->psm.encrypted, encrypted);
        assert_int_equal(s->psm.count, 3);
        assert_string_equal(s->psm.pair[2].key, "ESP.ssid");
        assert_string_equal(s->psm.pair[2].value, "net");
        storage_free(s);
        psm_key(0xA7, key);
        aes128_ecb_encrypt(key, store, store, 0x1000);
    }
    free(s);
    free(image);
}

static void easyflash_keeps_the_newest_value_in_every_layout(void **state) {
    uint8_t *area = malloc(4 * EASYFLASH_SECTOR);
    (void)state;
    for (const struct easyflash_layout *l = easyflash_layouts; l->bits; l++) {
        struct easyflash_node node;
        easyflash_format(area, 4 * EASYFLASH_SECTOR, l);
        assert_ptr_equal(easyflash_recognise(area, EASYFLASH_SECTOR), l);
        for (int i = 0; i < 40; i++) {
            char value[300];
            memset(value, 'a' + i % 26, sizeof value);
            assert_true(
                easyflash_put(area, 4 * EASYFLASH_SECTOR, l, "OBK_FV", value, 100 + (uint32_t)i));
        }
        assert_true(easyflash_put(area, 4 * EASYFLASH_SECTOR, l, "other", "x", 1));
        assert_true(easyflash_get(area, 4 * EASYFLASH_SECTOR, "OBK_FV", &node));
        assert_int_equal(node.length, 139);
        assert_int_equal(node.value[0], 'a' + 39 % 26);
        assert_true(easyflash_get(area, 4 * EASYFLASH_SECTOR, "other", &node));
        area[node.offset + (size_t)l->length_at + 16] ^= 1; /* its name: the CRC notices */
        assert_false(easyflash_get(area, 4 * EASYFLASH_SECTOR, "other", &node));
    }
    free(area);
}

static void secrets_are_found_by_member(void **state) {
    static const char value[] =
        "{\"nc_tp\":9,\"ssid\":\"home\",\"passwd\":\"pass\",\"token\":null,\"stat\":2}";
    struct secret_range range[8];
    (void)state;
    size_t n = secrets_find("gw_wsm", (const uint8_t *)value, sizeof value, range, 8);
    assert_int_equal(n, 2);
    assert_memory_equal(value + range[0].offset, "home", range[0].length);
    assert_int_equal(range[0].kind, SECRET_WIFI_NAME);
    assert_string_equal(range[1].member, "passwd");
    assert_int_equal(secrets_find("user_param_key", (const uint8_t *)"{a:1}", 5, range, 8), 0);
    /* cut short: all of it counts */
    assert_int_equal(secrets_find("gw_wsm", (const uint8_t *)value, 30, range, 8), 1);
    assert_int_equal(range[0].length, 30);
    n = secrets_find("gw_bi", (const uint8_t *)"{\"ap_ssid\":\"SmartLife-12AB\"}", 28, range, 8);
    assert_int_equal(n, 1);
    assert_int_equal(range[0].length, 4);
    n = secrets_find("wf_pt", (const uint8_t *)"{\"ap_item\":[{\"ssid\":\"a\",\"pwsd\":\"b\"}]}",
                     37, range, 8);
    assert_int_equal(n, 2);
    assert_int_equal(secrets_find("tuya_seed", counting, 16, range, 8), 1);
    assert_true(secret_key_known("device_x"));
    assert_false(secret_key_known("baud_cfg"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(data_keys_match_their_vectors),
        cmocka_unit_test(key_block_matches_its_vector),
        cmocka_unit_test(empty_block_matches_its_vector),
        cmocka_unit_test(index_page_matches_its_vector),
        cmocka_unit_test(built_values_read_back_in_order),
        cmocka_unit_test(a_full_store_refuses_more),
        cmocka_unit_test(the_highest_generation_counts_unless_it_is_damaged),
        cmocka_unit_test(protected_records_survive_a_round_trip),
        cmocka_unit_test(user_files_stand_where_the_layout_puts_them),
        cmocka_unit_test(psm_is_found_plain_and_under_its_unknown_key),
        cmocka_unit_test(easyflash_keeps_the_newest_value_in_every_layout),
        cmocka_unit_test(secrets_are_found_by_member),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
