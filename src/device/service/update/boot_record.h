/* Which of two firmware slots starts: a record in flash that is only ever appended to, so that a
 * power cut leaves the old or the new choice, never none. A new image is tried once; unless the
 * firmware confirms it, the next start is the old one again. The bootloader of a port and the
 * update service share this file.
 *
 * Two sectors are used in turn, each with up to 64 records of 64 bytes: magic, sequence number,
 * state, slot, size and SHA-256 of the image, CRC-32. The valid record with the highest sequence
 * number counts. */
#ifndef DEVICE_SERVICE_BOOT_RECORD_H
#define DEVICE_SERVICE_BOOT_RECORD_H
#include "codec/net/sha256.h"
#include "device/hal.h"

enum boot_state {
    BOOT_STABLE, /* this slot, always */
    BOOT_TRIAL,  /* this slot, once */
    BOOT_TRYING, /* it has been started and not confirmed yet */
    BOOT_FAILED, /* it was tried and did not stay: the other slot */
};

struct boot_record {
    uint32_t sequence; /* 0: there has never been a record */
    uint8_t state, slot;
    uint32_t size; /* of the image in the slot */
    uint8_t digest[SHA256_SIZE];
};

bool boot_record_read(const struct hal *hal, struct boot_record *out);
/* Appends with the next sequence number. */
bool boot_record_write(const struct hal *hal, const struct boot_record *record);
/* The bootloader's decision: the slot to start now; moves a trial one step on. */
unsigned boot_record_choose(const struct hal *hal);
/* Hashes `size` bytes of a slot; false when they cannot be read. */
bool boot_slot_digest(const struct hal *hal, unsigned slot, uint32_t size,
                      uint8_t digest[SHA256_SIZE]);
#endif
