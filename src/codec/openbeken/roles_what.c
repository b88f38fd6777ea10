/* What the roles do, in words: a file of its own, so that firmware without pages does not carry it.
 */
#include "codec/openbeken/roles.h"

const char *obk_role_what(unsigned id) {
    static const char *const texts[] = {
#define OBK_ROLE_WHAT(id, symbol, name, channels, what) [id] = (what),
        OBK_ROLE_LIST(OBK_ROLE_WHAT)
#undef OBK_ROLE_WHAT
    };
    return id < OBK_ROLE_COUNT ? texts[id] : NULL;
}
