/* Where a piece of flash belongs that does not hold the application's first block. Code lies on a
 * grid of 34 bytes that starts at flash address 0, and pieces begin on a sector border: together
 * that leaves one candidate every 0x11000 bytes. Each candidate gets points for what then stands
 * in its right place: the RF block, OpenBeken's configuration, a packed update; and for code that
 * becomes code under the key of its address, or (not encrypted) holds pointers to its own texts. */
#include "workbench/inspector/survey_private.h"

#include "base/text.h"
#include "codec/beken/cipher.h"

#include <stdlib.h>

enum {
    CODE_END = 0x1CB000,  /* no application reaches further */
    FLASH_LAST = 4 << 20, /* largest flash of these chips */
    POINTS_RIGHT_PLACE = 1000,
    POINTS_LEAST = 40, /* less is chance */
    TEXT_LEAST = 6,    /* printable bytes that make a pointer's target a text */
};

struct piece {
    const struct survey_image *image;
    size_t grid; /* first place on the grid of code, or SIZE_MAX */
    size_t rf, config, update;
    uint8_t *code, *plain; /* without checksums, from `grid` on; and decrypted */
    size_t code_size;
};

/* First place on which a grid of code lies, at any phase. */
static size_t find_grid(const struct survey_image *image) {
    for (size_t sector = 0; sector < image->size; sector += SURVEY_MAP_SECTOR)
        for (size_t at = sector; at < sector + BEKEN_PHYSICAL_BLOCK; at++)
            if (bytes_inside(image->size, at, BEKEN_PHYSICAL_BLOCK) &&
                beken_block_check(image->data + at) == BEKEN_BLOCK_GOOD &&
                survey_is_code(image->data, image->size, at))
                return at;
    return SIZE_MAX;
}

static size_t find_rf(const struct survey_image *image) {
    struct rf_block rf;
    for (size_t at = 0; (at = bytes_find(image->data, image->size, at, "TLV", 4)) != SIZE_MAX; at++)
        if (rf_decode(image->data + at, image->size - at, &rf, NULL) == STATUS_OK)
            return at;
    return SIZE_MAX;
}

static size_t find_sector(const struct survey_image *image, const char *magic, size_t length) {
    for (size_t at = 0; bytes_inside(image->size, at, 64); at += SURVEY_MAP_SECTOR)
        if (memcmp(image->data + at, magic, length) == 0)
            return at;
    return SIZE_MAX;
}

static bool one_of(int64_t address, const uint32_t *places, int count) {
    for (int i = 0; i < count; i++)
        if (address == places[i])
            return true;
    return false;
}

/* Points for data regions in the places some chip has for them. */
static int64_t points_of_data(const struct piece *p, int64_t origin) {
    static const uint32_t rf[] = {0x1D0000, 0x1E0000, 0x1E3000, 0x3FE000};
    static const uint32_t config[] = {0x1D1000, 0x1E1000}, update[] = {0x12A000, 0x132000};
    int64_t points = 0, end = origin + (int64_t)p->image->size;
    points += p->rf != SIZE_MAX && one_of(origin + (int64_t)p->rf, rf, 4);
    points += p->config != SIZE_MAX && one_of(origin + (int64_t)p->config, config, 2);
    points += p->update != SIZE_MAX && one_of(origin + (int64_t)p->update, update, 2);
    points *= POINTS_RIGHT_PLACE;
    if (points && (end == 2 << 20 || end == 4 << 20))
        points += POINTS_RIGHT_PLACE / 2; /* a tail */
    return points;
}

/* Instructions that every compiled program is full of: the ends and beginnings of functions. */
static bool is_common(uint32_t half) {
    static const uint16_t common[] = {0x4770, 0xB510, 0xBD10, 0xB570, 0xBD70,
                                      0xB5F0, 0xBDF0, 0xB5F8, 0xBDF8};
    for (size_t i = 0; i < sizeof common / sizeof *common; i++)
        if (half == common[i])
            return true;
    return half == 0xE12F; /* upper half of ARM's bx */
}

static int64_t points_of_code(const uint8_t *plain, size_t size) {
    int64_t points = 0;
    for (size_t at = 0; at + 2 <= size; at += 2)
        points += is_common(load_le16(plain + at));
    return points;
}

/* Does a text begin here: a zero in front, then printable bytes? */
static bool is_text_start(const uint8_t *plain, size_t size, uint32_t at) {
    if (at == 0 || at + TEXT_LEAST > size || plain[at - 1] != 0)
        return false;
    for (uint32_t i = 0; i < TEXT_LEAST; i++)
        if (plain[at + i] < ' ' || plain[at + i] > '~')
            return false;
    return true;
}

/* Points for words that are addresses of texts in the same piece. */
static int64_t points_of_pointers(const uint8_t *plain, size_t size, uint32_t logical) {
    int64_t points = 0;
    for (size_t at = 0; at + 4 <= size; at += 4) {
        uint32_t target = load_le32(plain + at) - logical;
        points += target < size && is_text_start(plain, size, target);
    }
    return points;
}

/* Points for code that is code at this address. Without encryption every address decrypts alike,
 * so that only the pointers tell. */
static int64_t points_at(struct piece *p, uint32_t logical) {
    int64_t best = 0;
    for (const struct beken_known_key *row = beken_known_keys; row->name; row++) {
        beken_crypt_to(&row->key, logical, p->code, p->plain, p->code_size);
        int64_t points = 4 * points_of_pointers(p->plain, p->code_size, logical);
        if (beken_key_active(&row->key))
            points += points_of_code(p->plain, p->code_size);
        best = points > best ? points : best;
    }
    return best;
}

static bool possible(const struct piece *p, int64_t origin) {
    return p->grid == SIZE_MAX || origin + (int64_t)p->grid < CODE_END;
}

/* The first candidate: the lowest origin, on a sector border if that can be, that puts the code on
 * the grid. */
static int64_t first_origin(const struct piece *p) {
    size_t step = p->grid % 2 ? 1 : SURVEY_MAP_SECTOR;
    if (p->grid == SIZE_MAX)
        return 0;
    for (size_t origin = 0;; origin += step)
        if ((origin + p->grid) % BEKEN_PHYSICAL_BLOCK == 0)
            return (int64_t)origin;
}

static int64_t weigh(struct piece *p) {
    int64_t best = first_origin(p), most = POINTS_LEAST;
    int64_t step = p->grid == SIZE_MAX ? SURVEY_MAP_SECTOR : BEKEN_BOOT_SIZE;
    for (int64_t origin = best; origin < FLASH_LAST && possible(p, origin); origin += step) {
        int64_t points = points_of_data(p, origin);
        if (p->plain)
            points += points_at(p, beken_to_logical((uint32_t)(origin + (int64_t)p->grid)));
        if (points > most) {
            most = points;
            best = origin;
        }
    }
    return best;
}

int64_t survey_origin_of_piece(const struct survey_image *image) {
    struct piece p = {.image = image, .grid = find_grid(image), .rf = find_rf(image)};
    p.config = find_sector(image, "CFG", 3);
    p.update = find_sector(image, "RBL", 4);
    if (p.grid == SIZE_MAX && p.rf == SIZE_MAX && p.config == SIZE_MAX && p.update == SIZE_MAX)
        return 0;
    if (p.grid != SIZE_MAX) {
        size_t there = image->size - p.grid < CODE_END ? image->size - p.grid : CODE_END;
        p.code = malloc(2 * (there + BEKEN_LOGICAL_BLOCK));
        p.code_size = p.code ? beken_unstripe(image->data + p.grid, there, p.code) : 0;
        p.plain = p.code ? p.code + p.code_size : NULL;
    }
    int64_t origin = weigh(&p);
    free(p.code);
    return origin;
}
