/* The code cipher of Beken chips: an XOR keystream, one 32-bit word per 32-bit word, that depends
 * only on the key and the logical address. Encrypting and decrypting are the same.
 *
 * The key ("encryption coefficients") is four words k0..k3, written as hex words; k3 also selects
 * which of the three parts A, B, C take part and how. A key whose top byte is 00 or FF, or whose
 * low nibble is F, switches the cipher off.
 * Source: openshwprojects/BK7231GUIFlashTool (Beken_Crypto.cs), libretiny-eu/ltchiptool. */
#ifndef CODEC_BEKEN_CIPHER_H
#define CODEC_BEKEN_CIPHER_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct beken_key {
    uint32_t k[4];
};

/* False when this key means "not encrypted". */
bool beken_key_active(const struct beken_key *key);
bool beken_key_equal(const struct beken_key *a, const struct beken_key *b);

/* The keystream word for a logical address (a multiple of 4). */
uint32_t beken_keystream(const struct beken_key *key, uint32_t address);

/* Encrypts or decrypts `size` bytes (a multiple of 4; a rest is left as it is) that stand at
 * logical `address` (a multiple of 4). */
void beken_crypt(const struct beken_key *key, uint32_t address, uint8_t *data, size_t size);
/* The same from one buffer to another. */
void beken_crypt_to(const struct beken_key *key, uint32_t address, const uint8_t *from, uint8_t *to,
                    size_t size);
#endif
