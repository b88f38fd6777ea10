/* The two striped regions: extent, damage, header, key. The check of every block's CRC tells the
 * place of damage; the header's CRC and hash prove the whole. */
#include "workbench/inspector/survey_private.h"

#include "base/crc.h"
#include "codec/beken/cipher.h"
#include "codec/beken/key_recover.h"

#include <stdlib.h>

enum {
    APP_SLOT_TUYA = 0x118F70, /* physical, as in Tuya's partition tables */
    APP_SLOT_LARGEST = 0x121000,
    APP_SMALLEST = 0x10000, /* no firmware is smaller */
    PADDING_MAX = 255,
    SAMPLE = 16384, /* bytes of code by which a key is guessed */
};

static void add_bad(struct survey *s, size_t offset, bool bootloader) {
    struct survey_bad *last = s->bad_count ? &s->bad[s->bad_count - 1] : NULL;
    if (last && last->bootloader == bootloader && last->offset + last->size == offset) {
        last->size += BEKEN_PHYSICAL_BLOCK;
        last->blocks++;
        return;
    }
    s->bad_runs++;
    if (s->bad_count < SURVEY_BAD_MAX)
        s->bad[s->bad_count++] = (struct survey_bad){offset, BEKEN_PHYSICAL_BLOCK, 1, bootloader};
}

/* Bytes up to the last good block of a region, at most `limit`. */
static size_t last_good(const uint8_t *data, size_t limit) {
    for (size_t n = limit / BEKEN_PHYSICAL_BLOCK; n > 0; n--)
        if (beken_block_check(data + (n - 1) * BEKEN_PHYSICAL_BLOCK) == BEKEN_BLOCK_GOOD)
            return n * BEKEN_PHYSICAL_BLOCK;
    return 0;
}

/* Counts blocks and lists the bad ones. An erased block in front of good code is a page that could
 * not be read. */
static void check_blocks(struct survey_image *image, struct survey_code *code, size_t solid,
                         bool bootloader) {
    const uint8_t *data = image->data + code->offset;
    code->blocks = beken_stripe_check(data, code->size);
    struct beken_stripe_count inner = beken_stripe_check(data, solid);
    if (code->blocks.bad == 0 && inner.erased == 0)
        return;
    for (size_t at = 0; at + BEKEN_PHYSICAL_BLOCK <= code->size; at += BEKEN_PHYSICAL_BLOCK) {
        enum beken_block block = beken_block_check(data + at);
        if (block == BEKEN_BLOCK_BAD || (block == BEKEN_BLOCK_ERASED && at < solid))
            add_bad(image->out, code->offset + at, bootloader);
    }
    code->blocks.bad += inner.erased;
    code->blocks.erased -= inner.erased;
}

/* Places a slot of flash in the file. */
static bool place_slot(const struct survey_image *image, uint32_t address, size_t length,
                       struct survey_code *code) {
    const struct survey *s = image->out;
    size_t end_address = address + length;
    if (s->origin > (int64_t)address && !s->turned) { /* cut in front, but stay on the grid */
        if (s->origin >= (int64_t)end_address)
            return false;
        size_t cut = ((size_t)s->origin - address + BEKEN_PHYSICAL_BLOCK - 1) /
                     BEKEN_PHYSICAL_BLOCK * BEKEN_PHYSICAL_BLOCK;
        code->missing = cut;
        address += (uint32_t)cut;
        length -= cut < length ? cut : length;
    }
    size_t place = survey_place(s, image->size, address);
    if (place == SIZE_MAX || length == 0)
        return false;
    code->offset = place;
    code->size = length < image->size - place ? length : image->size - place;
    code->missing += length - code->size;
    return true;
}

static const struct beken_known_key *recognise_key(const struct survey_image *image, size_t place,
                                                   uint32_t logical) {
    static const uint8_t vector[] = {0x14, 0xF0, 0x9F, 0xE5}; /* ldr pc, [pc, #0x14] */
    if (!bytes_inside(image->size, place, BEKEN_PHYSICAL_BLOCK))
        return NULL;
    for (const struct beken_known_key *row = beken_known_keys; row->name; row++) {
        uint8_t plain[BEKEN_LOGICAL_BLOCK];
        beken_crypt_to(&row->key, logical, image->data + place, plain, sizeof plain);
        if (plain[3] == 0xEA && memcmp(plain + 4, vector, 4) == 0 &&
            memcmp(plain + 8, vector, 4) == 0)
            return row;
    }
    return NULL;
}

/* The key under which a piece of code looks like code: decrypted code is full of zero bytes. */
static const struct beken_known_key *guess_key(const uint8_t *logical, size_t size,
                                               uint32_t address) {
    uint8_t plain[SAMPLE];
    const struct beken_known_key *best = NULL;
    size_t most = SAMPLE / 32;
    if (size < SAMPLE)
        return NULL;
    for (const struct beken_known_key *row = beken_known_keys; row->name; row++) {
        size_t zeros = 0;
        beken_crypt_to(&row->key, address, logical, plain, SAMPLE);
        for (size_t i = 0; i < SAMPLE; i++)
            zeros += plain[i] == 0;
        if (zeros > most) {
            most = zeros;
            best = row;
        }
    }
    return best;
}

static const struct beken_known_key *key_named(const char *name) {
    for (const struct beken_known_key *row = beken_known_keys; row->name; row++)
        if (strcmp(row->name, name) == 0)
            return row;
    return NULL;
}

/* A key of no table, by the code that begins the region; `logical` is still encrypted. The words
 * that a bootloader carries are worth more than those that only make the same keystream. */
static const struct beken_known_key *recover_key(struct survey *s, const uint8_t *logical,
                                                 size_t size, uint32_t address) {
    struct beken_key key;
    bool literal;
    if (!beken_key_recover(logical, size, address, &key, &literal))
        return NULL;
    s->key_literal = literal;
    s->recovered = (struct beken_known_key){
        "recovered", literal ? "read from this bootloader" : "found by known code", key};
    return &s->recovered;
}

static bool try_header(const struct survey_image *image, struct survey_code *code, size_t end) {
    if (end < RBL_INSTALLED_SIZE || end > code->size || code->rbl_found)
        return false;
    size_t at = code->offset + end - RBL_INSTALLED_SIZE;
    code->rbl_found =
        rbl_decode_installed(image->data + at, RBL_INSTALLED_SIZE, &code->rbl, NULL) == STATUS_OK;
    if (code->rbl_found)
        code->rbl_offset = at;
    return code->rbl_found;
}

/* Does the header's statement about the slot hold? `logical` is the slot without checksums, still
 * encrypted. */
static enum survey_check check_payload(const struct rbl_header *rbl, const uint8_t *logical,
                                       size_t size) {
    if (!rbl_is_stored(rbl) || rbl->raw_size > size || rbl->package_size < rbl->raw_size ||
        rbl->package_size - rbl->raw_size > PADDING_MAX)
        return CHECK_NONE;
    return rbl_installed_crc(rbl, logical) == rbl->package_crc ? CHECK_GOOD : CHECK_BAD;
}

/* Which version, by whatever part of it is whole. */
static void identify_boot(struct survey_image *image) {
    struct survey *s = image->out;
    const uint8_t *data = image->data + s->boot.offset;
    s->bootloader = beken_bootloader_match(data, s->boot.size);
    if (s->bootloader) {
        uint32_t sum = s->bootloader->common_crc;
        bool sector = s->bootloader->sector_crc != 0;
        bool whole = sum && s->boot.size >= BEKEN_BOOT_COMMON;
        s->bootloader_exact = whole && crc32_update(0, data, BEKEN_BOOT_COMMON) == sum;
        s->bootloader_known_good = sector && (!whole || s->bootloader_exact);
    }
    if (s->boot.rbl_found) {
        const struct beken_bootloader *by_payload =
            beken_bootloader_by_payload(s->boot.rbl.package_crc, s->boot.rbl.raw_hash);
        if (by_payload)
            s->bootloader = by_payload;
    }
    if (!s->bootloader)
        s->bootloader = beken_bootloader_by_sectors(data, s->boot.size);
}

void survey_read_boot(struct survey_image *image) {
    struct survey *s = image->out;
    struct survey_code *boot = &s->boot;
    if (!place_slot(image, 0, BEKEN_BOOT_SIZE, boot) || boot->missing >= BEKEN_BOOT_SIZE / 2)
        return;
    const uint8_t *data = image->data + boot->offset;
    struct beken_stripe_count count = beken_stripe_check(data, boot->size);
    boot->found = count.good > 64 && count.good > count.bad;
    if (!boot->found)
        return;
    if (!boot->missing) {
        try_header(image, boot, BEKEN_BOOT_SIZE);
        try_header(image, boot, 0xFE9A + RBL_INSTALLED_SIZE);
    }
    size_t solid = last_good(data, boot->rbl_found ? boot->rbl_offset - boot->offset : boot->size);
    boot->used = last_good(data, boot->size);
    check_blocks(image, boot, solid, true);
    boot->key = recognise_key(image, boot->offset, 0);
    identify_boot(image);
    if (!boot->key && s->bootloader)
        boot->key = key_named(s->bootloader->key);
    uint8_t *logical = malloc(BEKEN_BOOT_SIZE);
    if (!logical)
        return;
    size_t size = beken_unstripe(data, boot->size, logical);
    (void)fal_find(logical, size, &s->fal);
    if (!boot->key && !boot->missing)
        boot->key = recover_key(s, logical, size, 0);
    if (boot->rbl_found)
        boot->payload = check_payload(&boot->rbl, logical, size);
    s->bootloader_proved = boot->payload == CHECK_GOOD;
    free(logical);
}

/* The file holds the whole slot of a bootloader, and an application that needs it, but nothing of
 * the slot is code any more: all of it is damage. */
void survey_note_lost_boot(struct survey_image *image) {
    struct survey_code *boot = &image->out->boot;
    if (boot->found || !image->out->app.found || boot->missing || boot->size != BEKEN_BOOT_SIZE)
        return;
    boot->found = true;
    check_blocks(image, boot, boot->size, true);
}

static size_t app_slot(const struct survey *s) {
    const struct fal_partition *app = fal_partition_find(&s->fal, "app");
    if (app && app->logical && app->offset == BEKEN_APP_LOGICAL && app->length < 0x1000000)
        return beken_to_physical(app->length);
    if (s->chip && strcmp(s->chip->name, "BK7231T") == 0)
        return APP_SLOT_TUYA;
    return s->chip && s->chip->app_size ? s->chip->app_size : APP_SLOT_LARGEST;
}

/* Bytes of the application's slot that stand before the file's first byte. */
static size_t app_front(const struct survey *s) {
    return s->turned || s->origin <= BEKEN_APP_OFFSET
               ? 0
               : (size_t)(s->origin - BEKEN_APP_OFFSET + BEKEN_PHYSICAL_BLOCK - 1) /
                     BEKEN_PHYSICAL_BLOCK * BEKEN_PHYSICAL_BLOCK;
}

/* The application's header stands at the end of a slot, and slots differ by who built it. */
static void find_app_header(const struct survey_image *image, struct survey_code *app) {
    static const uint32_t ends[] = {0x129F70, 0x132000, 0x100000};
    size_t front = app_front(image->out);
    try_header(image, app, app->size);
    for (int i = 0; i < 3; i++)
        if (ends[i] - BEKEN_APP_OFFSET > front)
            try_header(image, app, ends[i] - BEKEN_APP_OFFSET - front);
    try_header(image, app, app->used);
}

static void check_app_header(struct survey_code *app, struct survey *s, uint8_t *logical) {
    size_t size = s->code.size;
    bool whole = app->rbl_found && app_front(s) == 0;
    if (whole)
        app->payload = check_payload(&app->rbl, logical, size);
    uint32_t start = beken_to_logical((uint32_t)survey_address(s, SIZE_MAX / 2, app->offset));
    if (!app->key)
        app->key = guess_key(logical, size, start);
    if (!app->key && app_front(s) == 0)
        app->key = recover_key(s, logical, size, start);
    if (app->key)
        beken_crypt(&app->key->key, start, logical, size);
    if (whole && !rbl_is_stored(&app->rbl) && app->rbl.raw_size <= size)
        app->payload = fnv1a_update(FNV1A_START, logical, app->rbl.raw_size) == app->rbl.raw_hash
                           ? CHECK_GOOD
                           : CHECK_BAD;
}

/* Code up to the end of a file that ends inside a block, or on a sector border, and no header that
 * says it is whole. */
static bool is_cut(const struct survey_image *image, const struct survey_code *app) {
    size_t rest = app->size % BEKEN_PHYSICAL_BLOCK;
    return !app->rbl_found && app->missing && app->used + rest == app->size &&
           (rest || image->size % SURVEY_MAP_SECTOR == 0) && app->offset + app->size == image->size;
}

/* Reads the slot whose extent is known. */
static bool read_app_slot(struct survey_image *image, struct survey_code *app) {
    struct survey *s = image->out;
    const uint8_t *data = image->data + app->offset;
    app->used = last_good(data, app->size);
    find_app_header(image, app);
    bool certain = s->fal.count || s->chip;
    if (!certain)
        app->size = app->used; /* what follows need not be code */
    size_t solid = last_good(data, app->rbl_found ? app->rbl_offset - app->offset : app->used);
    s->memory = malloc(app->used + BEKEN_PHYSICAL_BLOCK);
    if (!s->memory)
        return false;
    if (app->used == 0)
        solid = app->size; /* erased where an application should be */
    s->code = (struct span){s->memory, beken_unstripe(data, app->used, s->memory)};
    app->key = app_front(s) ? NULL : recognise_key(image, app->offset, BEKEN_APP_LOGICAL);
    if (!app->key && (s->boot.key != &s->recovered || s->key_literal))
        app->key = s->boot.key;
    check_app_header(app, s, s->memory);
    if (app->payload == CHECK_GOOD) {
        /* whole; whatever stands behind the header is a leftover */
        app->size = app->used = app->rbl_offset + RBL_INSTALLED_SIZE - app->offset;
        solid = 0;
    }
    app->cut = is_cut(image, app);
    check_blocks(image, app, solid, false);
    survey_read_program(s->code, &s->program);
    return true;
}

bool survey_read_app(struct survey_image *image) {
    struct survey *s = image->out;
    struct survey_code *app = &s->app;
    if (!place_slot(image, BEKEN_APP_OFFSET, app_slot(s), app))
        return true;
    struct beken_stripe_count count = beken_stripe_check(image->data + app->offset, app->size);
    bool lost = s->boot.found && app->size >= APP_SMALLEST; /* a bootloader starts something */
    app->found = lost || (count.good > 64 && count.good >= count.bad / 4);
    if (!app->found)
        return true;
    return read_app_slot(image, app);
}
