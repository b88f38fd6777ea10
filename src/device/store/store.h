/* The store: a power-safe, wear-levelled, append-only log of key-value records on NOR flash. The
 * sectors of its area form a ring; records are appended at the head, and when room gets short the
 * oldest sector's living records are copied to the head before it is erased. So every sector is
 * erased equally often, and after a power cut at any program or erase step each key has either its
 * old or its new value. Every record has a CRC-32 salted with its place, so a stale, torn or
 * bit-damaged record is recognised and stepped over, and the rest survives.
 *
 * A sector: magic, sequence number, version, CRC (16 bytes; the
 * sequence number divided by the sectors is the number of erases), then records: key u16, length
 * u16 (0xFFFF: key deleted), CRC-32, data padded to 4 bytes. */
#ifndef DEVICE_STORE_H
#define DEVICE_STORE_H
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct hal;

enum {
    STORE_VALUE_MAX = 1012, /* bytes of one record */
    STORE_INDEX = 288,      /* living keys at most */
    STORE_SECTORS_MAX = 64,
    STORE_SECTORS_MIN = 4,
    STORE_USUAL_PACE = 4096, /* bytes a day of a plug that remembers its relay and its energy */
};

/* Ranges of keys. */
enum {
    STORE_KEY_SETTING = 0x0100,        /* + storage key of the setting */
    STORE_KEY_BOOT = 0x0200,           /* boot counters */
    STORE_KEY_OBK_COUNTERS = 0x020D,   /* OpenBeken's running values as they were found */
    STORE_KEY_RESTORE = 0x020E,        /* a restored configuration waits to be put in place */
    STORE_KEY_FIRST_SAVE = 0x020F,     /* the first save of all settings was complete */
    STORE_KEY_ENERGY = 0x0210,         /* the ledger's counter, */
    STORE_KEY_ENERGY_MARKS = 0x0211,   /* its marks */
    STORE_KEY_ENERGY_HISTORY = 0x0212, /* and consumption by hour and day */
    STORE_KEY_PROTECTION = 0x0213,     /* limits, and the trip that holds */
    STORE_KEY_RETAINED = 0x0300,       /* + retained slot */
    STORE_KEY_FILE = 0x0400,           /* + file number: directory record */
    STORE_KEY_CHUNK = 0x1000,          /* + slot * 64 + chunk number */
};

struct store {
    const struct hal *hal;
    uint32_t offset, sectors; /* area; sectors 0: no store */
    uint32_t sequence;        /* of the head sector */
    uint32_t head, used;      /* head sector, sector in ring order; sectors in use */
    uint32_t at;              /* next free byte in the head sector */
    uint32_t live_bytes;
    uint32_t bad_records;      /* damaged records seen when mounting */
    uint32_t erases, programs; /* since start */
    uint32_t written;          /* bytes programmed since start */
    uint16_t count;
    bool read_only; /* flash failed; reads go on */
    struct store_entry {
        uint16_t key, length;
        uint16_t word; /* where the record begins, in words of four bytes from the area's start */
    } index[STORE_INDEX];
    uint8_t buffer[STORE_VALUE_MAX + 8];
};

/* Finds the log in the area and builds the index; formats an area without one. UNSUPPORTED when
 * the platform has no flash. */
enum status store_mount(struct store *s, const struct hal *hal);
/* Copies the value; NOT_FOUND, or BAD_CHECKSUM when the flash has decayed since mounting. *length
 * (may be NULL) is the stored length, even when longer than size. */
enum status store_get(struct store *s, uint16_t key, void *value, size_t size, size_t *length);
bool store_has(const struct store *s, uint16_t key);
/* Writes; nothing is written when the stored value is the same. NO_SPACE, IO. */
enum status store_put(struct store *s, uint16_t key, const void *value, size_t length);
enum status store_delete(struct store *s, uint16_t key);
/* Drops a key from the index only: nothing is written, its record is not carried on when its
 * sector is reclaimed, and it is back after a restart until then. For leftovers. */
void store_forget(struct store *s, uint16_t key);
/* The i-th living key, in no order; 0 beyond the last. */
uint16_t store_key_at(const struct store *s, unsigned i);
/* Erases that each sector has seen so far. */
uint32_t store_erase_count(const struct store *s);
/* Erases everything. */
enum status store_format(struct store *s);
/* Bytes free for new values. */
uint32_t store_free(const struct store *s);
/* Lifetime: days until the most worn sector reaches its rated cycles, if written at
 * `bytes_per_day` from now on; UINT32_MAX when for ever. */
uint32_t store_life_days(const struct store *s, uint32_t bytes_per_day);
/* Bytes a day at the pace since start, `uptime_s` ago; STORE_USUAL_PACE in the first hour, which
 * says little. Copying of old records is in it. */
uint32_t store_pace(const struct store *s, uint32_t uptime_s);
/* Walks the log and checks every CRC: number of damaged living records. */
unsigned store_check(struct store *s);
#endif
