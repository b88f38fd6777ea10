/* Encryption coefficients met in the field. Adding one: a row in keys.c. */
#ifndef CODEC_BEKEN_KEYS_H
#define CODEC_BEKEN_KEYS_H
#include "codec/beken/cipher.h"

struct beken_known_key {
    const char *name;
    const char *used_by;
    struct beken_key key;
};

/* Ends with a NULL name; the first row is Tuya's, the second "none". */
extern const struct beken_known_key beken_known_keys[];
/* The row with these words, or NULL. */
const struct beken_known_key *beken_key_lookup(const struct beken_key *key);

/* Parses four hex words ("510fb093 a3cbeadc 5993a17e c7adeb03", separators blank, comma, colon or
 * none), or a known name ("tuya", "none"). */
bool beken_key_parse(const char *text, struct beken_key *key);
#endif
