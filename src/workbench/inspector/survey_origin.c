/* Where the bytes of a file lie in the flash. Most dumps begin at 0; some tools leave out the
 * bootloader, some begin behind it and wrap, some put a header in front, some give a piece. The
 * application's first block and the place of the RF block tell. */
#include "workbench/inspector/survey_private.h"

enum { PROBES = 32, ENOUGH = 24, SIGNATURE = 8, STARTS = 4 };

static const uint8_t app_starts[STARTS][SIGNATURE] = {
    {0x2F, 0x07, 0xB5, 0x94, 0x35, 0xFF, 0x2A, 0x9B}, /* under Tuya's key */
    {0x39, 0x07, 0xB5, 0x94, 0x35, 0xFF, 0x2A, 0x9B}, /* the same, older SDK */
    {0x0E, 0x00, 0x00, 0xEA, 0x14, 0xF0, 0x9F, 0xE5}, /* not encrypted */
    {0x18, 0x00, 0x00, 0xEA, 0x14, 0xF0, 0x9F, 0xE5}, /* the same, older SDK */
};

bool survey_is_code(const uint8_t *data, size_t size, size_t place) {
    int good = 0;
    for (int i = 0; i < PROBES && bytes_inside(size, place, BEKEN_PHYSICAL_BLOCK); i++) {
        good += beken_block_check(data + place) == BEKEN_BLOCK_GOOD;
        place += BEKEN_PHYSICAL_BLOCK;
    }
    return good >= ENOUGH;
}

static bool is_app_start(const struct survey_image *image, size_t place) {
    if (!bytes_inside(image->size, place, BEKEN_PHYSICAL_BLOCK) ||
        beken_block_check(image->data + place) != BEKEN_BLOCK_GOOD)
        return false;
    for (int i = 0; i < STARTS; i++)
        if (memcmp(image->data + place, app_starts[i], SIGNATURE) == 0)
            return true;
    return false;
}

static size_t find_app(const struct survey_image *image) {
    for (int i = 0; i < STARTS; i++)
        for (size_t at = 0;
             (at = bytes_find(image->data, image->size, at, app_starts[i], SIGNATURE)) != SIZE_MAX;
             at++)
            if (is_app_start(image, at) &&
                survey_is_code(image->data, image->size, at + BEKEN_PHYSICAL_BLOCK))
                return at;
    return SIZE_MAX;
}

/* First place on which a grid of code lies, at any phase. */
static size_t find_grid(const struct survey_image *image) {
    for (size_t at = 0; at < BEKEN_PHYSICAL_BLOCK; at++)
        if (survey_is_code(image->data, image->size, at))
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

/* A piece of flash: the RF block must stand where some chip has it, and code on the grid. */
static bool is_flash_end(int64_t address) {
    return address == 2 << 20 || address == 4 << 20;
}

static int64_t origin_of_piece(const struct survey_image *image) {
    static const uint32_t rf_places[] = {0x1D0000, 0x1E0000, 0x1E3000};
    size_t grid = find_grid(image), rf = find_rf(image);
    int64_t fitting = 0;
    bool found = false;
    for (int i = 0; i < 3 && rf != SIZE_MAX; i++) {
        int64_t origin = (int64_t)rf_places[i] - (int64_t)rf;
        bool fits = grid == SIZE_MAX || (origin + (int64_t)grid) % BEKEN_PHYSICAL_BLOCK == 0;
        if (origin >= 0 && fits && (grid != SIZE_MAX || origin % SURVEY_MAP_SECTOR == 0)) {
            if (is_flash_end(origin + (int64_t)image->size))
                return origin; /* a tail */
            fitting = found ? fitting : origin;
            found = true;
        }
    }
    return fitting;
}

void survey_find_origin(struct survey_image *image) {
    struct survey *out = image->out;
    if (is_app_start(image, BEKEN_APP_OFFSET))
        return;
    size_t app = find_app(image);
    if (app != SIZE_MAX) {
        out->origin = (int64_t)BEKEN_APP_OFFSET - (int64_t)app;
        out->turned = app == 0 && image->size > (1u << 20) &&
                      survey_is_code(image->data, image->size, image->size - BEKEN_BOOT_SIZE);
    } else
        out->origin = origin_of_piece(image);
}
