/* What the subcommands that change flash share: showing the plan, asking, changing, and proving
 * afterwards that nothing else changed. */
#ifndef CLI_CHANGE_H
#define CLI_CHANGE_H
#include "cli/chip_job.h"
#include "workbench/flasher/regions.h"

/* Bits 1 << enum region_kind that the options --bootloader, --overwrite-rf, --wipe-config and
 * --overwrite-keys of the subcommand allow to change. Family B never allows its bootloader. */
unsigned change_allowed(const struct chip_job *job);
/* What is known before a change: */
struct change {
    const char *what;       /* in words, "flash" */
    const uint8_t *present; /* verified copy of the plan's range as it is now; NULL: ask the chip */
    const uint8_t *whole;   /* verified copy of the whole flash as it was before any of this job,
                               for what must not change; NULL: checksums have to do */
};
/* Plans, shows, asks, runs, and verifies both what was to change and what was not. */
enum status change_apply(struct chip_job *job, struct program *p, const struct change *change);
/* Was nothing of the plan's range kept? REFUSED, with how much. */
enum status change_whole(struct chip_job *job, const struct program *p);
/* A verified copy of the whole chip into b, seeded by `seed` (may be NULL: an earlier copy whose
 * true parts need not be read again). Saved to `path` unless NULL. */
enum status change_backup_first(struct chip_job *job, struct backup *b, const char *path);

#define CHANGE_REGION_OPTIONS                                                                      \
    {"bootloader", 0,    NULL, "let the bootloader be changed (chips with boot ROM only)",         \
     NULL,         false},                                                                         \
        {"overwrite-rf", 0, NULL, "let RF calibration and MAC be changed", NULL, false},           \
        {"wipe-config", 0, NULL, "let the configuration be changed", NULL, false}, {               \
        "overwrite-keys", 0, NULL, "let the vendor's keys and storage be changed", NULL, false     \
    }
#endif
