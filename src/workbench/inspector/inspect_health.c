/* The verdict on an image's health, the list of what is damaged, and what would mend it. */
#include "workbench/inspector/inspection.h"

#include <inttypes.h>
#include <stdio.h>

static const char *const names[] = {"cannot be checked", "healthy", "damaged"};

const char *health_name(enum health health) {
    return names[health];
}

static const char *version_of(const struct survey *s) {
    return s->bootloader ? s->bootloader->name : s->chip ? s->chip->name : "this chip";
}

static void list_bad(struct inspection *in) {
    const struct survey *s = &in->survey;
    for (int i = 0; i < s->bad_count; i++) {
        const struct survey_bad *bad = &s->bad[i];
        size_t last = bad->offset + bad->size - 1;
        lines_add(&in->damage,
                  "%s: bytes 0x%06zX to 0x%06zX (%" PRIu32 " block%s of 32), sector%s 0x%zX%s%.0zX",
                  bad->bootloader ? "bootloader" : "application", bad->offset, last, bad->blocks,
                  bad->blocks == 1 ? "" : "s", bad->offset / 4096 == last / 4096 ? "" : "s",
                  bad->offset / 4096, bad->offset / 4096 == last / 4096 ? "" : " to 0x",
                  bad->offset / 4096 == last / 4096 ? (size_t)0 : last / 4096);
    }
    if (s->bad_runs > (uint32_t)s->bad_count)
        lines_add(&in->damage, "and %" PRIu32 " more damaged places",
                  s->bad_runs - (uint32_t)s->bad_count);
}

/* The first and last damaged byte of the bootloader, counted from its start. False: none listed. */
static bool boot_damage(const struct survey *s, size_t *first, size_t *last) {
    bool any = false;
    for (int i = 0; i < s->bad_count; i++) {
        const struct survey_bad *bad = &s->bad[i];
        if (!bad->bootloader)
            continue;
        *first = any ? *first : bad->offset - s->boot.offset;
        *last = bad->offset + bad->size - 1 - s->boot.offset;
        any = true;
    }
    return any;
}

/* Which sectors to rewrite: those the damage lies in, or all common ones when it cannot be placed.
 */
static void advise_boot(struct inspection *in) {
    const struct survey *s = &in->survey;
    size_t first = 0, last = BEKEN_BOOT_COMMON - 1;
    (void)boot_damage(s, &first, &last);
    size_t from = first / BEKEN_BOOT_SECTOR, to = last / BEKEN_BOOT_SECTOR;
    bool whole_known = s->boot.rbl_found && to < BEKEN_BOOT_SECTORS;
    lines_add(&in->repair,
              "bootloader: restore sector%s 0x%zX%s%.0zX (%zu bytes at flash address 0x%zX) from "
              "any good dump or OpenBeken QIO image of a %s: %s%s",
              from == to ? "" : "s", from, from == to ? "" : " to 0x", from == to ? (size_t)0 : to,
              (to - from + 1) * BEKEN_BOOT_SECTOR, from * BEKEN_BOOT_SECTOR, version_of(s),
              to < BEKEN_BOOT_SECTORS
                  ? "they are the same on every device"
                  : "only sector 0x10 differs between devices, by its header's date",
              whole_known ? "; the header's CRC-32 proves the result" : "");
}

static void judge_boot(struct inspection *in) {
    const struct survey *s = &in->survey;
    const struct survey_code *boot = &s->boot;
    if (!boot->found || (boot->blocks.bad == 0 && boot->payload != CHECK_BAD))
        return;
    if (boot->blocks.bad == 0) {
        lines_add(&in->damage, "bootloader: every block's CRC is right, but its contents are not "
                               "what its header proves: it was modified");
    }
    advise_boot(in);
    if (s->chip && strcmp(s->chip->family, "rom") == 0)
        lines_add(&in->repair,
                  "a %s can be repaired over its UART, its download mode is in ROM: "
                  "plugsmith repair",
                  s->chip->name);
    else if (s->chip)
        lines_add(&in->repair,
                  "a %s with this bootloader does not start its download mode: write it over SPI",
                  s->chip->name);
}

static void judge_app(struct inspection *in) {
    const struct survey_code *app = &in->survey.app;
    if (app->found && app->cut)
        lines_add(&in->damage, "application: the file ends in the middle of it, at 0x%zX",
                  in->size);
    if (!app->found || (app->blocks.bad == 0 && app->payload != CHECK_BAD))
        return;
    if (app->blocks.bad == 0)
        lines_add(&in->damage, "application: every block's CRC is right, but not the CRC of the "
                               "whole in its header: pieces of two versions are mixed");
    lines_add(&in->repair, "application: read the flash again and compare; if the second reading "
                           "is the same, the device itself is damaged: install other firmware");
}

static void judge_update(struct inspection *in) {
    const struct survey_update *u = &in->survey.update;
    bool file = in->survey.kind == IMAGE_RBL || in->survey.kind == IMAGE_UG;
    if (!file)
        return;
    if (u->package == CHECK_BAD || !u->found)
        lines_add(&in->damage, "update: the package's CRC-32 does not match its header");
    else if (u->unpacked == CHECK_BAD)
        lines_add(&in->damage, "update: the package is whole, but unpacks to something else");
    if (in->damage.count)
        lines_add(&in->repair, "download the update again");
}

static void judge_storage(struct inspection *in) {
    const struct storage *st = &in->storage;
    for (int i = 0; i < st->damage_count; i++)
        lines_add(&in->damage, "storage: 0x%06zX: %s", st->damage[i].offset, st->damage[i].what);
    if (st->key_block_lost)
        lines_add(&in->damage,
                  "storage: the key block is damaged; the key came from the protected block");
}

static bool anything_checked(const struct inspection *in) {
    const struct survey *s = &in->survey;
    return s->boot.found || s->app.found || s->update.found || in->storage.found ||
           in->openbeken_found;
}

static void say_good(struct inspection *in) {
    const struct survey *s = &in->survey;
    uint32_t blocks = s->boot.blocks.good + s->app.blocks.good;
    char *out = in->verdict;
    size_t room = sizeof in->verdict;
    const char *storage = in->storage.found ? ", storage checksums right" : "";
    if (blocks)
        snprintf(out, room, "healthy: all %" PRIu32 " code blocks right%s%s", blocks,
                 s->bootloader_proved || s->bootloader_known_good ? ", bootloader proved" : "",
                 storage);
    else if (s->update.found)
        snprintf(out, room, "healthy: the package's CRC-32 and contents are right");
    else
        snprintf(out, room,
                 "healthy: checksums of the stores are right; there is no code in this file");
}

/* Noise holds a right CRC-16 now and then. */
static bool nothing_left(const struct survey_code *code) {
    return code->blocks.good <= code->blocks.bad / 1024;
}

static void say_damaged(struct inspection *in) {
    const struct survey *s = &in->survey;
    bool boot = s->boot.found && (s->boot.blocks.bad || s->boot.payload == CHECK_BAD);
    bool app = s->app.found && (s->app.blocks.bad || s->app.payload == CHECK_BAD);
    uint32_t bad = s->boot.blocks.bad + s->app.blocks.bad;
    size_t first = 0, last = 0;
    if (boot && nothing_left(&s->boot))
        snprintf(in->verdict, sizeof in->verdict, "damaged bootloader: nothing of it is left%s",
                 app ? "; the application is damaged, too" : "; the application is whole");
    else if (boot && boot_damage(s, &first, &last))
        snprintf(in->verdict, sizeof in->verdict,
                 "damaged bootloader: %" PRIu32 " bad block%s from 0x%zX on%s", s->boot.blocks.bad,
                 s->boot.blocks.bad == 1 ? "" : "s", s->boot.offset + first,
                 app            ? "; the application is damaged, too"
                 : s->app.found ? "; the application is whole"
                                : "");
    else if (boot)
        snprintf(in->verdict, sizeof in->verdict, "damaged bootloader: modified");
    else if (s->app.cut && !app)
        snprintf(in->verdict, sizeof in->verdict,
                 "damaged application: the file was cut off at 0x%zX", in->size);
    else if (app && nothing_left(&s->app))
        snprintf(in->verdict, sizeof in->verdict, "damaged application: nothing of it is left");
    else if (app)
        snprintf(in->verdict, sizeof in->verdict, "damaged application: %" PRIu32 " bad block%s",
                 bad, bad == 1 ? "" : "s");
    else
        snprintf(in->verdict, sizeof in->verdict, "damaged: %s", in->damage.line[0]);
}

void inspection_judge_health(struct inspection *in) {
    list_bad(in);
    judge_boot(in);
    judge_app(in);
    judge_update(in);
    judge_storage(in);
    if (in->damage.count) {
        in->health = HEALTH_DAMAGED;
        say_damaged(in);
    } else if (anything_checked(in)) {
        in->health = HEALTH_GOOD;
        say_good(in);
    } else
        snprintf(in->verdict, sizeof in->verdict, "cannot be checked: %s",
                 in->survey.kind == IMAGE_TEXT ? "text has no checksums"
                                               : "nothing in it carries a checksum");
}
