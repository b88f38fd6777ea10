/* The store as its users see it: mount, get, put, delete, and the reclaiming of old sectors. */
#include "device/store/store.h"

#include "base/bytes.h"
#include "device/hal.h"
#include "device/store/store_log.h"

/* Reads one sector of the log into the index, oldest sectors first. Whatever is damaged is stepped
 * over word by word until a record with a good CRC is met. */
static void sector_scan(struct store *s, uint32_t sector) {
    struct store_record record;
    bool damaged = false;
    for (uint32_t at = STORE_SECTOR_HEADER; at + STORE_RECORD_HEADER <= STORE_SECTOR;) {
        if (store_record_read(s, sector * STORE_SECTOR + at, &record)) {
            store_entry_set(s, &record);
            at += store_record_size(record.length);
            damaged = false;
            continue;
        }
        if (load_le16(s->buffer) == STORE_BLANK && store_sector_blank(s, sector, at))
            return;
        s->bad_records += !damaged;
        damaged = true;
        at += 4;
    }
}

/* First byte of the head sector behind everything that was ever programmed. */
static uint32_t free_from(struct store *s) {
    uint32_t end = STORE_SECTOR_HEADER;
    for (uint32_t at = STORE_SECTOR_HEADER; at < STORE_SECTOR; at += 16) {
        uint8_t piece[16];
        s->hal->flash_read(s->hal->context, s->offset + s->head * STORE_SECTOR + at, piece,
                           sizeof piece);
        for (uint32_t i = 0; i < sizeof piece; i++)
            if (piece[i] != 0xFF)
                end = (at + i) / 4 * 4 + 4;
    }
    return end;
}

/* Finds the newest sector, and how far back the ring goes. A sector in between whose header has
 * decayed still belongs to it: its sequence number follows from its place. */
static bool ring_find(struct store *s) {
    uint32_t newest = 0;
    for (uint32_t i = 0; i < s->sectors; i++) {
        uint32_t sequence = store_sector_sequence(s, i);
        if (sequence > newest) {
            newest = sequence;
            s->head = i;
        }
    }
    s->sequence = newest;
    s->used = 1;
    for (uint32_t back = 1; back < s->sectors && newest; back++) {
        uint32_t sector = (s->head + s->sectors - back) % s->sectors;
        if (store_sector_sequence(s, sector) == newest - back && newest > back)
            s->used = back + 1;
    }
    return newest != 0;
}

static bool log_begin(struct store *s, uint32_t sequence) {
    s->used = 1;
    s->count = 0;
    s->live_bytes = 0;
    return store_sector_begin(s, 0, sequence);
}

enum status store_mount(struct store *s, const struct hal *hal) {
    *s = (struct store){.hal = hal, .offset = hal->chip.store_offset};
    uint32_t sectors = hal->chip.store_size / STORE_SECTOR;
    if (!hal->flash_read || !hal->flash_program || !hal->flash_erase || sectors < STORE_SECTORS_MIN)
        return STATUS_UNSUPPORTED;
    s->sectors = sectors < STORE_SECTORS_MAX ? sectors : STORE_SECTORS_MAX;
    if (!ring_find(s)) {
        s->read_only = !log_begin(s, s->sectors);
        return s->read_only ? STATUS_IO : STATUS_OK;
    }
    for (uint32_t back = s->used; back-- > 0;)
        sector_scan(s, (s->head + s->sectors - back) % s->sectors);
    s->at = free_from(s);
    return STATUS_OK;
}

enum status store_get(struct store *s, uint16_t key, void *value, size_t size, size_t *length) {
    const struct store_entry *entry = store_entry_find(s, key);
    struct store_record record;
    if (!entry)
        return STATUS_NOT_FOUND;
    if (!store_record_read(s, store_entry_place(entry), &record) || record.key != key)
        return STATUS_BAD_CHECKSUM;
    memmove(value, s->buffer + STORE_RECORD_HEADER, size < record.length ? size : record.length);
    if (length)
        *length = record.length;
    return STATUS_OK;
}

bool store_has(const struct store *s, uint16_t key) {
    return store_entry_find(s, key) != NULL;
}

static bool head_advance(struct store *s) {
    if (!store_sector_begin(s, (s->head + 1) % s->sectors, s->sequence + 1))
        return false;
    s->used++;
    return true;
}

/* Copies one living record to the head. A value that has decayed is dropped and counted. */
static bool record_move(struct store *s, struct store_entry *entry) {
    struct store_record record;
    if (!store_record_read(s, store_entry_place(entry), &record) || record.key != entry->key) {
        s->bad_records++;
        store_forget(s, entry->key);
        return true;
    }
    if (s->at + store_record_size(record.length) > STORE_SECTOR && !head_advance(s))
        return false;
    /* advancing has used the buffer for nothing: headers are built elsewhere */
    uint32_t place = s->head * STORE_SECTOR + s->at;
    if (!store_record_append(s, record.key, s->buffer + STORE_RECORD_HEADER, record.length))
        return false;
    entry->word = (uint16_t)(place / 4);
    return true;
}

/* Frees the oldest sector. */
static bool tail_reclaim(struct store *s) {
    uint32_t tail = (s->head + s->sectors - (s->used - 1)) % s->sectors;
    for (unsigned i = 0; i < s->count;) {
        struct store_entry *entry = &s->index[i];
        uint16_t key = entry->key;
        if (store_entry_place(entry) / STORE_SECTOR == tail && !record_move(s, entry))
            return false;
        i += i < s->count && s->index[i].key == key; /* forgetting moves the last one here */
    }
    s->erases++;
    if (!s->hal->flash_erase(s->hal->context, s->offset + tail * STORE_SECTOR))
        return false;
    s->used--;
    return true;
}

static uint32_t capacity(const struct store *s) {
    return (s->sectors - STORE_RESERVE - 1) * (STORE_SECTOR - STORE_SECTOR_HEADER);
}

/* Makes `size` bytes free at the head. */
static enum status room_make(struct store *s, uint32_t size) {
    if (s->live_bytes + size > capacity(s))
        return STATUS_NO_SPACE;
    for (uint32_t round = 0; round <= 2 * s->sectors; round++) {
        if (s->at + size <= STORE_SECTOR)
            return STATUS_OK;
        bool spare = s->sectors - s->used > STORE_RESERVE;
        if (!(spare ? head_advance(s) : tail_reclaim(s)))
            return STATUS_IO;
    }
    return STATUS_NO_SPACE;
}

static enum status record_write(struct store *s, uint16_t key, const void *data, uint16_t length) {
    if (s->read_only || !s->sectors)
        return s->sectors ? STATUS_IO : STATUS_UNSUPPORTED;
    for (int attempt = 0; attempt < 2; attempt++) {
        enum status status = room_make(s, store_record_size(length));
        if (status == STATUS_NO_SPACE)
            return status;
        uint32_t place = s->head * STORE_SECTOR + s->at;
        if (status == STATUS_OK && store_record_append(s, key, data, length))
            return store_entry_set(s, &(struct store_record){key, length, place});
    }
    s->read_only = true;
    return STATUS_IO;
}

static bool same_as_stored(struct store *s, uint16_t key, const void *value, size_t length) {
    const struct store_entry *entry = store_entry_find(s, key);
    struct store_record record;
    return entry && entry->length == length &&
           store_record_read(s, store_entry_place(entry), &record) &&
           memcmp(s->buffer + STORE_RECORD_HEADER, value, length) == 0;
}

enum status store_put(struct store *s, uint16_t key, const void *value, size_t length) {
    if (length > STORE_VALUE_MAX)
        return STATUS_BAD_LENGTH;
    if (same_as_stored(s, key, value, length))
        return STATUS_OK;
    if (s->count == STORE_INDEX && !store_has(s, key))
        return STATUS_NO_SPACE;
    return record_write(s, key, value, (uint16_t)length);
}

enum status store_delete(struct store *s, uint16_t key) {
    return store_has(s, key) ? record_write(s, key, NULL, STORE_DELETED) : STATUS_NOT_FOUND;
}

void store_forget(struct store *s, uint16_t key) {
    store_entry_set(s, &(struct store_record){.key = key, .length = STORE_DELETED});
}

uint16_t store_key_at(const struct store *s, unsigned i) {
    return i < s->count ? s->index[i].key : 0;
}

enum status store_format(struct store *s) {
    if (!s->sectors)
        return STATUS_UNSUPPORTED;
    for (uint32_t i = 0; i < s->sectors; i++) /* oldest first, so that a cut leaves a log */
        if (!s->hal->flash_erase(s->hal->context,
                                 s->offset + (s->head + 1 + i) % s->sectors * STORE_SECTOR))
            return STATUS_IO;
    s->erases += s->sectors;
    s->read_only = !log_begin(s, (s->sequence / s->sectors + 1) * s->sectors);
    return s->read_only ? STATUS_IO : STATUS_OK;
}

uint32_t store_free(const struct store *s) {
    if (!s->sectors || s->live_bytes > capacity(s))
        return 0;
    return capacity(s) - s->live_bytes;
}

uint32_t store_erase_count(const struct store *s) {
    return s->sectors ? s->sequence / s->sectors : 0;
}

uint32_t store_life_days(const struct store *s, uint32_t bytes_per_day) {
    uint32_t cycles = s->hal && s->hal->chip.erase_cycles ? s->hal->chip.erase_cycles : 100000;
    if (!s->sectors || !bytes_per_day)
        return UINT32_MAX;
    /* a lap round the ring takes in what is not living already */
    uint64_t lap = store_free(s) ? store_free(s) : 1;
    uint64_t laps = cycles > store_erase_count(s) ? cycles - store_erase_count(s) : 0;
    uint64_t days = laps * lap / bytes_per_day;
    return days < UINT32_MAX ? (uint32_t)days : UINT32_MAX;
}

uint32_t store_pace(const struct store *s, uint32_t uptime_s) {
    enum { HOUR_S = 3600, DAY_S = 86400 };
    uint64_t day = uptime_s < HOUR_S ? STORE_USUAL_PACE : (uint64_t)s->written * DAY_S / uptime_s;
    return day < UINT32_MAX ? (uint32_t)day : UINT32_MAX;
}

unsigned store_check(struct store *s) {
    unsigned damaged = 0;
    struct store_record record;
    for (unsigned i = 0; i < s->count; i++)
        damaged += !store_record_read(s, store_entry_place(&s->index[i]), &record) ||
                   record.key != s->index[i].key;
    return damaged;
}
