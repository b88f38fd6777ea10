/* The live view of a store: sectors sorted by block and age, values put together from their parts,
 * older copies where the newest does not add up. */
#include "base/bytes.h"
#include "codec/tuya/kv.h"

enum { ATTEMPTS_MAX = 64 }; /* combinations of older copies tried for one value */

bool kv_store_add(struct kv_store *store, const uint8_t plain[TUYA_SECTOR], size_t offset) {
    struct kv_sector sector = {.plain = plain, .offset = offset};
    if (store->count >= KV_SECTORS_MAX ||
        kv_header_decode(plain, TUYA_SECTOR, &sector.header, NULL) != STATUS_OK)
        return false;
    sector.sum_ok = sector.header.sum == kv_sector_sum(plain);
    sector.rank = sector.header.generation;
    store->sector[store->count++] = sector;
    return true;
}

/* Pages that are index pages beyond doubt; *block is taken from the first one. */
static uint32_t find_index_pages(const uint8_t *plain, int *block) {
    uint32_t map = 0;
    struct kv_index index;
    for (int page = 1; page < KV_PAGES; page++) {
        const uint8_t *p = plain + page * TUYA_PAGE;
        uint16_t own = load_le16(p + 8);
        if ((*block >= 0 && own != *block) || own >= KV_BLOCKS_MAX ||
            kv_index_decode(p, own, (uint8_t)page, &index, NULL) != STATUS_OK)
            continue;
        *block = own;
        map |= 1u << page;
    }
    return map;
}

bool kv_store_salvage(struct kv_store *store, const uint8_t plain[TUYA_SECTOR], size_t offset,
                      int home_block) {
    int block = -1;
    uint32_t map = find_index_pages(plain, &block);
    bool home = home_block >= 0 && (block < 0 || block == home_block);
    if (store->count >= KV_SECTORS_MAX || (block < 0 && home_block < 0))
        return false;
    uint16_t id = (uint16_t)(block < 0 ? home_block : block);
    store->sector[store->count++] = (struct kv_sector){.plain = plain,
                                                       .offset = offset,
                                                       .header = {.block = id, .index_map = map},
                                                       .header_lost = true,
                                                       .rank = home ? UINT32_MAX : 0};
    return true;
}

static bool goes_before(const struct kv_sector *a, const struct kv_sector *b) {
    if (a->header.block != b->header.block)
        return a->header.block < b->header.block;
    if (a->rank != b->rank)
        return a->rank > b->rank;
    return a->sum_ok != b->sum_ok ? a->sum_ok : a->offset < b->offset;
}

void kv_store_order(struct kv_store *store) {
    for (int i = 1; i < store->count; i++) {
        struct kv_sector moving = store->sector[i];
        int at = i;
        for (; at > 0 && goes_before(&moving, &store->sector[at - 1]); at--)
            store->sector[at] = store->sector[at - 1];
        store->sector[at] = moving;
    }
}

int kv_store_blocks(const struct kv_store *store) {
    int count = 0, last = -1;
    for (int i = 0; i < store->count; i++)
        if (!store->sector[i].header_lost && store->sector[i].header.block != last) {
            last = store->sector[i].header.block;
            count++;
        }
    return count;
}

const struct kv_sector *kv_store_block(const struct kv_store *store, uint16_t block, int skip) {
    for (int i = 0; i < store->count; i++)
        if (store->sector[i].header.block == block && skip-- == 0)
            return &store->sector[i];
    return NULL;
}

/* Copy number `n` of a block, the entry's own sector first. */
static const struct kv_sector *copy_of(const struct kv_store *store, const struct kv_sector *home,
                                       uint16_t block, int n) {
    if (!home || home->header.block != block)
        return kv_store_block(store, block, n);
    if (n == 0)
        return home;
    for (int skip = 0;; skip++) {
        const struct kv_sector *sector = kv_store_block(store, block, skip);
        if (!sector || (sector != home && --n == 0))
            return sector;
    }
}

/* Copies the pages of the chosen sectors to `out`; true when the sum matches. */
static bool collect(const struct kv_index *index, const struct kv_source *source, uint8_t *out) {
    size_t at = 0;
    for (int i = 0; i < index->part_count; i++) {
        const struct kv_part *part = &index->part[i];
        for (size_t page = part->first; page <= part->last && at < index->length; page++) {
            size_t piece = index->length - at < TUYA_PAGE ? index->length - at : TUYA_PAGE;
            if (source->sector[i])
                memcpy(out + at, source->sector[i]->plain + page * TUYA_PAGE, piece);
            else
                memset(out + at, 0xFF, piece);
            at += piece;
        }
    }
    return at == index->length && tuya_sum(out, index->length) == index->sum;
}

/* The parts' distinct blocks, and which copy of each is in use: an odometer. */
struct choice {
    uint16_t block[KV_PARTS_MAX];
    int copy[KV_PARTS_MAX];
    int count;
};

static struct choice choice_start(const struct kv_index *index) {
    struct choice c = {.count = 0};
    for (int i = 0; i < index->part_count; i++) {
        int known = 0;
        while (known < c.count && c.block[known] != index->part[i].block)
            known++;
        if (known == c.count)
            c.block[c.count++] = index->part[i].block;
    }
    return c;
}

static bool choice_next(struct choice *c, const struct kv_store *store,
                        const struct kv_sector *home) {
    for (int i = 0; i < c->count; i++) {
        if (copy_of(store, home, c->block[i], ++c->copy[i]))
            return true;
        c->copy[i] = 0;
    }
    return false;
}

static void choice_apply(const struct choice *c, const struct kv_store *store,
                         const struct kv_sector *home, const struct kv_index *index,
                         struct kv_source *source) {
    for (int i = 0; i < index->part_count; i++)
        for (int k = 0; k < c->count; k++)
            if (c->block[k] == index->part[i].block)
                source->sector[i] = copy_of(store, home, c->block[k], c->copy[k]);
}

bool kv_value_read(const struct kv_store *store, const struct kv_index *index,
                   const struct kv_sector *home, uint8_t *out, struct kv_source *source) {
    struct choice c = choice_start(index);
    struct kv_source chosen;
    int attempts = 0;
    do {
        choice_apply(&c, store, home, index, &chosen);
        if (collect(index, &chosen, out)) {
            if (source)
                *source = chosen;
            return true;
        }
    } while (choice_next(&c, store, home) && ++attempts < ATTEMPTS_MAX);
    c = choice_start(index);
    choice_apply(&c, store, home, index, &chosen);
    if (source)
        *source = chosen;
    return collect(index, &chosen, out);
}

/* Does sector number i take part in the live view: the newest copy of its block, or older than
 * copies that are all damaged? */
static bool takes_part(const struct kv_store *store, int i) {
    uint16_t block = store->sector[i].header.block;
    for (int newer = i - 1; newer >= 0 && store->sector[newer].header.block == block; newer--)
        if (store->sector[newer].sum_ok)
            return false;
    return true;
}

bool kv_store_next(const struct kv_store *store, struct kv_cursor *cursor, struct kv_live *out) {
    for (; cursor->sector < store->count; cursor->sector++, cursor->page = 0) {
        const struct kv_sector *sector = &store->sector[cursor->sector];
        if (!takes_part(store, cursor->sector))
            continue;
        while (++cursor->page < KV_PAGES) {
            uint8_t page = (uint8_t)cursor->page;
            if (!(sector->header.index_map >> page & 1) ||
                kv_index_decode(sector->plain + page * TUYA_PAGE, sector->header.block, page,
                                &out->index, NULL) != STATUS_OK)
                continue;
            out->sector = sector;
            out->newest = cursor->sector == 0 ||
                          store->sector[cursor->sector - 1].header.block != sector->header.block;
            return true;
        }
    }
    return false;
}
