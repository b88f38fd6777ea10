/* What the shortcuts share: reaching the library's function behind one of the same name. */
#include "virtual/soc/shortcut.h"

#include <dlfcn.h>
#include <string.h>
#include <unicorn/unicorn.h>

enum { KNOWN_VERSION = 0x020001 };

void shortcut_library_function(const char *name, void *to) {
    void *found = dlsym(RTLD_NEXT, name);
    memcpy(to, &found, sizeof found);
}

bool shortcut_version_known(void) {
    return uc_version(NULL, NULL) >> 8 == KNOWN_VERSION;
}
