/* What the constants mean: a file of its own, so that firmware without pages does not carry the
 * texts. */
#include "device/script/constants.h"

#include <stddef.h>

const char *constant_help(unsigned i) {
    static const char *const helps[] = {
#define HELP(name, id, help) help,
        CONSTANT_LIST(HELP)
#undef HELP
    };
    return i < sizeof helps / sizeof *helps ? helps[i] : NULL;
}
