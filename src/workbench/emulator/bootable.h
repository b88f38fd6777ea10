/* A file as a flash that can be booted. What people have is not always the image of a whole flash:
 * published firmware comes as bootloader and application (QIO), application alone (UA, or plain
 * code without CRCs), or as an update container (RBL, UG). */
#ifndef WORKBENCH_EMULATOR_BOOTABLE_H
#define WORKBENCH_EMULATOR_BOOTABLE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bootable {
    uint8_t *flash; /* malloc'd; as large as a flash chip, erased where the file says nothing */
    size_t size;
    const char *from; /* what the file was, when not all of a flash; else NULL */
};

/* Lays the file out as its bootloader or flasher would. False with one line in `why` when a
 * container is damaged or does not fit; a file of unknown kind is taken as it is. */
bool bootable_make(const uint8_t *data, size_t size, struct bootable *out, char *why,
                   size_t why_size);
void bootable_free(struct bootable *b);
#endif
