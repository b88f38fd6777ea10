/* Boot records; see boot_record.h. */
#include "device/service/update/boot_record.h"

#include "base/bytes.h"
#include "base/crc.h"

enum { RECORD = 64, SECTORS = 2, PER_SECTOR = HAL_FLASH_SECTOR / RECORD, CRC_AT = 60, PIECE = 256 };
static const uint32_t magic = 0x31524250; /* "PBR1" */

static uint32_t place(const struct hal *hal, unsigned index) {
    return hal->chip.boot_offset + index * RECORD;
}

static bool decode(const uint8_t *p, struct boot_record *out) {
    if (load_le32(p) != magic || load_le32(p + CRC_AT) != crc32_update(0, p, CRC_AT) ||
        p[8] > BOOT_FAILED || p[9] > 1)
        return false;
    *out = (struct boot_record){load_le32(p + 4), p[8], p[9], load_le32(p + 12), {0}};
    memcpy(out->digest, p + 16, SHA256_SIZE);
    return true;
}

/* The newest record and its index; -1 when there is none. */
static int newest(const struct hal *hal, struct boot_record *out) {
    uint8_t bytes[RECORD];
    struct boot_record record;
    int found = -1;
    *out = (struct boot_record){0};
    for (unsigned i = 0; i < SECTORS * PER_SECTOR; i++)
        if (hal->flash_read(hal->context, place(hal, i), bytes, sizeof bytes) &&
            decode(bytes, &record) && (found < 0 || record.sequence > out->sequence)) {
            *out = record;
            found = (int)i;
        }
    return found;
}

bool boot_record_read(const struct hal *hal, struct boot_record *out) {
    *out = (struct boot_record){0};
    return hal->chip.boot_offset && hal->flash_read && newest(hal, out) >= 0;
}

static bool erased(const struct hal *hal, unsigned index) {
    uint8_t bytes[RECORD];
    return hal->flash_read(hal->context, place(hal, index), bytes, sizeof bytes) &&
           bytes_all(bytes, sizeof bytes, 0xFF);
}

/* The next free place after the newest; a sector that has to be used anew is erased first, which
 * never is the one the newest record stands in. */
static int next_place(const struct hal *hal, int found) {
    unsigned sector = found < 0 ? 0 : (unsigned)found / PER_SECTOR;
    for (unsigned i = found < 0 ? 0 : (unsigned)found % PER_SECTOR + 1; i < PER_SECTOR; i++)
        if (erased(hal, sector * PER_SECTOR + i))
            return (int)(sector * PER_SECTOR + i);
    sector = found < 0 ? 0 : 1 - sector;
    if (!hal->flash_erase(hal->context, hal->chip.boot_offset + sector * HAL_FLASH_SECTOR))
        return -1;
    return (int)(sector * PER_SECTOR);
}

bool boot_record_write(const struct hal *hal, const struct boot_record *record) {
    uint8_t bytes[RECORD] = {0};
    struct boot_record last;
    if (!hal->chip.boot_offset || !hal->flash_program)
        return false;
    int at = next_place(hal, newest(hal, &last));
    if (at < 0)
        return false;
    store_le32(bytes, magic);
    store_le32(bytes + 4, last.sequence + 1);
    bytes[8] = record->state;
    bytes[9] = record->slot;
    store_le32(bytes + 12, record->size);
    memcpy(bytes + 16, record->digest, SHA256_SIZE);
    store_le32(bytes + CRC_AT, crc32_update(0, bytes, CRC_AT));
    return hal->flash_program(hal->context, place(hal, (unsigned)at), bytes, sizeof bytes);
}

bool boot_slot_digest(const struct hal *hal, unsigned slot, uint32_t size,
                      uint8_t digest[SHA256_SIZE]) {
    struct sha256 hash;
    uint8_t piece[PIECE];
    sha256_start(&hash);
    for (uint32_t at = 0; at < size; at += PIECE) {
        uint32_t part = size - at < PIECE ? size - at : PIECE;
        if (!hal->flash_read(hal->context, hal->chip.slot_offset[slot & 1] + at, piece, part))
            return false;
        sha256_add(&hash, piece, part);
    }
    sha256_end(&hash, digest);
    return true;
}

static bool image_whole(const struct hal *hal, const struct boot_record *record) {
    uint8_t digest[SHA256_SIZE];
    return record->size <= hal->chip.slot_size &&
           boot_slot_digest(hal, record->slot, record->size, digest) &&
           memcmp(digest, record->digest, sizeof digest) == 0;
}

unsigned boot_record_choose(const struct hal *hal) {
    struct boot_record record;
    if (!boot_record_read(hal, &record))
        return 0;
    unsigned other = 1u - record.slot;
    switch (record.state) {
    case BOOT_TRIAL:
        record.state = image_whole(hal, &record) ? BOOT_TRYING : BOOT_FAILED;
        if (!boot_record_write(hal, &record))
            return other;
        return record.state == BOOT_TRYING ? record.slot : other;
    case BOOT_TRYING:
        record.state = BOOT_FAILED;
        boot_record_write(hal, &record);
        return other;
    case BOOT_FAILED:
        return other;
    default:
        return record.slot;
    }
}
