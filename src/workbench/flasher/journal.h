/* Which flash jobs broke off, and which backup each had made before it changed anything: so that
 * the same command goes on, with the backup of the chip as it was, not of the half-changed one. One
 * entry per backup file, in the state folder. */
#ifndef WORKBENCH_FLASHER_JOURNAL_H
#define WORKBENCH_FLASHER_JOURNAL_H
#include "workbench/flasher/session.h"

struct journal_entry {
    char backup[1024]; /* absolute path */
};

/* Notes a job that begins to change its chip: `image_crc` is of what is put onto it, `rf` the RF
 * sector in the backup, which holds the MAC and is never changed; NULL: there is none. */
void journal_begin(const struct session *s, const char *backup, uint32_t image_crc,
                   const uint8_t *rf);
/* The job ended well. */
void journal_end(const char *backup);
/* Looks for a broken job of this image on this very chip: asks the chip for the checksum of its RF
 * sector. `backup` names one file to look for, NULL: any. False: none. */
bool journal_find(struct session *s, const char *backup, uint32_t image_crc,
                  struct journal_entry *out);
#endif
