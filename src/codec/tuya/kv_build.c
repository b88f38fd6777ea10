/* Fills a store: an index page, then the value's pages, blocks one after another. */
#include "base/bytes.h"
#include "codec/tuya/kv.h"

void kv_build_start(struct kv_builder *builder, uint8_t (*sectors)[TUYA_SECTOR], int blocks,
                    uint32_t magic, uint32_t generation) {
    *builder = (struct kv_builder){.sector = sectors,
                                   .blocks = blocks < KV_BLOCKS_MAX ? blocks : KV_BLOCKS_MAX,
                                   .magic = magic,
                                   .generation = generation,
                                   .page = 1};
    memset(sectors, 0xFF, (size_t)builder->blocks * TUYA_SECTOR);
}

/* Takes the next free page; false when all blocks are full. */
static bool take_page(struct kv_builder *b, int *block, int *page) {
    if (b->page >= KV_PAGES) {
        b->block++;
        b->page = 1;
    }
    if (b->block >= b->blocks)
        return false;
    *block = b->block;
    *page = b->page++;
    b->used[*block] |= 1u << *page;
    return true;
}

static bool add_page(struct kv_index *index, int block, int page) {
    struct kv_part *last = index->part_count ? &index->part[index->part_count - 1] : NULL;
    if (last && last->block == block && last->last + 1 == page) {
        last->last = (uint8_t)page;
        return true;
    }
    if (index->part_count >= KV_PARTS_MAX)
        return false;
    index->part[index->part_count++] =
        (struct kv_part){(uint16_t)block, (uint8_t)page, (uint8_t)page};
    return true;
}

bool kv_build_add(struct kv_builder *builder, const char *name, const void *value, size_t length) {
    struct kv_index index = {.sum = tuya_sum(value, length), .length = (uint32_t)length};
    int home, number, block, page;
    if (strlen(name) >= KV_NAME_MAX || length > KV_VALUE_MAX || !take_page(builder, &home, &number))
        return false;
    memcpy(index.name, name, strlen(name) + 1);
    index.block = (uint16_t)home;
    index.page = (uint8_t)number;
    for (size_t at = 0; at < length; at += TUYA_PAGE) {
        size_t piece = length - at < TUYA_PAGE ? length - at : TUYA_PAGE;
        if (!take_page(builder, &block, &page) || !add_page(&index, block, page))
            return false;
        memcpy(builder->sector[block] + page * TUYA_PAGE, (const uint8_t *)value + at, piece);
    }
    builder->map[home] |= 1u << number;
    return kv_index_encode(&index, builder->sector[home] + number * TUYA_PAGE);
}

void kv_build_finish(struct kv_builder *builder) {
    for (int i = 0; i < builder->blocks; i++) {
        struct kv_header header = {.magic = builder->magic,
                                   .block = (uint16_t)i,
                                   .generation = builder->used[i] ? builder->generation : 0,
                                   .index_map = builder->map[i]};
        kv_header_encode(&header, builder->sector[i]);
    }
}
