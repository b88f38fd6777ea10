/* The key block of Tuya storage: one sector, AES-128-ECB under a master key that all devices
 * share, which holds the 16 random bytes ("storage key") from which each device's data key is
 * derived. Everything here works on decrypted bytes; the ciphers belong to the caller.
 * Sources: openshwprojects/BK7231GUIFlashTool (TuyaConfig.cs), tuya-cloudcutter/bk7231tools. */
#ifndef CODEC_TUYA_KEY_BLOCK_H
#define CODEC_TUYA_KEY_BLOCK_H
#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

#define KEY_BLOCK_MAGIC 0x13579753u

enum {
    TUYA_SECTOR = 4096,
    TUYA_PAGE = 128,
    STORAGE_KEY_SIZE = 16,
    KEY_BLOCK_TAIL_AT = 32, /* where the constant ciphertext of erased bytes begins */
};

/* ASCII qwertyuiopasdfgh. */
extern const uint8_t key_block_master[STORAGE_KEY_SIZE];
/* Sixteen FF under the master key: stands at +32 (and on) of every encrypted key block, at whatever
 * alignment the dump was read. */
extern const uint8_t key_block_tail[16];

/* How a data key is made of a storage key; differs by platform. Adding one: a row. */
struct data_key_variant {
    const char *name;  /* "8710_2M" */
    const char *part;  /* platform string added in turn (4 characters), or "" */
    uint8_t constants; /* how often the constant HHRRQbyemofrtytf is added */
    const char *chips;
};
/* In the order to try; ends with a NULL name. */
extern const struct data_key_variant data_key_variants[];
const struct data_key_variant *data_key_variant_find(const char *name);
void data_key_derive(const struct data_key_variant *variant,
                     const uint8_t storage[STORAGE_KEY_SIZE], uint8_t out[STORAGE_KEY_SIZE]);

/* Decodes the first 24 bytes of a decrypted key block: magic and sum must match. */
enum status key_block_decode(const uint8_t *plain, size_t size, uint8_t key[STORAGE_KEY_SIZE],
                             struct fault *fault);
/* Writes a plain key block of one sector; 0 when it does not fit. */
size_t key_block_encode(const uint8_t key[STORAGE_KEY_SIZE], uint8_t *buffer, size_t size);

/* Sum of bytes modulo 2^32, the checksum of all of Tuya's storage. */
uint32_t tuya_sum(const uint8_t *data, size_t size);
#endif
