/* What becomes of sectors that the chip's checksum does not confirm: read again and again until one
 * reading, or what most of them agree about, is confirmed; or in pieces, each with a sum of its
 * own, which come through where a whole sector does not. */
#ifndef WORKBENCH_FLASHER_BACKUP_MEND_H
#define WORKBENCH_FLASHER_BACKUP_MEND_H
#include "workbench/flasher/backup.h"

/* Works on every sector of `b` that is not verified; what resists stays READ or UNREADABLE. */
enum status mend_rest(struct session *s, struct backup *b);
#endif
