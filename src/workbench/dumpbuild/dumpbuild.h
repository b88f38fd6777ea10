/* Builds a synthetic stock dump: what a full read of a plug would give, made of our own bytes. For
 * tests, demonstrations and bug reports. Code regions hold valid vectors, tables, checksums and
 * encryption around code that only loops; they name themselves synthetic and must not be flashed.
 * All identities and secrets in it are plainly fake, so that masking and sanitizing have something
 * to find. */
#ifndef WORKBENCH_DUMPBUILD_DUMPBUILD_H
#define WORKBENCH_DUMPBUILD_DUMPBUILD_H
#include "codec/beken/chips.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DUMPBUILD_VALUES_MAX = 40, DUMPBUILD_TEXT_MAX = 32768 };

enum dumpbuild_layout { DUMPBUILD_CLASSIC, DUMPBUILD_OS3 };

/* One value to store; `value` points into the plan's text or to constant data. */
struct dumpbuild_value {
    const char *name;
    const void *value;
    size_t length; /* as stored, a counted NUL included */
};

struct dumpbuild {
    const struct beken_chip *chip;
    enum dumpbuild_layout layout;
    struct dumpbuild_value value[DUMPBUILD_VALUES_MAX];
    int count;
    char text[DUMPBUILD_TEXT_MAX];
    size_t used;
};

/* Reads a configuration file: either the members of `user_param_key` themselves (numbers or texts),
 * or an object of stored values by name in which `user_param_key` is one. The order is kept and the
 * `crc` member computed anew. False with one line in `why`. */
bool dumpbuild_read(struct dumpbuild *plan, const char *path, char *why, size_t why_size);
/* Adds the values that a paired device holds and the file does not name: platform, licence,
 * network; all fake. */
void dumpbuild_add_decoys(struct dumpbuild *plan);
const struct dumpbuild_value *dumpbuild_get(const struct dumpbuild *plan, const char *name);

/* Builds the image (malloc'd); NULL with one line in `why`. */
uint8_t *dumpbuild_make(const struct dumpbuild *plan, size_t *size, char *why, size_t why_size);

/* Parts, each into its place in the image. */
void dumpbuild_code(const struct beken_chip *chip, uint8_t *image);
bool dumpbuild_storage(const struct dumpbuild *plan, uint8_t *image, size_t size);
#endif
