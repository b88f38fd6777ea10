/* Any file as a flash to boot: containers damaged in any way are refused in a line, all else is
 * laid out in full. */
#include "workbench/emulator/bootable.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct bootable image;
    char why[300] = "";
    bool ok = bootable_make(data, size, &image, why, sizeof why);
    if (ok ? !image.flash || image.size < size : !*why || strchr(why, '\n') != NULL)
        abort();
    bootable_free(&image);
    return 0;
}
