/* The region map: one character a sector, and the same as a table. */
#include "workbench/host/term.h"
#include "workbench/report/report.h"

#include <inttypes.h>

enum { SECTOR = SURVEY_MAP_SECTOR, COLUMNS = 64, LINES_MAX = 64 };

static bool sector_bad(const struct inspection *in, size_t sector) {
    size_t start = sector * SECTOR, end = start + SECTOR;
    for (int i = 0; i < in->survey.bad_count; i++) {
        const struct survey_bad *bad = &in->survey.bad[i];
        if (bad->offset < end && bad->offset + bad->size > start)
            return true;
    }
    return false;
}

static char mark_of(const struct inspection *in, size_t sector) {
    size_t at = sector * SECTOR, size = in->size - at < SECTOR ? in->size - at : SECTOR;
    if (sector_bad(in, sector))
        return 'x';
    if (bytes_all(in->data + at, size, 0xFF))
        return '.';
    return region_rows[in->sector_kind[sector]].mark;
}

static enum term_style style_of(char mark) {
    switch (mark) {
    case 'x':
        return TERM_BAD;
    case '.':
    case '0':
        return TERM_DIM;
    case 'S':
    case 'K':
    case 'P':
    case 'U':
        return TERM_GOOD;
    case 'R':
    case 'C':
        return TERM_WARN;
    case 'B':
    case 'A':
        return TERM_BLUE;
    default:
        return TERM_PLAIN;
    }
}

static void legend(const struct inspection *in, FILE *out) {
    bool used[128] = {false};
    for (size_t s = 0; s < in->sector_count; s++)
        used[(unsigned char)mark_of(in, s)] = true;
    fputs("   ", out);
    for (int k = 0; k < REGION_KIND_COUNT; k++)
        if (used[(unsigned char)region_rows[k].mark])
            fprintf(out, " %c %s;", region_rows[k].mark, region_rows[k].words);
    fputs(used['x'] ? " x damaged\n" : "\n", out);
}

void report_map(const struct inspection *in, bool colour, FILE *out) {
    if (!in->sector_kind)
        return;
    size_t columns = COLUMNS;
    while (in->sector_count / columns > LINES_MAX)
        columns *= 2;
    for (size_t line = 0; line < in->sector_count; line += columns) {
        enum term_style now = TERM_PLAIN;
        int64_t address = survey_address(&in->survey, in->size, line * SECTOR);
        fprintf(out, "  %06" PRIX64 " ", (uint64_t)(address < 0 ? 0 : address));
        for (size_t s = line; s < line + columns && s < in->sector_count; s++) {
            char mark = mark_of(in, s);
            if (style_of(mark) != now) {
                now = style_of(mark);
                fprintf(out, "%s%s", term_style(colour, TERM_PLAIN),
                        now == TERM_PLAIN ? "" : term_style(colour, now));
            }
            fputc(mark, out);
        }
        fprintf(out, "%s\n", term_style(colour, TERM_PLAIN));
    }
    legend(in, out);
}

void report_region_table(const struct inspection *in, FILE *out) {
    fprintf(out, "  %-10s %-10s %-24s %s\n", "offset", "size", "region", "contents");
    for (int i = 0; i < in->region_count; i++) {
        const struct region *r = &in->region[i];
        fprintf(out, "  0x%06zX   0x%06zX   %s", r->offset, r->size, region_rows[r->kind].words);
        int blank = 24 - (int)strlen(region_rows[r->kind].words);
        if ((r->erased && r->kind != REGION_FREE) || r->bad_blocks)
            fprintf(out, "%*s", blank > 0 ? blank : 0, "");
        if (r->erased && r->kind != REGION_FREE)
            fprintf(out, " %zu KiB erased", r->erased >> 10);
        if (r->bad_blocks)
            fprintf(out, " %" PRIu32 " bad blocks", r->bad_blocks);
        fputc('\n', out);
    }
}
