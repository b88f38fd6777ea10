/* The order of the survey, and the kind of file that follows from what was found. */
#include "workbench/inspector/survey_private.h"

#include "workbench/inspector/textsource.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static const struct {
    const char *name, *words;
} kinds[IMAGE_KIND_COUNT] = {
    [IMAGE_UNKNOWN] = {"unknown", "unknown data"},
    [IMAGE_FOREIGN] = {"foreign", "not a flash image"},
    [IMAGE_BLANK] = {"blank", "blank image"},
    [IMAGE_TEXT] = {"text", "text"},
    [IMAGE_DUMP] = {"dump", "flash dump"},
    [IMAGE_QIO] = {"qio", "QIO image (bootloader and application)"},
    [IMAGE_UA] = {"ua", "UA image (application only)"},
    [IMAGE_BOOTLOADER] = {"bootloader", "bootloader alone"},
    [IMAGE_RBL] = {"rbl", "packed update (RBL)"},
    [IMAGE_UG] = {"ug", "Tuya update package (UG)"},
    [IMAGE_PIECE] = {"piece", "piece of a flash dump"},
    [IMAGE_RAW_CODE] = {"raw-code", "bare code without checksums"},
    [IMAGE_DATA] = {"data", "piece of a flash dump without code"},
};

const char *image_kind_name(enum image_kind kind) {
    return kinds[kind].name;
}

const char *image_kind_words(enum image_kind kind) {
    return kinds[kind].words;
}

void survey_note(struct survey *survey, const char *format, ...) {
    if (survey->evidence_count == SURVEY_EVIDENCE_MAX)
        return;
    va_list list;
    va_start(list, format);
    vsnprintf(survey->evidence[survey->evidence_count++], SURVEY_TEXT, format, list);
    va_end(list);
}

size_t survey_place(const struct survey *survey, size_t size, uint32_t address) {
    int64_t place = (int64_t)address - survey->origin;
    if (survey->turned && place < 0)
        place += (int64_t)size;
    return place >= 0 && place < (int64_t)size ? (size_t)place : SIZE_MAX;
}

int64_t survey_address(const struct survey *survey, size_t size, size_t place) {
    int64_t address = (int64_t)place + survey->origin;
    return survey->turned && address >= (int64_t)size ? address - (int64_t)size : address;
}

/* Files that are known by their first bytes, or by being all alike. */
static bool is_simple(struct survey_image *image) {
    struct survey *out = image->out;
    out->foreign = survey_foreign(image->data, image->size);
    if (out->foreign)
        out->kind = IMAGE_FOREIGN;
    else if (bytes_all(image->data, image->size, image->data[0])) {
        out->kind = IMAGE_BLANK;
        out->blank = image->data[0];
    } else if (text_source_is_text(image->data, image->size))
        out->kind = IMAGE_TEXT;
    else
        return false;
    return true;
}

static bool is_package(struct survey_image *image) {
    struct survey *out = image->out;
    static const uint8_t ug_magic[4] = {0x55, 0xAA, 0x55, 0xAA};
    size_t at = 0;
    if (image->size > UG_HEADER_SIZE && memcmp(image->data, ug_magic, 4) == 0) {
        struct fault fault = {0};
        enum status status = ug_decode(image->data, image->size, &out->update.ug_header, &fault);
        out->update.ug = status == STATUS_OK;
        at = UG_HEADER_SIZE;
    }
    if (!survey_read_update(image->data, image->size, at, (struct span){0}, &out->update) &&
        !out->update.ug)
        return false;
    out->kind = at ? IMAGE_UG : IMAGE_RBL;
    survey_choose_chip(image);
    return true;
}

static bool is_raw_code(const struct survey_image *image) {
    static const uint8_t vectors[] = {0x14, 0xF0, 0x9F, 0xE5};
    return image->size >= 64 && image->data[3] == 0xEA &&
           memcmp(image->data + 4, vectors, 4) == 0 && memcmp(image->data + 8, vectors, 4) == 0;
}

static enum image_kind kind_of(const struct survey_image *image) {
    const struct survey *s = image->out;
    size_t code_end = s->app.offset + s->app.size;
    bool data = s->rf_found || s->config_found || s->lfs_found;
    if (!s->boot.found && !s->app.found)
        return is_raw_code(image) ? IMAGE_RAW_CODE : data ? IMAGE_DATA : IMAGE_UNKNOWN;
    if (s->app.found && s->origin > BEKEN_APP_OFFSET && !s->turned && !s->boot.found)
        return IMAGE_PIECE;
    if (data || s->turned || s->origin < 0 || image->size > code_end + 0x10000)
        return IMAGE_DUMP;
    if (s->boot.found && s->app.found)
        return IMAGE_QIO;
    return s->app.found ? IMAGE_UA : IMAGE_BOOTLOADER;
}

static void find_update(struct survey_image *image) {
    struct survey *s = image->out;
    const struct fal_partition *slot = fal_partition_find(&s->fal, "download");
    uint32_t address = slot ? slot->offset : s->chip ? s->chip->download_offset : 0x132000;
    size_t place = address ? survey_place(s, image->size, address) : SIZE_MAX;
    if (place != SIZE_MAX)
        survey_read_update(image->data, image->size, place, s->code, &s->update);
}

bool survey_image(const uint8_t *data, size_t size, struct survey *out) {
    *out = (struct survey){0};
    struct survey_image image = {data, size, out};
    if (size == 0 || is_simple(&image) || is_package(&image))
        return true;
    survey_find_origin(&image);
    survey_find_data(&image);
    survey_read_boot(&image);
    survey_choose_chip(&image);
    if (!survey_read_app(&image))
        return false;
    survey_note_lost_boot(&image);
    if (!out->chip || out->program.openbeken)
        survey_choose_chip(&image);
    find_update(&image);
    out->kind = kind_of(&image);
    return true;
}

void survey_free(struct survey *survey) {
    free(survey->memory);
    survey->memory = NULL;
    survey->code = (struct span){0};
}
