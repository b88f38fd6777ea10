/* Taking over a whole configuration in one step. The document waits in a file of the core's own; it
 * is checked from beginning to end first; then one record marks it as wanted, and the next start
 * applies it before anything else. A power cut before the record leaves the old configuration, one
 * after it the new one: applying begins anew at the next start until it is complete. */
#ifndef DEVICE_RESTORE_H
#define DEVICE_RESTORE_H
#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

struct device;

#define RESTORE_FILE "@restore"

enum restore_kind {
    RESTORE_NONE,
    RESTORE_BACKUP, /* {"plugsmith":1,"settings":{…},"files":[{"name":…,"data":base64},…]} */
    RESTORE_BLOCK,  /* OpenBeken's configuration block */
};

struct restore_report {
    unsigned settings, files, unknown; /* unknown: settings this firmware does not have */
    uint32_t bytes;                    /* of the files */
    uint32_t at;                       /* where the document is wrong */
    const char *wrong; /* in words, or the name of the setting that is; NULL: nothing */
};

/* Reads RESTORE_FILE and says what is in it. OK: restore_want will make it so. */
enum status restore_check(struct device *d, enum restore_kind kind, struct restore_report *report);
/* From the next start on. */
enum status restore_want(struct device *d, enum restore_kind kind);
/* At boot, after the settings were loaded: applies what is wanted. True when it did. */
bool restore_pending(struct device *d);
#endif
