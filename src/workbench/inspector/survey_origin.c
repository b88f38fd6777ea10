/* Where the bytes of a file lie in the flash. Most dumps begin at 0; some tools leave out the
 * bootloader, some begin behind it and wrap, some put a header in front, some give a piece. The
 * application's first block tells; where it is missing, survey_piece.c weighs what is there. */
#include "workbench/inspector/survey_private.h"

enum { PROBES = 32, ENOUGH = 24, SIGNATURE = 8, STARTS = 4, FLASH_LEAST = 1 << 20 };

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

/* A whole flash, by its size. */
static bool is_flash_size(size_t size) {
    return size >= FLASH_LEAST && (size & (size - 1)) == 0;
}

/* The application stands too late or, without its bootloader in front, at the very beginning: does
 * the file wrap, so that what should stand in front is at its end? */
static bool wraps(const struct survey_image *image, size_t app) {
    size_t boot =
        app >= BEKEN_APP_OFFSET ? app - BEKEN_APP_OFFSET : image->size - (BEKEN_APP_OFFSET - app);
    if (app == BEKEN_APP_OFFSET || image->size <= FLASH_LEAST || boot >= image->size)
        return false;
    if (app < BEKEN_APP_OFFSET)
        return survey_is_code(image->data, image->size, boot);
    return is_flash_size(image->size) && boot % SURVEY_MAP_SECTOR == 0;
}

/* Reading went past the end of the chip and began again. */
static bool is_doubled(const struct survey_image *image) {
    size_t half = image->size / 2;
    return is_flash_size(image->size) && half >= FLASH_LEAST &&
           memcmp(image->data, image->data + half, half) == 0 &&
           !bytes_all(image->data, half, image->data[0]);
}

void survey_find_origin(struct survey_image *image) {
    struct survey *out = image->out;
    out->doubled = is_doubled(image);
    if (is_app_start(image, BEKEN_APP_OFFSET))
        return;
    size_t app = find_app(image);
    if (app == SIZE_MAX) {
        out->origin = survey_origin_of_piece(image);
        return;
    }
    out->origin = (int64_t)BEKEN_APP_OFFSET - (int64_t)app;
    out->turned = wraps(image, app);
    if (out->turned && out->origin < 0)
        out->origin += (int64_t)image->size;
}
