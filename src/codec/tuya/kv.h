/* Tuya's key-value store on decrypted sectors. A sector is one copy ("generation") of a logical
 * block: page 0 is its header with a bitmap of index pages, every index page names one value and
 * says in which pages, maybe of other blocks, its bytes stand. Of each block the sector with the
 * highest generation counts; older copies stay in flash and serve when the newest is damaged.
 * Format: tuya-cloudcutter/bk7231tools (kvstorage.py), openshwprojects/BK7231GUIFlashTool;
 * generation rule measured on public dumps. */
#ifndef CODEC_TUYA_KV_H
#define CODEC_TUYA_KV_H
#include "codec/tuya/key_block.h"

#include <stdbool.h>

#define KV_MAGIC_CLASSIC 0x98761234u
#define KV_MAGIC_OS3     0x135726ABu

enum {
    KV_PAGES = TUYA_SECTOR / TUYA_PAGE, /* page 0 is the header */
    KV_NAME_MAX = 110,                  /* bytes, NUL included */
    KV_PARTS_MAX = (TUYA_PAGE - 19) / 4,
    KV_SECTORS_MAX = 96,
    KV_BLOCKS_MAX = 256, /* logical block ids */
    KV_VALUE_MAX = 0x10000,
};

bool kv_magic_known(uint32_t magic);

/* Page 0 of a sector. */
struct kv_header {
    uint32_t magic, sum;
    uint16_t block;
    uint32_t generation; /* 0: formatted, never written */
    uint32_t index_map;  /* bit p: page p is an index page */
};
/* Decodes a header; the magic must be known, the map must be 4 bytes and the block id sane. The
 * sum is not checked. */
enum status kv_header_decode(const uint8_t *plain, size_t size, struct kv_header *out,
                             struct fault *fault);
uint32_t kv_sector_sum(const uint8_t plain[TUYA_SECTOR]);
/* Writes page 0 over a sector whose other pages are in place; fills in the sum. */
void kv_header_encode(const struct kv_header *header, uint8_t plain[TUYA_SECTOR]);

/* Pages `first`..`last` of a block, both included. */
struct kv_part {
    uint16_t block;
    uint8_t first, last;
};

/* An index page. */
struct kv_index {
    uint32_t sum, length; /* of the value, bytes */
    uint16_t block;
    uint8_t page;
    uint32_t pointer; /* left by the firmware, meaningless */
    char name[KV_NAME_MAX + 1];
    uint16_t part_count; /* 0: empty value */
    struct kv_part part[KV_PARTS_MAX];
};
/* Decodes one page; block and page must be those it is read from. */
enum status kv_index_decode(const uint8_t page[TUYA_PAGE], uint16_t block, uint8_t number,
                            struct kv_index *out, struct fault *fault);
/* Writes one page; false when name or parts do not fit. */
bool kv_index_encode(const struct kv_index *index, uint8_t page[TUYA_PAGE]);

/* One decrypted sector of a store. */
struct kv_sector {
    const uint8_t *plain;
    size_t offset; /* in the image; only reported */
    struct kv_header header;
    bool sum_ok;
    bool header_lost; /* page 0 is unreadable: block and map were rebuilt from the index pages */
    uint32_t rank;    /* generation; for a lost header what is known of it */
};

struct kv_store {
    struct kv_sector sector[KV_SECTORS_MAX]; /* by block, newest first, after kv_store_order */
    int count;
};

/* Adds a decrypted sector. False when it is no data sector or the store is full. */
bool kv_store_add(struct kv_store *store, const uint8_t plain[TUYA_SECTOR], size_t offset);
/* Adds a sector whose header is unreadable when its index pages say which block it is.
 * `home_block`: the block whose newest copy belongs at this place, or -1; it also serves when the
 * sector has no index page. */
bool kv_store_salvage(struct kv_store *store, const uint8_t plain[TUYA_SECTOR], size_t offset,
                      int home_block);
/* Sorts; call it after the last addition and before reading. */
void kv_store_order(struct kv_store *store);
/* Distinct block ids with a readable header. */
int kv_store_blocks(const struct kv_store *store);
/* Newest sector of a block or NULL; `skip` passes over that many newer ones. */
const struct kv_sector *kv_store_block(const struct kv_store *store, uint16_t block, int skip);

/* Which sector each part of a value was taken from, for rewriting it in place. */
struct kv_source {
    const struct kv_sector *sector[KV_PARTS_MAX];
};
/* Puts a value together: newest pages first, older copies of the blocks when the sum does not
 * match. Returns true when the sum matches; else `out` holds the newest pages. `out` needs room for
 * index->length bytes rounded up to a page; bytes of missing blocks are FF. */
bool kv_value_read(const struct kv_store *store, const struct kv_index *index,
                   const struct kv_sector *home, uint8_t *out, struct kv_source *source);

/* Walks the live entries in block and page order. A sector with a wrong sum does not hide older
 * copies: their entries follow, so a name can come twice, the newest first. */
struct kv_cursor {
    int sector, page;
};
struct kv_live {
    struct kv_index index;
    const struct kv_sector *sector;
    bool newest; /* taken from the newest copy of its block */
};
/* False at the end. */
bool kv_store_next(const struct kv_store *store, struct kv_cursor *cursor, struct kv_live *out);

/* Building: fills empty blocks with values one after another. */
struct kv_builder {
    uint8_t (*sector)[TUYA_SECTOR];
    int blocks;
    uint32_t magic, generation;
    int block, page;              /* next free page */
    uint32_t map[KV_BLOCKS_MAX];  /* index pages */
    uint32_t used[KV_BLOCKS_MAX]; /* all pages */
};
/* `sectors` is room for `blocks` sectors; block n becomes sectors[n]. */
void kv_build_start(struct kv_builder *builder, uint8_t (*sectors)[TUYA_SECTOR], int blocks,
                    uint32_t magic, uint32_t generation);
bool kv_build_add(struct kv_builder *builder, const char *name, const void *value, size_t length);
void kv_build_finish(struct kv_builder *builder);
#endif
