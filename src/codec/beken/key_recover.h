/* Finding the encryption coefficients of code whose key nobody knows.
 *
 * Every part of the keystream is linear over XOR in the address and in the key's words. So for a
 * given choice of parts (who takes part, which turn or shift: 124 choices) the words k0, k1 and k2
 * act together as one 32-bit constant, and one word of known code gives it. Each program begins
 * with an ARM vector table whose words 1 to 7 are `ldr pc, [pc, #0x14]`; they give the constant and
 * tell which choice is right. That is enough to decrypt. The words themselves stand inside
 * bootloaders, at logical 0x48 or 0x1F08 in the known ones, and are taken from there when the
 * decrypted code holds four words that make the same keystream. */
#ifndef CODEC_BEKEN_KEY_RECOVER_H
#define CODEC_BEKEN_KEY_RECOVER_H
#include "codec/beken/cipher.h"

/* `logical`: `size` encrypted bytes without checksums that begin with the vector table and stand at
 * logical `address`. False when no key makes code of them. `*literal` tells whether the key's words
 * were read from the code (then they are the chip's own) or only make the same keystream. */
bool beken_key_recover(const uint8_t *logical, size_t size, uint32_t address, struct beken_key *key,
                       bool *literal);
#endif
