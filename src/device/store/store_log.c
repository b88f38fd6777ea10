/* Records and sectors of the store's log. A record's CRC is salted with the sequence number of its
 * sector and its place in it, so a copy of a record elsewhere (a file that holds a flash image, a
 * sector whose erase was cut off) can never pass for a living one. */
#include "device/store/store_log.h"

#include "base/bytes.h"
#include "base/crc.h"
#include "device/hal.h"

static const uint32_t magic = 0x474F4C50u; /* "PLOG" */

uint32_t store_record_size(uint16_t length) {
    return STORE_RECORD_HEADER + (length == STORE_DELETED ? 0 : (length + 3u) / 4 * 4);
}

uint32_t store_sequence_at(const struct store *s, uint32_t sector) {
    return s->sequence - (s->head + s->sectors - sector) % s->sectors;
}

static bool flash_read(struct store *s, uint32_t place, void *data, size_t size) {
    return s->hal->flash_read(s->hal->context, s->offset + place, data, size);
}

static bool flash_program(struct store *s, uint32_t place, const void *data, size_t size) {
    s->programs++;
    s->written += (uint32_t)size;
    return s->hal->flash_program(s->hal->context, s->offset + place, data, size);
}

/* CRC of the record in the buffer: salt, key and length, data. */
static uint32_t record_crc(const struct store *s, uint32_t place, uint16_t length) {
    uint8_t salt[8];
    store_le32(salt, store_sequence_at(s, place / STORE_SECTOR));
    store_le32(salt + 4, place % STORE_SECTOR);
    uint32_t crc = crc32_update(0, salt, sizeof salt);
    crc = crc32_update(crc, s->buffer, 4);
    return crc32_update(crc, s->buffer + STORE_RECORD_HEADER, length == STORE_DELETED ? 0 : length);
}

bool store_record_read(struct store *s, uint32_t place, struct store_record *out) {
    uint32_t left = STORE_SECTOR - place % STORE_SECTOR;
    if (left < STORE_RECORD_HEADER || !flash_read(s, place, s->buffer, STORE_RECORD_HEADER))
        return false;
    out->place = place;
    out->key = load_le16(s->buffer);
    out->length = load_le16(s->buffer + 2);
    if (out->length != STORE_DELETED && out->length > STORE_VALUE_MAX)
        return false;
    if (out->key == STORE_BLANK || store_record_size(out->length) > left)
        return false;
    uint16_t size = out->length == STORE_DELETED ? 0 : out->length;
    if (size && !flash_read(s, place + STORE_RECORD_HEADER, s->buffer + STORE_RECORD_HEADER, size))
        return false;
    return load_le32(s->buffer + 4) == record_crc(s, place, out->length);
}

bool store_record_append(struct store *s, uint16_t key, const void *data, uint16_t length) {
    uint32_t place = s->head * STORE_SECTOR + s->at;
    uint32_t size = store_record_size(length);
    uint16_t bytes = length == STORE_DELETED ? 0 : length;
    if (bytes)
        memmove(s->buffer + STORE_RECORD_HEADER, data, bytes);
    memset(s->buffer + STORE_RECORD_HEADER + bytes, 0xFF, size - STORE_RECORD_HEADER - bytes);
    store_le16(s->buffer, key);
    store_le16(s->buffer + 2, length);
    store_le32(s->buffer + 4, record_crc(s, place, length));
    s->at += size;
    if (!flash_program(s, place, s->buffer, size))
        return false;
    struct store_record written;
    return store_record_read(s, place, &written) && written.key == key;
}

bool store_sector_blank(struct store *s, uint32_t sector, uint32_t from) {
    uint8_t piece[64];
    while (from < STORE_SECTOR) {
        size_t size = STORE_SECTOR - from < sizeof piece ? STORE_SECTOR - from : sizeof piece;
        if (!flash_read(s, sector * STORE_SECTOR + from, piece, size) ||
            !bytes_all(piece, size, 0xFF))
            return false;
        from += (uint32_t)size;
    }
    return true;
}

static void sector_header(uint8_t header[STORE_SECTOR_HEADER], uint32_t sequence) {
    store_le32(header, magic);
    store_le32(header + 4, sequence);
    store_le32(header + 8, 1); /* version */
    store_le32(header + 12, crc32_update(0, header, 12));
}

uint32_t store_header_sequence(const uint8_t *header) {
    uint8_t wanted[STORE_SECTOR_HEADER];
    sector_header(wanted, load_le32(header + 4));
    return memcmp(header, wanted, sizeof wanted) == 0 ? load_le32(header + 4) : 0;
}

uint32_t store_sector_sequence(struct store *s, uint32_t sector) {
    uint8_t header[STORE_SECTOR_HEADER];
    return flash_read(s, sector * STORE_SECTOR, header, sizeof header)
               ? store_header_sequence(header)
               : 0;
}

bool store_sector_begin(struct store *s, uint32_t sector, uint32_t sequence) {
    if (!store_sector_blank(s, sector, 0)) {
        s->erases++;
        if (!s->hal->flash_erase(s->hal->context, s->offset + sector * STORE_SECTOR))
            return false;
    }
    uint8_t header[STORE_SECTOR_HEADER];
    sector_header(header, sequence);
    if (!flash_program(s, sector * STORE_SECTOR, header, sizeof header) ||
        store_sector_sequence(s, sector) != sequence)
        return false;
    s->head = sector;
    s->sequence = sequence;
    s->at = STORE_SECTOR_HEADER;
    return true;
}

struct store_entry *store_entry_find(const struct store *s, uint16_t key) {
    for (unsigned i = 0; i < s->count; i++)
        if (s->index[i].key == key)
            return (struct store_entry *)&s->index[i];
    return NULL;
}

enum status store_entry_set(struct store *s, const struct store_record *record) {
    struct store_entry *entry = store_entry_find(s, record->key);
    if (entry)
        s->live_bytes -= store_record_size(entry->length);
    if (record->length == STORE_DELETED) {
        if (entry)
            *entry = s->index[--s->count];
        return STATUS_OK;
    }
    if (!entry && s->count == STORE_INDEX)
        return STATUS_NO_SPACE;
    if (!entry)
        entry = &s->index[s->count++];
    *entry = (struct store_entry){record->key, record->length, (uint16_t)(record->place / 4)};
    s->live_bytes += store_record_size(record->length);
    return STATUS_OK;
}
