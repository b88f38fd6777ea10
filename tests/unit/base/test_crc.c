/* CRC-32 and FNV-1a against published check values, and the tables against the polynomial. */
#include "base/crc.h"
#include "base/crc32_table.h"
#include "check.h"

static void crc32_check_value(void **state) {
    (void)state;
    assert_int_equal(crc32_update(0, "123456789", 9), 0xCBF43926);
    assert_int_equal(crc32_update(crc32_update(0, "1234", 4), "56789", 5), 0xCBF43926);
}

static void crc32_by_nibbles_is_the_same(void **state) {
    (void)state;
    uint8_t data[256];
    for (unsigned i = 0; i < sizeof data; i++)
        data[i] = (uint8_t)(i * 7 + 3);
    assert_int_equal(crc32_nibbles(0, "123456789", 9), 0xCBF43926);
    for (unsigned n = 0; n < sizeof data; n++)
        assert_int_equal(crc32_nibbles(5, data, n), crc32_update(5, data, n));
}

static void crc32_tables_follow_the_polynomial(void **state) {
    (void)state;
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t value = i;
        for (int bit = 0; bit < 8; bit++)
            value = value >> 1 ^ (value & 1 ? 0xEDB88320u : 0);
        assert_int_equal(crc32_table[0][i], value);
        for (int k = 1; k < 8; k++)
            assert_int_equal(crc32_table[k][i], crc32_table[k - 1][i] >> 8 ^
                                                    crc32_table[0][crc32_table[k - 1][i] & 255]);
    }
}

static void fnv1a_check_value(void **state) {
    (void)state;
    assert_int_equal(fnv1a_update(FNV1A_START, "a", 1), 0xE40C292C);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(crc32_check_value),
        cmocka_unit_test(crc32_by_nibbles_is_the_same),
        cmocka_unit_test(crc32_tables_follow_the_polynomial),
        cmocka_unit_test(fnv1a_check_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
