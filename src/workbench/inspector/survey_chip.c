/* Which chip an image belongs to. Every piece of evidence is noted in words; the first that is
 * strong enough decides, and one that contradicts is noted as such.
 * Decision list: measured on public images of every family. */
#include "workbench/inspector/survey_private.h"

#include "base/text.h"

enum { MARKER_AT = 0x110, FLASH_OF_BK7252 = 4 << 20 };

static void vote(struct survey *s, const char *chip, const char *why) {
    const struct beken_chip *row = beken_chip_find(chip);
    if (!s->chip)
        s->chip = row;
    bool same_silicon = row && s->chip && strcmp(row->family, s->chip->family) == 0;
    survey_note(s, "%s%s", why, row != s->chip && !same_silicon ? " (contradicts)" : "");
}

/* First word of a bootloader, as stored. */
static const struct {
    uint8_t word[4];
    const char *chip, *why;
} first_words[] = {
    {{0x69, 0x0C, 0xB5, 0x96}, "BK7231N", "bootloader begins as BK7231N's under Tuya's key"},
    {{0x43, 0x09, 0xB5, 0x96}, "BK7231T", "bootloader begins as BK7231T's under Tuya's key"},
    {{0x48, 0x0B, 0x00, 0xEA}, "BK7231M", "bootloader begins as BK7231M's, not encrypted"},
    {{0xAC, 0x00, 0x00, 0xEA}, "BK7238", "bootloader begins as BK7238's or BK7252N's"},
    {{0xCA, 0x00, 0x00, 0xEA}, "BK7231U", "bootloader begins as BK7231U's or BK7252's"},
    {{0xAA, 0x00, 0x00, 0xEA}, "BL2028N", "bootloader begins as BL2028N's"},
    {{0x68, 0x1C, 0x00, 0xEA}, "BK7231Q", "bootloader begins as BK7231Q's"},
};

/* BK7231U and BK7252 begin alike; only the latter has 4 MiB. */
static bool large_u(const struct survey_image *image, size_t row) {
    return image->size >= FLASH_OF_BK7252 && strcmp(first_words[row].chip, "BK7231U") == 0;
}

static void by_boot(struct survey_image *image) {
    struct survey *s = image->out;
    if (!s->boot.found)
        return;
    const uint8_t *data = image->data + s->boot.offset;
    if (s->bootloader) {
        char why[SURVEY_TEXT];
        struct text text = text_start(why, sizeof why);
        text_add(&text, "bootloader is ");
        text_add(&text, s->bootloader->name);
        vote(s, s->bootloader->chip, why);
    }
    if (s->boot.size < BEKEN_BOOT_SECTOR || s->boot.missing)
        return;
    for (size_t i = 0; i < sizeof first_words / sizeof *first_words && !s->bootloader; i++)
        if (memcmp(data, first_words[i].word, 4) == 0)
            vote(s, large_u(image, i) ? "BK7252" : first_words[i].chip, first_words[i].why);
    if (memcmp(data + MARKER_AT, "BK7231\0", 8) == 0)
        vote(s, s->boot.key && strcmp(s->boot.key->name, "none") == 0 ? "BK7231M" : "BK7231N",
             "marker BK7231 at 0x110: silicon of BK7231N");
    else if (memcmp(data + MARKER_AT, "BK7238\0", 8) == 0)
        vote(s, text_starts(s->program.name, "OpenBK7252N") ? "BK7252N" : "BK7238",
             "marker BK7238 at 0x110, of BK7238 and BK7252N");
}

static void by_partitions(struct survey *s) {
    const struct fal_partition *slot = fal_partition_find(&s->fal, "download");
    if (!slot || s->chip)
        return;
    if (slot->offset == 0x12A000)
        vote(s, "BK7231N", "partition table: update slot at 0x12A000");
    else if (slot->offset == 0x132000 && slot->length == 0xA6000)
        vote(s, "BK7231T", "partition table: update slot at 0x132000, 0xA6000 long");
    else if (slot->length == 0xCC000)
        vote(s, "BK7231Q", "partition table: update slot 0xCC000 long");
}

/* Names inside the program. */
static const struct {
    const char *prefix, *chip;
} program_names[] = {
    {"OpenBK7231T", "BK7231T"}, {"OpenBK7231N", "BK7231N"}, {"OpenBK7231U", "BK7231U"},
    {"OpenBK7231M", "BK7231M"}, {"OpenBK7238", "BK7238"},   {"OpenBK7252N", "BK7252N"},
    {"OpenBK7252", "BK7252"},   {"oem_bk7231n", "BK7231N"}, {"bk7231n_", "BK7231N"},
    {"oem_bk7231s", "BK7231T"}, {"bk7231s_", "BK7231T"},    {"oem_bk7231t", "BK7231T"},
    {"bk7231t_", "BK7231T"},
};

static void by_program(struct survey *s, const char *name) {
    char why[SURVEY_TEXT];
    for (size_t i = 0; i < sizeof program_names / sizeof *program_names; i++)
        if (text_starts(name, program_names[i].prefix)) {
            struct text text = text_start(why, sizeof why);
            text_add(&text, "application calls itself ");
            text_add(&text, name);
            vote(s, program_names[i].chip, why);
            return;
        }
}

static void by_constant(struct survey *s) {
    static const uint8_t id[] = {0x1C, 0x23, 0x07, 0x00};
    if (!s->chip && s->code.size && bytes_find(s->code.data, s->code.size, 0, id, 4) != SIZE_MAX)
        vote(s, "BK7231N", "the code compares the chip number with 0x7231C");
}

static void by_rf(struct survey_image *image) {
    struct survey *s = image->out;
    if (!s->rf_found)
        return;
    int64_t at = survey_address(s, image->size, s->rf_offset);
    if (s->chip && (at == s->chip->rf_offset || (at && at == s->chip->rf_offset_tuya)))
        survey_note(s, "RF block at 0x%X, as on a %s", (unsigned)at, s->chip->name);
    else if (at == 0x1D0000)
        vote(s, "BK7231N", "RF block at 0x1D0000, the place of BK7231N");
    else if (at == 0x1E3000)
        vote(s, "BK7238", "RF block at 0x1E3000, the place of T1");
    else if (at == 0x1E0000)
        vote(s, "BK7231T", "RF block at 0x1E0000, not a BK7231N");
}

void survey_choose_chip(struct survey_image *image) {
    struct survey *s = image->out;
    s->chip = NULL;
    s->evidence_count = 0;
    by_boot(image);
    by_partitions(s);
    by_program(s, s->program.name);
    by_program(s, s->update.app);
    by_constant(s);
    by_rf(image);
}
