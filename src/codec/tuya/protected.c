/* Outer header and inner records of a protected block. */
#include "codec/tuya/protected.h"

#include "base/bytes.h"

enum { SUM_AT = 4, KEY_AT = 8, LENGTH_AT = 24, COUNTER_AT = 28 };

enum status protected_decode(const uint8_t *plain, size_t size, struct protected_header *out,
                             struct fault *fault) {
    if (size < TUYA_SECTOR)
        return fault_at(fault, STATUS_TRUNCATED, size, "a protected block");
    if (load_le32(plain) != KEY_BLOCK_MAGIC)
        return fault_at(fault, STATUS_BAD_MAGIC, 0, "protected block magic");
    if (load_le32(plain + SUM_AT) != tuya_sum(plain + 8, TUYA_SECTOR - 8))
        return fault_at(fault, STATUS_BAD_CHECKSUM, SUM_AT, "the sum of the sector");
    memcpy(out->key, plain + KEY_AT, STORAGE_KEY_SIZE);
    out->length = load_le32(plain + LENGTH_AT);
    out->counter = load_le32(plain + COUNTER_AT);
    if (out->length > TUYA_SECTOR - PROTECTED_AREA_AT)
        return fault_at(fault, STATUS_BAD_LENGTH, LENGTH_AT, "records inside the sector");
    return STATUS_OK;
}

void protected_encode(const struct protected_header *header, uint8_t plain[TUYA_SECTOR]) {
    store_le32(plain, KEY_BLOCK_MAGIC);
    memcpy(plain + KEY_AT, header->key, STORAGE_KEY_SIZE);
    store_le32(plain + LENGTH_AT, header->length);
    store_le32(plain + COUNTER_AT, header->counter);
    store_le32(plain + SUM_AT, tuya_sum(plain + 8, TUYA_SECTOR - 8));
}

enum status protected_next(const uint8_t *area, size_t size, size_t *at,
                           struct protected_record *out, struct fault *fault) {
    if (*at >= size)
        return STATUS_NOT_FOUND;
    if (!bytes_inside(size, *at, PROTECTED_RECORD_HEADER))
        return fault_at(fault, STATUS_TRUNCATED, *at, "a record header");
    *out = (struct protected_record){.length = load_le32(area + *at)};
    if (!bytes_inside(size, *at + PROTECTED_RECORD_HEADER, out->length))
        return fault_at(fault, STATUS_BAD_LENGTH, *at, "a record inside the area");
    memcpy(out->name, area + *at + 4, PROTECTED_NAME_SIZE);
    out->value = area + *at + PROTECTED_RECORD_HEADER;
    *at += PROTECTED_RECORD_HEADER + (size_t)out->length;
    return STATUS_OK;
}

bool protected_put(uint8_t *area, size_t size, size_t *at, const char *name, const void *value,
                   uint32_t length) {
    size_t name_length = strlen(name);
    if (name_length >= PROTECTED_NAME_SIZE || !bytes_inside(size, *at, PROTECTED_RECORD_HEADER) ||
        !bytes_inside(size, *at + PROTECTED_RECORD_HEADER, length))
        return false;
    store_le32(area + *at, length);
    memset(area + *at + 4, 0, PROTECTED_NAME_SIZE);
    memcpy(area + *at + 4, name, name_length); // NOLINT(bugprone-not-null-terminated-result)
    memcpy(area + *at + PROTECTED_RECORD_HEADER, value, length);
    *at += PROTECTED_RECORD_HEADER + (size_t)length;
    return true;
}
