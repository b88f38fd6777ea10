/* The pieces of the store that its files share: records and sectors of the log. */
#ifndef DEVICE_STORE_LOG_H
#define DEVICE_STORE_LOG_H
#include "device/store/store.h"

enum {
    STORE_SECTOR = 4096,
    STORE_SECTOR_HEADER = 16,
    STORE_RECORD_HEADER = 8,
    STORE_RESERVE = 2, /* erased sectors always kept for copying */
    STORE_DELETED = 0xFFFF,
    STORE_BLANK = 0xFFFF,
};

struct store_record {
    uint16_t key, length; /* length STORE_DELETED: no data */
    uint32_t place;       /* in the area */
};

/* Space a record takes. */
uint32_t store_record_size(uint16_t length);
/* Sequence number that the sector at a place of the ring has or would have. */
uint32_t store_sequence_at(const struct store *s, uint32_t sector);
static inline uint32_t store_entry_place(const struct store_entry *entry) {
    return 4u * entry->word;
}
/* Reads the record at `place` of a sector into s->buffer (header first) and checks its CRC. */
bool store_record_read(struct store *s, uint32_t place, struct store_record *out);
/* Builds the record in s->buffer for the head position and programs it there; verifies. The data
 * may lie in s->buffer + STORE_RECORD_HEADER already. Advances the head position. */
bool store_record_append(struct store *s, uint16_t key, const void *data, uint16_t length);
bool store_sector_blank(struct store *s, uint32_t sector, uint32_t from);
/* Sequence in the STORE_SECTOR_HEADER bytes that a sector begins with; 0 when they are no header.
 */
uint32_t store_header_sequence(const uint8_t *header);
/* The same of a sector in the plug's flash. */
uint32_t store_sector_sequence(struct store *s, uint32_t sector);
/* Makes the sector the head: erases it unless blank, writes its header. */
bool store_sector_begin(struct store *s, uint32_t sector, uint32_t sequence);
struct store_entry *store_entry_find(const struct store *s, uint16_t key);
/* Index follows a record that was read or appended. */
enum status store_entry_set(struct store *s, const struct store_record *record);
#endif
