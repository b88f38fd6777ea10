/* The table of known keys, and reading a key from text. */
#include "codec/beken/keys.h"

#include "base/text.h"

const struct beken_known_key beken_known_keys[] = {
    {"tuya",
     "Tuya BK7231T, BK7231N, T34; OpenBeken BK7231N and BK7231T builds",
     {{0x510FB093, 0xA3CBEADC, 0x5993A17E, 0xC7ADEB03}}},
    {"none", "BK7231M, Q, U, BK7238, BK7252, BK7252N: not encrypted", {{0, 0, 0, 0}}},
    {0},
};

const struct beken_known_key *beken_key_lookup(const struct beken_key *key) {
    for (const struct beken_known_key *row = beken_known_keys; row->name; row++)
        if (beken_key_equal(&row->key, key))
            return row;
    return NULL;
}

bool beken_key_parse(const char *text, struct beken_key *key) {
    int digits = 0;
    for (const struct beken_known_key *row = beken_known_keys; row->name; row++)
        if (text_same(row->name, text)) {
            *key = row->key;
            return true;
        }
    *key = (struct beken_key){{0}};
    for (; *text; text++) {
        int digit = text_hex_digit(*text);
        if (digit < 0 && (*text == ' ' || *text == ',' || *text == ':'))
            continue;
        if (digit < 0 || digits == 32)
            return false;
        key->k[digits / 8] = key->k[digits / 8] << 4 | (uint32_t)digit;
        digits++;
    }
    return digits == 32;
}
