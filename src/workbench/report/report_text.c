/* The report for people: the verdict first, then what it is, how it is wired, what helps next.
 * Sections without contents are left out. */
#include "codec/openbeken/obk_describe.h"
#include "workbench/host/term.h"
#include "workbench/report/report.h"

#include <inttypes.h>
#include <stdlib.h>
#include <time.h>

enum { DRAWING_SIZE = 32768 };

struct page {
    const struct inspection *in;
    const struct report_options *options;
    FILE *out;
};

static const char *style(const struct page *p, enum term_style s) {
    return term_style(p->options->colour, s);
}

static void section(const struct page *p, const char *title) {
    fprintf(p->out, "\n%s%s%s\n", style(p, TERM_BOLD), title, style(p, TERM_PLAIN));
}

static void row(const struct page *p, const char *name) {
    fprintf(p->out, "  %s%-12s%s ", style(p, TERM_DIM), name, style(p, TERM_PLAIN));
}

static void list(const struct page *p, const struct lines *lines, const char *before) {
    for (size_t i = 0; i < lines->count; i++)
        fprintf(p->out, "  %s%s\n", before, lines->line[i]);
}

void report_mac(const uint8_t mac[6], bool reveal, char out[18]) {
    if (reveal)
        snprintf(out, 18, "%02X:%02X:%02X:%02X:%02X:%02X", mac[0], mac[1], mac[2], mac[3], mac[4],
                 mac[5]);
    else
        snprintf(out, 18, "%02X:%02X:%02X:**:**:**", mac[0], mac[1], mac[2]);
}

static void head(const struct page *p) {
    char line[240];
    struct text text = text_start(line, sizeof line);
    inspection_headline(p->in, &text);
    fprintf(p->out, "%s%s%s%s%s%s\n", style(p, TERM_BOLD), p->options->path, style(p, TERM_PLAIN),
            p->options->packed ? " (" : "", p->options->packed ? p->options->packed : "",
            p->options->packed ? ")" : "");
    fprintf(p->out, "  %s\n", line);
    enum term_style colour = p->in->health == HEALTH_GOOD      ? TERM_GOOD
                             : p->in->health == HEALTH_DAMAGED ? TERM_BAD
                                                               : TERM_WARN;
    fprintf(p->out, "  %s%s%s\n", style(p, colour), p->in->verdict, style(p, TERM_PLAIN));
}

static void chip(const struct page *p) {
    const struct survey *s = &p->in->survey;
    if (!p->in->chip)
        return;
    row(p, "chip");
    fprintf(p->out, "%s", p->in->chip);
    for (int i = 0; i < s->evidence_count && i < 2; i++)
        fprintf(p->out, "%s%s", i ? "; " : " (", s->evidence[i]);
    if (!s->evidence_count && *p->in->chip_evidence)
        fprintf(p->out, " (%s", p->in->chip_evidence);
    fputs(s->evidence_count || *p->in->chip_evidence ? ")\n" : "\n", p->out);
}

static void bootloader(const struct page *p) {
    const struct survey *s = &p->in->survey;
    if (!s->boot.found)
        return;
    row(p, "bootloader");
    fprintf(p->out, "%s", s->bootloader ? s->bootloader->name : "not a known version");
    if (s->bootloader_known_good)
        fprintf(p->out, ", bytes known to be good%s",
                s->bootloader_exact ? " (all 64 KiB by CRC-32)" : " (first sector by CRC-32)");
    else if (s->boot.blocks.bad)
        fprintf(p->out, ", DAMAGED: %" PRIu32 " of %" PRIu32 " blocks", s->boot.blocks.bad,
                s->boot.blocks.bad + s->boot.blocks.good);
    else if (s->bootloader_proved)
        fprintf(p->out, ", proved by its own CRC-32");
    fputc('\n', p->out);
}

static void application(const struct page *p) {
    const struct survey *s = &p->in->survey;
    const struct survey_app *a = &s->program;
    if (!s->app.found)
        return;
    row(p, "application");
    fprintf(p->out, "%s%s%s", *a->name ? a->name : "without a name", *a->version ? " " : "",
            a->version);
    if (*a->sdk)
        fprintf(p->out, ", %s", a->sdk);
    if (*a->build)
        fprintf(p->out, ", built %s", a->build);
    fprintf(p->out, "; %" PRIu32 " blocks right", s->app.blocks.good);
    if (s->app.blocks.bad)
        fprintf(p->out, ", %s%" PRIu32 " bad%s", style(p, TERM_BAD), s->app.blocks.bad,
                style(p, TERM_PLAIN));
    fputc('\n', p->out);
}

static void encryption(const struct page *p) {
    const struct survey *s = &p->in->survey;
    const struct beken_known_key *key = s->app.key ? s->app.key : s->boot.key;
    if (!key && !s->app.found && !s->boot.found)
        return;
    row(p, "encryption");
    if (!key)
        fputs("key not recognised\n", p->out);
    else if (!beken_key_active(&key->key))
        fputs("none\n", p->out);
    else
        fprintf(p->out, "%s key %08" PRIx32 " %08" PRIx32 " %08" PRIx32 " %08" PRIx32 "\n",
                strcmp(key->name, "tuya") == 0 ? "Tuya's" : key->name, key->key.k[0], key->key.k[1],
                key->key.k[2], key->key.k[3]);
}

static void update(const struct page *p) {
    const struct survey_update *u = &p->in->survey.update;
    static const char *const checks[] = {"not checked", "right", "WRONG"};
    static const char *const same[] = {"", ", the installed application",
                                       ", not the installed application"};
    if (!u->found)
        return;
    row(p, "update");
    fprintf(p->out,
            "%s %s, package of %" PRIu32 " bytes (CRC-32 %s), unpacks to %" PRIu32
            " (hash %s)%s%s%s\n",
            u->rbl.name, u->rbl.version, u->rbl.package_size, checks[u->package], u->rbl.raw_size,
            checks[u->unpacked], *u->app ? ": " : "", u->app, same[u->installed]);
}

static void openbeken_rows(const struct page *p) {
    const struct inspection *in = p->in;
    const struct obk_counters *c = &in->counters;
    if (in->openbeken_found) {
        row(p, "settings");
        fprintf(p->out, "OpenBeken version %" PRId32 " at 0x%zX%s, name \"%s\"\n",
                in->openbeken.version, in->openbeken_offset,
                in->openbeken_in_easyflash ? " (in EasyFlash)" : "", in->openbeken.long_name);
    }
    if (in->counters_found) {
        row(p, "counters");
        fprintf(p->out, "%u starts, %u completed; energy %.1f Wh in all, %.1f today\n", c->boots,
                c->completed, (double)c->total_wh, (double)c->today_wh);
    }
    if (in->survey.lfs_found) {
        row(p, "files");
        fprintf(p->out, "LittleFS at 0x%zX, %zu KiB, %zu entries\n", in->survey.lfs_offset,
                in->survey.lfs_size >> 10, in->file_count);
    }
}

static void data_regions(const struct page *p) {
    const struct survey *s = &p->in->survey;
    const struct storage *st = &p->in->storage;
    if (s->rf_found) {
        char mac[18];
        report_mac(s->rf.mac, p->options->reveal, mac);
        row(p, "radio");
        fprintf(p->out, "MAC %s, %s\n", s->rf.mac_set ? mac : "not set",
                s->rf.tx_power ? "transmit power calibrated" : "no transmit power tables");
    }
    if (st->found) {
        row(p, "storage");
        fprintf(p->out, "Tuya, key block at 0x%zX, variant %s, %s layout, %d values\n", st->offset,
                st->key_variant, st->data_magic == KV_MAGIC_OS3 ? "TuyaOS 3" : "classic",
                st->key_count);
    }
    openbeken_rows(p);
}

static void what(const struct page *p) {
    const struct survey *s = &p->in->survey;
    bool any = p->in->chip || s->boot.found || s->app.found || s->rf_found || s->lfs_found ||
               s->update.found || p->in->storage.found || p->in->openbeken_found;
    if (!any)
        return;
    section(p, "What it is");
    chip(p);
    bootloader(p);
    application(p);
    encryption(p);
    update(p);
    data_regions(p);
}

static void map(const struct page *p) {
    if (p->in->survey.kind == IMAGE_TEXT || p->in->sector_count < 2)
        return;
    section(p, "Flash map, one character for 4 KiB");
    report_map(p->in, p->options->colour, p->out);
    if (p->options->table) {
        fputc('\n', p->out);
        report_region_table(p->in, p->out);
    }
}

static void damage(const struct page *p) {
    if (p->in->damage.count == 0)
        return;
    section(p, "Damage");
    list(p, &p->in->damage, "");
    if (p->in->repair.count) {
        section(p, "What would mend it");
        list(p, &p->in->repair, "");
    }
}

static void configuration(const struct page *p) {
    const struct inspection *in = p->in;
    if (in->booted.count) {
        section(p, "Booted in software");
        list(p, &in->booted, "");
    }
    if (in->description.count == 0)
        return;
    section(p, "Configuration");
    list(p, &in->description, "");
    if (in->details.count) {
        section(p, "More about it");
        list(p, &in->details, "");
    }
    if (in->why.count) {
        section(p, "Why we think so");
        list(p, &in->why, "- ");
    }
}

static void put_line(void *context, const char *text) {
    const struct page *p = context;
    fprintf(p->out, "  - %s\n", text);
}

static void openbeken(const struct page *p) {
    if (!p->in->openbeken_found)
        return;
    section(p, "OpenBeken configuration");
    obk_config_describe(&p->in->openbeken, p->options->reveal, put_line, (void *)(uintptr_t)p);
}

/* A script may hold passwords: its text is shown like one. */
static void script_text(const struct page *p, const struct littlefs_file *file) {
    static const char *const scripts[] = {"autoexec.bat", "early.bat"};
    enum { SHOWN = 32768 };
    const struct survey *s = &p->in->survey;
    uint8_t *text = malloc(SHOWN);
    bool script = strcmp(file->path, scripts[0]) == 0 || strcmp(file->path, scripts[1]) == 0;
    if (script && text && p->options->reveal) {
        size_t size = littlefs_read(p->in->data + s->lfs_offset, p->in->size - s->lfs_offset, file,
                                    text, SHOWN);
        fputs("      ", p->out);
        for (size_t i = 0; i < size; i++)
            if (text[i] == '\n')
                fputs(i + 1 < size ? "\n      " : "", p->out);
            else if (text[i] >= ' ' || text[i] == '\t')
                fputc(text[i], p->out);
        fputc('\n', p->out);
    }
    free(text);
}

static void files(const struct page *p) {
    if (!p->in->file_count)
        return;
    section(p, "Files");
    for (size_t i = 0; i < p->in->file_count; i++) {
        const struct littlefs_file *file = &p->in->file[i];
        if (file->folder)
            fprintf(p->out, "  %s/\n", file->path);
        else
            fprintf(p->out, "  %s, %" PRIu32 " bytes\n", file->path, file->size);
        script_text(p, file);
    }
}

static void schema(const struct page *p) {
    const struct inspection *in = p->in;
    if (in->schema_count == 0)
        return;
    char title[80], range[240];
    snprintf(title, sizeof title, "Datapoints (schema %s)", in->schema_key);
    section(p, title);
    fprintf(p->out, "  %4s %-7s %-5s %s\n", "id", "type", "mode", "range");
    for (size_t i = 0; i < in->schema_count; i++) {
        const struct schema_datapoint *d = &in->schema[i];
        struct text text = text_start(range, sizeof range);
        schema_add_range(&text, d);
        fprintf(p->out, "  %4" PRId32 " %-7s %-5s %s\n", d->id, schema_type_name(d->type), d->mode,
                range);
    }
}

static void module(const struct page *p) {
    const struct inspection *in = p->in;
    char *drawing;
    if (!in->module || !in->uses.count || !(drawing = malloc(DRAWING_SIZE)))
        return;
    char title[96];
    snprintf(title, sizeof title, "Module %s%s",
             in->module_name ? in->module_name : in->module->name,
             in->module_name ? "" : " (not named in the file: the chip's own pins)");
    section(p, title);
    struct text text = text_start(drawing, DRAWING_SIZE);
    module_draw(in->module, &in->uses, p->options->colour, &text);
    fputs(drawing, p->out);
    if (text.length && drawing[text.length - 1] != '\n')
        fputc('\n', p->out);
    free(drawing);
}

static void secrets(const struct page *p) {
    const struct inspection *in = p->in;
    char value[512];
    if (in->secret_count == 0)
        return;
    section(p, "Secrets");
    fprintf(p->out, "  %d secret values are in this file%s\n", in->secret_count,
            p->options->reveal ? ":" : ", masked here (--reveal shows them):");
    for (int i = 0; i < in->secret_count; i++) {
        const struct secret *s = &in->secret[i];
        int same = 1;
        while (!p->options->reveal && i + same < in->secret_count &&
               in->secret[i + same].where == s->where)
            same++;
        if (!p->options->reveal) {
            fprintf(p->out, "  %-24s", s->where);
            for (int k = 0; k < same && k < 8; k++)
                fprintf(p->out, "%s%s", k ? ", " : " ",
                        *in->secret[i + k].member ? in->secret[i + k].member
                                                  : secret_kind_name(in->secret[i + k].kind));
            fputs(same > 8 ? ", ...\n" : "\n", p->out);
            i += same - 1;
            continue;
        }
        struct text text = text_start(value, sizeof value);
        inspection_secret_text(s, true, &text);
        fprintf(p->out, "  %-24s %-14s %s\n", s->where, s->member, value);
    }
}

static void advice(const struct page *p) {
    if (p->in->warnings.count) {
        section(p, "Mind");
        list(p, &p->in->warnings, "! ");
    }
    if (p->in->next.count) {
        section(p, "What to do next");
        list(p, &p->in->next, "- ");
    }
}

void report_text(const struct inspection *in, const struct report_options *options, FILE *out) {
    struct page page = {in, options, out};
    head(&page);
    if (in->survey.kind == IMAGE_BLANK) {
        fprintf(out, "  every byte is 0x%02X: nothing was read, or the flash is erased\n",
                in->survey.blank);
        return;
    }
    what(&page);
    damage(&page);
    map(&page);
    configuration(&page);
    openbeken(&page);
    files(&page);
    schema(&page);
    module(&page);
    secrets(&page);
    advice(&page);
}

void report_row_head(FILE *out, bool colour) {
    fprintf(out, "%s%-32s %-10s %-9s %s%s\n", term_style(colour, TERM_BOLD), "file", "chip",
            "health", "what it is", term_style(colour, TERM_PLAIN));
}

void report_row(const struct inspection *in, const struct report_options *options, FILE *out) {
    char line[240];
    struct text text = text_start(line, sizeof line);
    static const char *const words[] = {"unchecked", "healthy", "damaged"};
    inspection_headline(in, &text);
    const char *path = strrchr(options->path, '/');
    const char *rest = in->chip && text_starts(line, in->chip) ? line + strlen(in->chip) + 1 : line;
    fprintf(out, "%-32s %-10s %s%-9s%s %s\n", path ? path + 1 : options->path,
            in->chip ? in->chip : "-",
            term_style(options->colour, in->health == HEALTH_GOOD      ? TERM_GOOD
                                        : in->health == HEALTH_DAMAGED ? TERM_BAD
                                                                       : TERM_WARN),
            words[in->health], term_style(options->colour, TERM_PLAIN), rest);
}
