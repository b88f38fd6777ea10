/* The wrappers against published vectors: FIPS-197, SP 800-38A, FIPS 180-2. */
#include "check.h"
#include "workbench/host/crypto.h"

static void aes128_fips197(void **state) {
    (void)state;
    uint8_t key[16], data[16];
    static const uint8_t want[16] = {0x69, 0xC4, 0xE0, 0xD8, 0x6A, 0x7B, 0x04, 0x30,
                                     0xD8, 0xCD, 0xB7, 0x80, 0x70, 0xB4, 0xC5, 0x5A};
    for (int i = 0; i < 16; i++) {
        key[i] = (uint8_t)i;
        data[i] = (uint8_t)(i * 0x11);
    }
    aes128_ecb_encrypt(key, data, data, 16);
    assert_memory_equal(data, want, 16);
    aes128_ecb_decrypt(key, data, data, 16);
    assert_int_equal(data[15], 0xFF);
}

static void aes256_cbc_goes_there_and_back(void **state) {
    (void)state;
    uint8_t key[32] = {1}, iv[16] = {2}, data[48], same[48];
    for (int i = 0; i < 48; i++)
        data[i] = (uint8_t)i;
    aes256_cbc_encrypt(key, iv, data, same, 48);
    assert_memory_not_equal(same, data, 48);
    aes256_cbc_decrypt(key, iv, same, same, 48);
    assert_memory_equal(same, data, 48);
}

static void sha256_of_abc(void **state) {
    (void)state;
    char hex[65];
    sha256_hex("abc", 3, hex);
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(aes128_fips197),
        cmocka_unit_test(aes256_cbc_goes_there_and_back),
        cmocka_unit_test(sha256_of_abc),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
