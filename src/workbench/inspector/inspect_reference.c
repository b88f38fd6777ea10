/* A known-good bootloader beside a damaged one: which bytes differ. Block sums alone tell damage to
 * 34 bytes; with another dump of the same version it can be told to the byte. Sector 16 holds a
 * header with a date of its own and is compared no further than its start. */
#include "workbench/inspector/inspection.h"

#include <stdio.h>

static const char *unfit(const struct survey *in, const struct survey *good) {
    if (!good->boot.found || good->boot.missing)
        return "it holds no whole bootloader";
    if (!good->bootloader_known_good && !good->bootloader_proved)
        return "its own bootloader is not known to be good";
    if (!in->boot.found || in->boot.missing)
        return "the inspected file holds no whole bootloader";
    if (in->bootloader && good->bootloader && in->bootloader != good->bootloader)
        return "it is another version of the bootloader";
    return NULL;
}

const char *inspection_compare_boot(struct inspection *in, const struct inspection *good) {
    const char *why = unfit(&in->survey, &good->survey);
    if (why)
        return why;
    const uint8_t *a = in->data + in->survey.boot.offset;
    const uint8_t *b = good->data + good->survey.boot.offset;
    in->reference = true;
    for (size_t at = 0; at < BEKEN_BOOT_COMMON; at++) {
        if (a[at] == b[at])
            continue;
        size_t from = at, last = at, bytes = 0;
        for (; at < BEKEN_BOOT_COMMON && at - last <= BEKEN_PHYSICAL_BLOCK; at++)
            if (a[at] != b[at]) {
                last = at;
                bytes++;
            }
        at = last;
        lines_add(&in->damage,
                  "bootloader: 0x%06zX to 0x%06zX: %zu byte%s differ from the good one", from, last,
                  bytes, bytes == 1 ? "" : "s");
        if (in->difference_count < INSPECTION_DIFFERENCES_MAX)
            in->difference[in->difference_count++] = (struct span){a + from, last + 1 - from};
    }
    return NULL;
}
