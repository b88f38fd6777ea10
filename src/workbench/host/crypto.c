/* Thin forms over mbedTLS. Its calls cannot fail with valid sizes, which the interface ensures. */
#include "workbench/host/crypto.h"

#include <mbedtls/aes.h>
#include <mbedtls/sha256.h>
#include <stdio.h>
#include <string.h>

static void ecb(const uint8_t key[16], int mode, const uint8_t *from, uint8_t *to, size_t size) {
    mbedtls_aes_context aes;
    mbedtls_aes_init(&aes);
    if (mode == MBEDTLS_AES_DECRYPT)
        mbedtls_aes_setkey_dec(&aes, key, 128);
    else
        mbedtls_aes_setkey_enc(&aes, key, 128);
    for (size_t at = 0; at + AES_BLOCK_SIZE <= size; at += AES_BLOCK_SIZE)
        mbedtls_aes_crypt_ecb(&aes, mode, from + at, to + at);
    mbedtls_aes_free(&aes);
}

void aes128_ecb_decrypt(const uint8_t key[16], const uint8_t *from, uint8_t *to, size_t size) {
    ecb(key, MBEDTLS_AES_DECRYPT, from, to, size);
}

void aes128_ecb_encrypt(const uint8_t key[16], const uint8_t *from, uint8_t *to, size_t size) {
    ecb(key, MBEDTLS_AES_ENCRYPT, from, to, size);
}

static void cbc(const uint8_t key[32], int mode, const uint8_t iv[16], const uint8_t *from,
                uint8_t *to, size_t size) {
    mbedtls_aes_context aes;
    uint8_t chain[16];
    memcpy(chain, iv, sizeof chain);
    mbedtls_aes_init(&aes);
    if (mode == MBEDTLS_AES_DECRYPT)
        mbedtls_aes_setkey_dec(&aes, key, 256);
    else
        mbedtls_aes_setkey_enc(&aes, key, 256);
    mbedtls_aes_crypt_cbc(&aes, mode, size, chain, from, to);
    mbedtls_aes_free(&aes);
}

void aes256_cbc_decrypt(const uint8_t key[32], const uint8_t iv[16], const uint8_t *from,
                        uint8_t *to, size_t size) {
    cbc(key, MBEDTLS_AES_DECRYPT, iv, from, to, size);
}

void aes256_cbc_encrypt(const uint8_t key[32], const uint8_t iv[16], const uint8_t *from,
                        uint8_t *to, size_t size) {
    cbc(key, MBEDTLS_AES_ENCRYPT, iv, from, to, size);
}

void sha256(const void *data, size_t size, uint8_t out[SHA256_SIZE]) {
    mbedtls_sha256_ret(data, size, out, 0);
}

void sha256_hex(const void *data, size_t size, char out[2 * SHA256_SIZE + 1]) {
    uint8_t hash[SHA256_SIZE];
    sha256(data, size, hash);
    for (int i = 0; i < SHA256_SIZE; i++)
        snprintf(out + 2 * i, 3, "%02x", hash[i]);
}
