/* RBL: the header that RT-Thread style bootloaders put on an image. It stands in two places:
 * before a packed image in the download partition or in a .rbl file ("container"), and, striped
 * but not encrypted, in the last three 34-byte blocks of an installed slot ("installed").
 *
 * Source: tuya-cloudcutter/bk7231tools (analysis/rbl.py), libretiny-eu/ltchiptool (util/rbl.py). */
#ifndef CODEC_BEKEN_RBL_H
#define CODEC_BEKEN_RBL_H
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    RBL_HEADER_SIZE = 96,
    RBL_INSTALLED_SIZE = 3 * 34, /* the header striped, at the end of its slot */
    RBL_NAME_SIZE = 16,
    RBL_VERSION_SIZE = 24,
};

enum rbl_encryption { RBL_PLAIN = 0, RBL_XOR = 1, RBL_AES256 = 2 };
enum rbl_compression { RBL_STORED = 0, RBL_GZIP = 1, RBL_QUICKLZ = 2, RBL_FASTLZ = 3 };

struct rbl_header {
    uint8_t encryption, compression; /* enum rbl_encryption, enum rbl_compression */
    uint32_t timestamp;              /* Unix seconds */
    char name[RBL_NAME_SIZE + 1];
    char version[RBL_VERSION_SIZE + 1];
    char serial[RBL_VERSION_SIZE + 1];
    uint32_t package_crc;  /* CRC-32 of the package */
    uint32_t raw_hash;     /* FNV-1a of the first raw_size bytes of the unpacked image */
    uint32_t raw_size;     /* bytes */
    uint32_t package_size; /* bytes that follow the header in a container */
};

/* Decodes 96 bytes; the header's own CRC must match. */
enum status rbl_decode(const uint8_t *data, size_t size, struct rbl_header *out,
                       struct fault *fault);
/* Writes 96 bytes. */
void rbl_encode(const struct rbl_header *header, uint8_t out[RBL_HEADER_SIZE]);

/* Decodes an installed header from the 102 bytes that end a slot. */
enum status rbl_decode_installed(const uint8_t *data, size_t size, struct rbl_header *out,
                                 struct fault *fault);
void rbl_encode_installed(const struct rbl_header *header, uint8_t out[RBL_INSTALLED_SIZE]);

/* True when an installed header describes what stands in the slot, false when it was copied from a
 * packed container and only raw_hash and raw_size say something about the slot. */
bool rbl_is_stored(const struct rbl_header *header);

/* CRC-32 of an installed payload: raw_size bytes as stored in the slot with the CRC-16 removed,
 * then (package_size - raw_size) bytes that each hold that difference. */
uint32_t rbl_installed_crc(const struct rbl_header *header, const uint8_t *logical_slot);

/* The AES-256 key and initial vector every known vendor uses for .rbl files. */
extern const char rbl_default_key[32 + 1];
extern const char rbl_default_iv[16 + 1];
#endif
