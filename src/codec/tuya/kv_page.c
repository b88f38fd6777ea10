/* The two kinds of structured page: sector header and index page. */
#include "base/bytes.h"
#include "codec/tuya/kv.h"

enum { HEADER_MAP_SIZE = 4, HEADER_END = 19, INDEX_NAME_AT = 18 };

bool kv_magic_known(uint32_t magic) {
    return magic == KV_MAGIC_CLASSIC || magic == KV_MAGIC_OS3;
}

uint32_t kv_sector_sum(const uint8_t plain[TUYA_SECTOR]) {
    return tuya_sum(plain + 8, TUYA_SECTOR - 8);
}

enum status kv_header_decode(const uint8_t *plain, size_t size, struct kv_header *out,
                             struct fault *fault) {
    if (size < HEADER_END)
        return fault_at(fault, STATUS_TRUNCATED, size, "a sector header");
    *out = (struct kv_header){.magic = load_le32(plain),
                              .sum = load_le32(plain + 4),
                              .block = load_le16(plain + 8),
                              .generation = load_le32(plain + 10)};
    if (!kv_magic_known(out->magic))
        return fault_at(fault, STATUS_BAD_MAGIC, 0, "data sector magic");
    if (out->block >= KV_BLOCKS_MAX)
        return fault_at(fault, STATUS_BAD_VALUE, 8, "a block id below 256");
    if (plain[14] != HEADER_MAP_SIZE)
        return fault_at(fault, STATUS_BAD_VALUE, 14, "a map of 4 bytes");
    out->index_map = load_le32(plain + 15) & ~1u;
    return STATUS_OK;
}

void kv_header_encode(const struct kv_header *header, uint8_t plain[TUYA_SECTOR]) {
    memset(plain, 0xFF, TUYA_PAGE);
    store_le32(plain, header->magic);
    store_le16(plain + 8, header->block);
    store_le32(plain + 10, header->generation);
    plain[14] = HEADER_MAP_SIZE;
    store_le32(plain + 15, header->index_map);
    store_le32(plain + 4, kv_sector_sum(plain));
}

/* Reads `count` parts; false unless they hold `length` bytes with less than a page to spare. */
static bool read_parts(const uint8_t *p, size_t room, uint16_t count, struct kv_index *out) {
    size_t pages = 0;
    if (count > KV_PARTS_MAX || (size_t)count * 4 > room)
        return false;
    for (uint16_t i = 0; i < count; i++, p += 4) {
        out->part[i] = (struct kv_part){load_le16(p), p[2], p[3]};
        if (p[2] == 0 || p[2] > p[3] || p[3] >= KV_PAGES || out->part[i].block >= KV_BLOCKS_MAX)
            return false;
        pages += (size_t)(p[3] - p[2]) + 1;
    }
    out->part_count = count;
    return out->length <= pages * TUYA_PAGE;
}

static bool name_is_sane(const uint8_t *name, size_t length) {
    for (size_t i = 0; i + 1 < length; i++)
        if (name[i] < 0x20 || name[i] > 0x7E)
            return false;
    return name[length - 1] == '\0';
}

enum status kv_index_decode(const uint8_t page[TUYA_PAGE], uint16_t block, uint8_t number,
                            struct kv_index *out, struct fault *fault) {
    *out = (struct kv_index){.sum = load_le32(page),
                             .length = load_le32(page + 4),
                             .block = load_le16(page + 8),
                             .page = page[10],
                             .pointer = load_le32(page + 13)};
    if (out->block != block)
        return fault_at(fault, STATUS_BAD_VALUE, 8, "the block's own id");
    if (out->page != number)
        return fault_at(fault, STATUS_BAD_VALUE, 10, "the page's own number");
    size_t name = page[17];
    if (name == 0 || name > KV_NAME_MAX || INDEX_NAME_AT + name > TUYA_PAGE)
        return fault_at(fault, STATUS_BAD_LENGTH, 17, "a name of 1 to 110 bytes");
    if (!name_is_sane(page + INDEX_NAME_AT, name))
        return fault_at(fault, STATUS_BAD_VALUE, INDEX_NAME_AT, "a printable name");
    memcpy(out->name, page + INDEX_NAME_AT, name);
    uint16_t count = load_le16(page + 11);
    const uint8_t *parts = page + INDEX_NAME_AT + name;
    size_t room = TUYA_PAGE - INDEX_NAME_AT - name;
    /* some firmware is said to count bytes instead of parts */
    if (!read_parts(parts, room, count, out) &&
        (count % 4 || !read_parts(parts, room, count / 4, out)))
        return fault_at(fault, STATUS_BAD_LENGTH, 11, "parts that hold the value");
    return STATUS_OK;
}

bool kv_index_encode(const struct kv_index *index, uint8_t page[TUYA_PAGE]) {
    size_t name = strlen(index->name) + 1;
    if (name > KV_NAME_MAX || INDEX_NAME_AT + name + 4u * index->part_count > TUYA_PAGE)
        return false;
    memset(page, 0xFF, TUYA_PAGE);
    store_le32(page, index->sum);
    store_le32(page + 4, index->length);
    store_le16(page + 8, index->block);
    page[10] = index->page;
    store_le16(page + 11, index->part_count);
    store_le32(page + 13, index->pointer);
    page[17] = (uint8_t)name;
    memcpy(page + INDEX_NAME_AT, index->name, name);
    uint8_t *p = page + INDEX_NAME_AT + name;
    for (uint16_t i = 0; i < index->part_count; i++, p += 4) {
        store_le16(p, index->part[i].block);
        p[2] = index->part[i].first;
        p[3] = index->part[i].last;
    }
    return true;
}
