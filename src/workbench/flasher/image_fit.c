/* The rules of fitting, one function per mistake. */
#include "workbench/flasher/image_fit.h"

#include "base/text.h"

#include <stdio.h>

/* Chips whose images run on each other's silicon, as far as chip and key go. */
static const char *const same_silicon[][4] = {{"BK7231N", "BK7231M", "BL2028N", NULL},
                                              {"BK7236", "BK7258", NULL}};

static bool in_group(const char *const *group, const char *name) {
    for (; *group; group++)
        if (strcmp(*group, name) == 0)
            return true;
    return false;
}

static bool same_chip(const char *a, const char *b) {
    if (text_same(a, b))
        return true;
    for (size_t i = 0; i < sizeof same_silicon / sizeof *same_silicon; i++)
        if (in_group(same_silicon[i], a) && in_group(same_silicon[i], b))
            return true;
    return false;
}

static void refuse(struct image_fit *fit, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void refuse(struct image_fit *fit, const char *format, ...) {
    va_list list;
    if (fit->refusal[0])
        return; /* the first reason is the one to tell */
    va_start(list, format);
    vsnprintf(fit->refusal, sizeof fit->refusal, format, list);
    va_end(list);
}

static void check_kind(struct image_fit *fit) {
    const struct survey *v = &fit->survey;
    switch (v->kind) {
    case IMAGE_FOREIGN:
        refuse(fit, "this is %s, not an image", v->foreign ? v->foreign : "something else");
        break;
    case IMAGE_RBL:
    case IMAGE_UG:
        refuse(fit,
               "this is a packed update (%s) for the update over the air; by wire take the "
               "QIO or UA image of the same release",
               v->kind == IMAGE_UG ? "UG" : "RBL");
        break;
    case IMAGE_RAW_CODE:
        refuse(fit, "this is raw code without checksums; take the QIO or UA image of the release");
        break;
    case IMAGE_QIO:
    case IMAGE_UA:
    case IMAGE_DUMP:
    case IMAGE_BOOTLOADER:
        break;
    default:
        refuse(fit,
               "no application or bootloader is recognised in this file (%s); "
               "plugsmith write puts raw data into a range",
               image_kind_words(v->kind));
    }
    if (v->origin < 0)
        refuse(fit, "%lld foreign bytes stand in front of the image", (long long)-v->origin);
    if (v->turned)
        refuse(fit, "this dump is rotated (reading began behind the bootloader); turn it first");
}

static void check_chip(const struct session *s, struct image_fit *fit) {
    const struct beken_chip *image = fit->survey.chip, *chip = s->chip.chip;
    if (!image) {
        if (!fit->refusal[0])
            refuse(fit, "for which chip this image is cannot be told");
        return;
    }
    bool rom = s->chip.family == BEKEN_FAMILY_F;
    if ((image->family[0] == 'r') != rom || (chip && !same_chip(image->name, chip->name)))
        refuse(fit, "the image is for %s, the chip is a %s", image->name,
               chip  ? chip->name
               : rom ? "chip of the BK7231N kind"
                     : "chip of the BK7231T kind");
}

static void check_key(const struct session *s, struct image_fit *fit) {
    const struct survey *v = &fit->survey;
    const struct beken_known_key *key = v->app.found ? v->app.key : v->boot.key;
    if (!key)
        return;
    if (s->chip.has_key && !beken_key_equal(&key->key, &s->chip.key))
        refuse(fit,
               "the image is encrypted with the key '%s', the chip holds another (%08x %08x "
               "%08x %08x); it would not boot (--rekey encrypts it anew)",
               key->name, (unsigned)s->chip.key.k[0], (unsigned)s->chip.key.k[1],
               (unsigned)s->chip.key.k[2], (unsigned)s->chip.key.k[3]);
    if (!s->chip.has_key && s->chip.bootloader && !text_same(s->chip.bootloader->key, key->name))
        refuse(fit,
               "the image uses the key '%s', the chip's bootloader %s the key '%s'; it would "
               "not boot",
               key->name, s->chip.bootloader->name, s->chip.bootloader->key);
}

static void check_code(struct image_fit *fit) {
    const struct survey *v = &fit->survey;
    if (v->app.found && v->app.blocks.bad)
        refuse(fit, "the application in the image is damaged: %u bad blocks, the first at %06zX",
               (unsigned)v->app.blocks.bad, v->app.offset + v->app.blocks.first_bad);
    if (v->boot.found && v->boot.blocks.bad)
        refuse(fit, "the bootloader in the image is damaged: %u bad blocks, the first at %06zX",
               (unsigned)v->boot.blocks.bad, v->boot.offset + v->boot.blocks.first_bad);
}

static void place(const struct session *s, size_t size, int64_t offset, struct image_fit *fit) {
    const struct survey *v = &fit->survey;
    uint32_t own = v->kind == IMAGE_UA ? BEKEN_APP_OFFSET : (uint32_t)v->origin;
    fit->offset = own;
    if (offset >= 0 && (uint32_t)offset != own)
        refuse(fit, "a %s belongs at %06X, not at %06X", image_kind_words(v->kind), (unsigned)own,
               (unsigned)offset);
    if ((uint64_t)fit->offset + size > s->chip.size)
        refuse(fit, "the image ends at 0x%llX, the flash at 0x%X",
               (unsigned long long)fit->offset + size, (unsigned)s->chip.size);
}

bool image_fit_check(const struct session *s, const uint8_t *data, size_t size, int64_t offset,
                     struct image_fit *fit) {
    memset(fit, 0, sizeof *fit);
    if (!survey_image(data, size, &fit->survey))
        return false;
    check_kind(fit);
    check_chip(s, fit);
    check_key(s, fit);
    check_code(fit);
    place(s, size, offset, fit);
    const struct survey *v = &fit->survey;
    fit->has_bootloader = v->boot.found && fit->offset < BEKEN_APP_OFFSET;
    fit->whole_dump = v->kind == IMAGE_DUMP && size == s->chip.size;
    const char *name = v->program.name, *version = v->program.version;
    snprintf(fit->summary, sizeof fit->summary, "%s for %s%s%s%s%s, goes to %06X..%06X",
             image_kind_words(v->kind), v->chip ? v->chip->name : "an unknown chip",
             name[0] ? ", " : "", name, version[0] ? " " : "", version, (unsigned)fit->offset,
             (unsigned)(fit->offset + size));
    return true;
}

void image_fit_free(struct image_fit *fit) {
    survey_free(&fit->survey);
}
