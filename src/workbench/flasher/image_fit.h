/* May this image go onto this chip, and where? Recognised by content; the refusals are those
 * mistakes that brick: another chip, another key, another size, the wrong kind of file, the wrong
 * place. */
#ifndef WORKBENCH_FLASHER_IMAGE_FIT_H
#define WORKBENCH_FLASHER_IMAGE_FIT_H
#include "workbench/flasher/session.h"
#include "workbench/inspector/survey.h"

struct image_fit {
    struct survey survey;
    uint32_t offset;   /* where the file's first byte goes */
    char refusal[256]; /* why not; "" when it may */
    char summary[256]; /* one line: what it is and where it goes */
    bool whole_dump;   /* belongs to `restore` */
    bool has_bootloader;
};

/* `offset` >= 0 is the user's wish, -1: choose. False only without memory. */
bool image_fit_check(const struct session *s, const uint8_t *data, size_t size, int64_t offset,
                     struct image_fit *fit);
void image_fit_free(struct image_fit *fit);
#endif
