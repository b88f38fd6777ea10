/* The ciphers and hashes that dumps and images use, in the few forms they use them; the work is
 * mbedTLS's. Sizes are in bytes and must be multiples of 16 for the block ciphers. */
#ifndef WORKBENCH_HOST_CRYPTO_H
#define WORKBENCH_HOST_CRYPTO_H
#include <stddef.h>
#include <stdint.h>

enum { AES_BLOCK_SIZE = 16, SHA256_SIZE = 32 };

/* AES-128-ECB; `from` and `to` may be the same. */
void aes128_ecb_decrypt(const uint8_t key[16], const uint8_t *from, uint8_t *to, size_t size);
void aes128_ecb_encrypt(const uint8_t key[16], const uint8_t *from, uint8_t *to, size_t size);

/* AES-256-CBC without padding; `from` and `to` may be the same. */
void aes256_cbc_decrypt(const uint8_t key[32], const uint8_t iv[16], const uint8_t *from,
                        uint8_t *to, size_t size);
void aes256_cbc_encrypt(const uint8_t key[32], const uint8_t iv[16], const uint8_t *from,
                        uint8_t *to, size_t size);

void sha256(const void *data, size_t size, uint8_t out[SHA256_SIZE]);
/* Lower-case hex of a hash, NUL-terminated. */
void sha256_hex(const void *data, size_t size, char out[2 * SHA256_SIZE + 1]);
#endif
