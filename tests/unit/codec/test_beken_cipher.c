/* Keystream, block and CRC vectors of the Beken code format, and exact round trips. */
#include "base/bytes.h"
#include "check.h"
#include "codec/beken/cipher.h"
#include "codec/beken/crc16.h"
#include "codec/beken/key_recover.h"
#include "codec/beken/keys.h"
#include "codec/beken/stripe.h"

#define TUYA (&beken_known_keys[0].key)

static void crc16_tables_follow_the_polynomial(void **state) {
    (void)state;
    for (unsigned i = 0; i < 256; i++) {
        uint16_t value = (uint16_t)(i << 8);
        for (int bit = 0; bit < 8; bit++)
            value = (uint16_t)(value << 1 ^ (value & 0x8000 ? 0x8005 : 0));
        assert_int_equal(beken_crc16_table[0][i], value);
        for (int k = 1; k < 8; k++) {
            uint16_t before = beken_crc16_table[k - 1][i];
            assert_int_equal(beken_crc16_table[k][i],
                             (uint16_t)(before << 8 ^ beken_crc16_table[0][before >> 8]));
        }
    }
}

static void crc16_check_values(void **state) {
    (void)state;
    uint8_t block[32];
    assert_int_equal(beken_crc16((const uint8_t *)"123456789", 9), 0xAEE7);
    memset(block, 0xFF, 32);
    assert_int_equal(beken_crc16(block, 32), 0x000C);
    assert_int_equal(beken_crc16_block(block), 0x000C);
    memset(block, 0, 32);
    assert_int_equal(beken_crc16_block(block), 0x8029);
    for (int i = 0; i < 32; i++)
        block[i] = (uint8_t)i;
    assert_int_equal(beken_crc16_block(block), 0x259D);
}

static void tuya_keystream(void **state) {
    (void)state;
    static const uint32_t vectors[][2] = {
        {0x00000000, 0x7CB50721}, {0x00000004, 0x7CB50F21}, {0x00000008, 0x7CB51721},
        {0x0000000C, 0x7CB51F21}, {0x00000010, 0x7CB52721}, {0x00000020, 0x7CB54721},
        {0x00000100, 0x7CB70721}, {0x00010000, 0x7EB50721}, {0x00010004, 0x7EB50F21},
        {0x0001FFFC, 0x9A535BD0}, {0x12345678, 0x5108F354},
    };
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        uint8_t word[4] = {0};
        assert_int_equal(beken_keystream(TUYA, vectors[i][0]), vectors[i][1]);
        beken_crypt(TUYA, vectors[i][0], word, 4); /* the short cut agrees with the full form */
        assert_int_equal(load_le32(word), vectors[i][1]);
    }
}

static void keystream_with_all_parts(void **state) {
    (void)state;
    static const uint32_t addresses[] = {0, 4, 0x10000, 0x10004, 0x1FFFC};
    static const struct {
        struct beken_key key;
        uint32_t stream[5];
    } vectors[] = {
        {{{0x11111111, 0x22222222, 0x33333333, 0x44444440}},
         {0x10440008, 0x195D0219, 0x1046004A, 0x195F025B, 0x90296CD4}},
        {{{0x01234567, 0x89ABCDEF, 0xDEADBEEF, 0x55000060}},
         {0xC3386D96, 0xC2296F87, 0xC33A6DD4, 0xC22B6FC5, 0x4553014A}},
        {{{0x00000001, 0x00000002, 0x00000003, 0x55001B10}},
         {0x0002810B, 0x0002810B, 0x02029312, 0x02029312, 0x608C4B22}},
    };
    for (int v = 0; v < 3; v++)
        for (int i = 0; i < 5; i++)
            assert_int_equal(beken_keystream(&vectors[v].key, addresses[i]), vectors[v].stream[i]);
}

static void crypt_counting_bytes(void **state) {
    (void)state;
    static const struct {
        struct beken_key key;
        uint32_t address;
        uint8_t want[32];
    } vectors[] = {
        {{{0x01234567, 0x89ABCDEF, 0xDEADBEEF, 0x55000940}},
         0x10000,
         {0xB6, 0x6C, 0x38, 0xC2, 0xBA, 0x61, 0x3C, 0xCE, 0xBE, 0x76, 0x30,
          0xDA, 0xB2, 0x7B, 0x34, 0xD6, 0xA6, 0x58, 0x28, 0xF2, 0xAA, 0x55,
          0x2C, 0xFE, 0xAE, 0x42, 0x20, 0xEA, 0xA2, 0x4F, 0x24, 0xE6}},
        {{{0x01234567, 0x89ABCDEF, 0xDEADBEEF, 0x55001B70}},
         0x12340,
         {0x88, 0xCE, 0xA9, 0x07, 0x8C, 0xCA, 0xA5, 0x0B, 0x00, 0xC6, 0xB1,
          0x1F, 0x04, 0xC2, 0xBD, 0x13, 0x90, 0xDF, 0x99, 0x37, 0x94, 0xDB,
          0x95, 0x3B, 0x18, 0xD7, 0x81, 0x2F, 0x1C, 0xD3, 0x8D, 0x23}},
        {{{0x510FB093, 0xA3CBEADC, 0x5993A17E, 0xC7ADEB03}},
         0x10000,
         {0x21, 0x06, 0xB7, 0x7D, 0x25, 0x0A, 0xB3, 0x79, 0x29, 0x1E, 0xBF,
          0x75, 0x2D, 0x12, 0xBB, 0x71, 0x31, 0x36, 0xA7, 0x6D, 0x35, 0x3A,
          0xA3, 0x69, 0x39, 0x2E, 0xAF, 0x65, 0x3D, 0x22, 0xAB, 0x61}},
    };
    for (int v = 0; v < 3; v++) {
        uint8_t block[32];
        for (int i = 0; i < 32; i++)
            block[i] = (uint8_t)i;
        beken_crypt(&vectors[v].key, vectors[v].address, block, 32);
        assert_memory_equal(block, vectors[v].want, 32);
    }
}

static void the_start_of_a_real_application(void **state) {
    (void)state;
    static const uint8_t stored[34] = {0x2F, 0x07, 0xB5, 0x94, 0x35, 0xFF, 0x2A, 0x9B, 0x35,
                                       0xE7, 0x2A, 0x9B, 0x35, 0xEF, 0x2A, 0x9B, 0x35, 0xD7,
                                       0x2A, 0x9B, 0x35, 0xDF, 0x2A, 0x9B, 0x35, 0xC7, 0x2A,
                                       0x9B, 0x35, 0xCF, 0x2A, 0x9B, 0xFE, 0x2B};
    uint8_t plain[32];
    assert_int_equal(beken_block_check(stored), BEKEN_BLOCK_GOOD);
    assert_int_equal(beken_stripe_grid(stored, sizeof stored), 0);
    beken_unstripe(stored, sizeof stored, plain);
    beken_crypt(TUYA, 0x10000, plain, 32);
    assert_int_equal(load_le32(plain), 0xEA00000E);
    for (int i = 1; i < 8; i++)
        assert_int_equal(load_le32(plain + 4 * i), 0xE59FF014);
}

static void stripe_round_trip_and_addresses(void **state) {
    (void)state;
    uint8_t data[1000], striped[1100], back[1100];
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (uint8_t)(i * 7);
    size_t length = beken_stripe(data, sizeof data, striped);
    assert_int_equal(length, 32 * 34);
    assert_int_equal(beken_unstripe(striped, length, back), 1024);
    assert_memory_equal(back, data, sizeof data);
    assert_int_equal(beken_stripe_check(striped, length).good, 32);
    striped[100] ^= 1;
    assert_int_equal(beken_stripe_check(striped, length).first_bad, 68);
    assert_int_equal(beken_to_physical(0x10000), 0x11000);
    assert_int_equal(beken_to_physical(0x120000), 0x132000);
    assert_int_equal(beken_to_logical(0x11000), 0x10000);
    memset(striped, 0xFF, 34);
    assert_int_equal(beken_block_check(striped), BEKEN_BLOCK_ERASED);
}

static void keys_are_read_from_text(void **state) {
    (void)state;
    struct beken_key key;
    assert_true(beken_key_parse("510fb093 a3cbeadc 5993a17e c7adeb03", &key));
    assert_string_equal(beken_key_lookup(&key)->name, "tuya");
    assert_true(beken_key_parse("none", &key));
    assert_false(beken_key_active(&key));
    assert_false(beken_key_parse("510fb093 a3cbeadc", &key));
    assert_false(beken_key_parse("xyz", &key));
}

/* Code under a key that no table has: zeros, a vector table, and (in a bootloader) the key. */
static void unknown_keys_are_recovered(void **state) {
    (void)state;
    static uint8_t code[0x18000];
    static const struct beken_key keys[] = {
        {{0x01234567, 0x89ABCDEF, 0xDEADBEEF, 0x55000060}},
        {{0x01234567, 0x89ABCDEF, 0xDEADBEEF, 0x55001B70}},
        {{0x11111111, 0x22222222, 0x33333333, 0x44444443}},
        {{0x510FB093, 0xA3CBEADC, 0x5993A17E, 0xC7ADEB03}},
        {{0x0BADCAFE, 0x12345678, 0x00000000, 0x7700094B}},
    };
    for (size_t n = 0; n < sizeof keys / sizeof *keys; n++)
        for (uint32_t address = 0; address <= 0x10000; address += 0x10000) {
            for (size_t i = 0; i < sizeof code; i++)
                code[i] = i % 5 < 2 ? 0 : (uint8_t)(i * 37 + (i >> 8));
            store_le32(code, 0xEA00000E);
            for (size_t i = 1; i < 8; i++)
                store_le32(code + 4 * i, 0xE59FF014);
            for (size_t i = 0; i < 4 && address == 0; i++)
                store_le32(code + 0x1F08 + 4 * i, keys[n].k[i]);
            beken_crypt(&keys[n], address, code, sizeof code);
            struct beken_key found;
            bool literal;
            assert_true(beken_key_recover(code, sizeof code, address, &found, &literal));
            assert_int_equal(literal, address == 0);
            if (literal)
                assert_true(beken_key_equal(&found, &keys[n]));
            for (uint32_t at = 0; at < sizeof code; at += 0x1234)
                assert_int_equal(beken_keystream(&found, address + at),
                                 beken_keystream(&keys[n], address + at));
        }
}

static void noise_has_no_key(void **state) {
    (void)state;
    static uint8_t noise[0x8000];
    struct beken_key found;
    bool literal;
    uint32_t x = 1;
    for (size_t i = 0; i < sizeof noise; i++)
        noise[i] = (uint8_t)((x = x * 1664525 + 1013904223) >> 24);
    assert_false(beken_key_recover(noise, sizeof noise, 0, &found, &literal));
    assert_false(beken_key_recover(noise, 64, 0, &found, &literal));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(crc16_tables_follow_the_polynomial),
        cmocka_unit_test(crc16_check_values),
        cmocka_unit_test(unknown_keys_are_recovered),
        cmocka_unit_test(noise_has_no_key),
        cmocka_unit_test(tuya_keystream),
        cmocka_unit_test(keystream_with_all_parts),
        cmocka_unit_test(crypt_counting_bytes),
        cmocka_unit_test(the_start_of_a_real_application),
        cmocka_unit_test(stripe_round_trip_and_addresses),
        cmocka_unit_test(keys_are_read_from_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
