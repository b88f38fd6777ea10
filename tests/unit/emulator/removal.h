/* Ways in which the pin configuration goes missing from a dump, tried on real ones: by somebody who
 * blanks what he takes for private, by a writer that went wrong, by an erase that went too far. */
#ifndef TESTS_EMULATOR_REMOVAL_H
#define TESTS_EMULATOR_REMOVAL_H
#include "inspector/dumps.h"
#include "workbench/host/crypto.h"
#include "workbench/inspector/inspection.h"
#include "workbench/inspector/sanitize.h"

enum removal {
    REMOVAL_VALUE,    /* the newest user_param_key is blanked, all sums made right again */
    REMOVAL_ENTRY,    /* and its index page wiped, in every generation: as if it had never been */
    REMOVAL_PIN_TEXT, /* every "_pin" made unreadable in every sector, swap and old copies included
                       */
    REMOVAL_SECTOR,   /* the 4 KiB sectors that hold the newest one erased */
    REMOVAL_STORE,    /* the whole storage erased */
    REMOVAL_SANITIZE, /* plugsmith sanitize */
    REMOVAL_COUNT
};

static inline const char *removal_name(enum removal way) {
    static const char *const names[REMOVAL_COUNT] = {"value blanked",  "entry wiped",
                                                     "_pin garbled",   "sector erased",
                                                     "storage erased", "sanitize"};
    return names[way];
}

/* The same bytes in another order keep every sum right. */
static inline void removal_blank_words(uint8_t *data, size_t size) {
    for (size_t i = 0; i + 4 <= size; i++)
        if (memcmp(data + i, "_pin", 4) == 0)
            memcpy(data + i, "nip_", 4);
}

/* Writes a changed sector back, its sum right. */
static inline void removal_store(uint8_t *image, const struct storage *st,
                                 const struct kv_sector *sector, uint8_t plain[TUYA_SECTOR]) {
    if (sector->sum_ok)
        store_le32(plain + 4, kv_sector_sum(plain));
    aes128_ecb_encrypt(st->data_key, plain, image + sector->offset, TUYA_SECTOR);
}

/* Takes the value out of one generation: its pages blanked where they are in the same sector. */
static inline void removal_of_entry(uint8_t *image, const struct storage *st, int number,
                                    bool wipe_index) {
    const struct kv_sector *sector = &st->kv.sector[number];
    uint8_t plain[TUYA_SECTOR];
    bool changed = false;
    memcpy(plain, sector->plain, TUYA_SECTOR);
    for (int page = 1; page < KV_PAGES; page++) {
        struct kv_index index;
        if (!(sector->header.index_map >> page & 1) ||
            kv_index_decode(plain + page * TUYA_PAGE, sector->header.block, (uint8_t)page, &index,
                            NULL) != STATUS_OK ||
            strcmp(index.name, "user_param_key") != 0)
            continue;
        static uint8_t blank[KV_VALUE_MAX];
        memset(blank, ' ', index.length);
        for (int i = 0; i < index.part_count; i++)
            if (index.part[i].block == sector->header.block)
                memset(plain + index.part[i].first * TUYA_PAGE, ' ',
                       (size_t)(index.part[i].last - index.part[i].first + 1) * TUYA_PAGE);
        store_le32(plain + page * TUYA_PAGE, tuya_sum(blank, index.length));
        if (wipe_index) {
            memset(plain + page * TUYA_PAGE, 0xFF, TUYA_PAGE);
            struct kv_header header = sector->header;
            header.index_map &= ~(1u << page);
            kv_header_encode(&header, plain);
        }
        changed = true;
    }
    if (changed)
        removal_store(image, st, sector, plain);
}

static inline void removal_of_words(uint8_t *image, const struct storage *st, int number) {
    uint8_t plain[TUYA_SECTOR];
    memcpy(plain, st->kv.sector[number].plain, TUYA_SECTOR);
    removal_blank_words(plain, TUYA_SECTOR);
    removal_store(image, st, &st->kv.sector[number], plain);
}

static inline bool removal_newest(const struct storage *st, int number) {
    const struct kv_sector *s = &st->kv.sector[number];
    return kv_store_block(&st->kv, s->header.block, 0) == s;
}

static inline void removal_of_sectors(uint8_t *image, size_t size, const struct storage *st) {
    const struct storage_key *key = storage_get(st, "user_param_key");
    for (int i = 0; key && i < st->kv.count; i++)
        if (removal_newest(st, i) && st->kv.sector[i].offset + TUYA_SECTOR <= size &&
            (st->kv.sector[i].offset == key->sector_offset))
            memset(image + st->kv.sector[i].offset, 0xFF, TUYA_SECTOR);
}

static inline void removal_of_regions(uint8_t *image, const struct inspection *in,
                                      enum region_kind kind) {
    for (int i = 0; i < in->region_count; i++)
        if (in->region[i].kind == kind)
            memset(image + in->region[i].offset, 0xFF, in->region[i].size);
}

/* `image` is a copy of what `in` inspected. `files`: the user files lose the text, too. */
static inline void removal_do(uint8_t *image, size_t size, const struct inspection *in,
                              enum removal way, bool files) {
    const struct storage *st = &in->storage;
    struct sanitize *report = way == REMOVAL_SANITIZE ? calloc(1, sizeof *report) : NULL;
    char why[300];
    for (int i = 0; i < st->kv.count; i++)
        if (way == REMOVAL_PIN_TEXT)
            removal_of_words(image, st, i);
        else if (way == REMOVAL_ENTRY || (way == REMOVAL_VALUE && removal_newest(st, i)))
            removal_of_entry(image, st, i, way == REMOVAL_ENTRY);
    if (way == REMOVAL_SECTOR)
        removal_of_sectors(image, size, st);
    if (way == REMOVAL_STORE)
        removal_of_regions(image, in, REGION_STORE);
    if (report && sanitize_image(image, size, report, why, sizeof why))
        sanitize_free(report);
    free(report);
    if (files && way == REMOVAL_PIN_TEXT)
        for (int i = 0; i < in->region_count; i++)
            if (in->region[i].kind == REGION_USER_FILES)
                removal_blank_words(image + in->region[i].offset, in->region[i].size);
    if (files && way != REMOVAL_PIN_TEXT)
        removal_of_regions(image, in, REGION_USER_FILES);
}
#endif
