/* Block by block, so that erased flash is told from code at both ends. */
#include "workbench/image/code_form.h"

#include "base/bytes.h"
#include "codec/beken/keys.h"

#define LDR_PC 0xE59FF014u

size_t code_to_logical(const uint8_t *data, size_t size, uint8_t *out, struct code_notes *notes) {
    *notes = (struct code_notes){.blocks = beken_stripe_check(data, size)};
    for (size_t at = 0; at + BEKEN_PHYSICAL_BLOCK <= size; at += BEKEN_PHYSICAL_BLOCK)
        notes->padded += bytes_all(data + at, BEKEN_LOGICAL_BLOCK, 0xFF) &&
                         beken_block_check(data + at) == BEKEN_BLOCK_GOOD;
    return beken_unstripe(data, size, out);
}

size_t code_to_physical(const uint8_t *data, size_t size, enum code_padding padding, uint8_t *out) {
    size_t done = 0;
    for (size_t at = 0; at < size; at += BEKEN_LOGICAL_BLOCK, done += BEKEN_PHYSICAL_BLOCK) {
        size_t part = size - at < BEKEN_LOGICAL_BLOCK ? size - at : BEKEN_LOGICAL_BLOCK;
        if (padding == CODE_PADDING_ERASED && bytes_all(data + at, part, 0xFF))
            memset(out + done, 0xFF, BEKEN_PHYSICAL_BLOCK);
        else
            beken_stripe(data + at, part, out + done);
    }
    return done;
}

void code_crypt(const struct beken_key *key, uint32_t address, uint8_t *data, size_t size) {
    for (size_t at = 0; at < size; at += BEKEN_LOGICAL_BLOCK) {
        size_t part = size - at < BEKEN_LOGICAL_BLOCK ? size - at : BEKEN_LOGICAL_BLOCK;
        if (!bytes_all(data + at, part, 0xFF))
            beken_crypt(key, address + (uint32_t)at, data + at, part);
    }
}

/* Do words 1 to 4 become `ldr pc, [pc, #20]` under this key at this address? */
static bool vectors(const uint8_t *logical, const struct beken_key *key, uint32_t address) {
    uint8_t words[16];
    beken_crypt_to(key, address + 4, logical + 4, words, sizeof words);
    for (int i = 0; i < 4; i++)
        if (load_le32(words + 4 * i) != LDR_PC)
            return false;
    return true;
}

bool code_recognise(const uint8_t *logical, size_t size, struct beken_key *key, uint32_t *address) {
    static const uint32_t starts[] = {0, 0x10000};
    for (const struct beken_known_key *row = beken_known_keys; row->name && size >= 20; row++)
        for (int i = 0; i < 2; i++)
            if (vectors(logical, &row->key, starts[i])) {
                *key = row->key;
                *address = starts[i];
                return true;
            }
    return false;
}
