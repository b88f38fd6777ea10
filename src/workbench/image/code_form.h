/* The two forms of a code region as whole buffers: physical (34-byte blocks, encrypted), as flash
 * and QIO/UA files hold it, and logical (32-byte blocks), as the CPU sees it. Erased blocks stay
 * erased in both, so that there and back is exact for what flash holds. */
#ifndef WORKBENCH_IMAGE_CODE_FORM_H
#define WORKBENCH_IMAGE_CODE_FORM_H
#include "codec/beken/cipher.h"
#include "codec/beken/stripe.h"

/* What 32 bytes of FF become when CRCs are added. */
enum code_padding {
    CODE_PADDING_ERASED, /* 34 times FF: erased flash */
    CODE_PADDING_CODE,   /* a block like any other, with its CRC 000C */
};

struct code_notes {
    struct beken_stripe_count blocks; /* of the physical side */
    uint32_t padded;                  /* blocks of FF that carry a CRC (physical side) */
};

/* Removes CRCs; returns the logical size. `out` needs `size` bytes. */
size_t code_to_logical(const uint8_t *data, size_t size, uint8_t *out, struct code_notes *notes);
/* Adds CRCs; returns the physical size. `out` needs (size + 31) / 32 * 34 bytes. */
size_t code_to_physical(const uint8_t *data, size_t size, enum code_padding padding, uint8_t *out);
/* Encrypts or decrypts logical code in place, 32-byte block by block; blocks of FF are left. */
void code_crypt(const struct beken_key *key, uint32_t address, uint8_t *data, size_t size);

/* Looks for the exception vectors that begin every bootloader and application: fills key and
 * address for logical code that starts at 0 or 0x10000 under a known key. */
bool code_recognise(const uint8_t *logical, size_t size, struct beken_key *key, uint32_t *address);
#endif
