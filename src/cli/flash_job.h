/* Putting an image onto one chip, from looking at the image to the proof: what `flash` does once
 * and a station does for one device after another. */
#ifndef CLI_FLASH_JOB_H
#define CLI_FLASH_JOB_H
#include "cli/change.h"
#include "workbench/flasher/obk_block.h"

struct flash_wish {
    const struct file *image;
    const char *image_name;        /* for messages */
    const char *backup;            /* where the backup goes, NULL: a name from chip and time */
    const struct obk_wish *config; /* configuration to write, NULL: none */
    const char *label;             /* of this device, NULL: none */
};

/* The chip is linked and identified. */
enum status flash_job(struct chip_job *job, const struct flash_wish *wish);
#endif
