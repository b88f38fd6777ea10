/* The order of the work, the removed texts, and blanking itself. */
#include "workbench/inspector/sanitize.h"

#include "base/text.h"
#include "workbench/inspector/sanitize_private.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

struct kept {
    struct kept *next;
    uint8_t data[];
};

void sanitize_free(struct sanitize *report) {
    for (struct kept *k = report->memory, *next; k; k = next) {
        next = k->next;
        free(k);
    }
    report->memory = NULL;
}

void sanitize_count(struct sanitize *report, const char *format, ...) {
    char what[sizeof report->row->what];
    va_list list;
    va_start(list, format);
    vsnprintf(what, sizeof what, format, list);
    va_end(list);
    for (int i = 0; i < report->row_count; i++)
        if (strcmp(report->row[i].what, what) == 0) {
            report->row[i].count++;
            return;
        }
    if (report->row_count >= SANITIZE_ROWS_MAX)
        return;
    struct sanitize_row *row = &report->row[report->row_count++];
    memcpy(row->what, what, sizeof what);
    row->count = 1;
}

void sanitize_remember(struct sanitize *report, const uint8_t *secret, size_t length) {
    if (length < SANITIZE_SECRET_LEAST || bytes_all(secret, length, secret[0]) ||
        report->secret_count >= SANITIZE_SECRETS_MAX)
        return;
    for (int i = 0; i < report->secret_count; i++)
        if (report->secret[i].size == length && memcmp(report->secret[i].data, secret, length) == 0)
            return;
    struct kept *kept = malloc(sizeof *kept + length);
    if (!kept)
        return;
    kept->next = report->memory;
    report->memory = kept;
    memcpy(kept->data, secret, length);
    report->secret[report->secret_count++] = (struct span){kept->data, length};
}

/* A bare number must stay one: its digits become 1 (0 alone stays). */
static uint8_t placeholder(uint8_t c, bool text, bool quoted) {
    if (!text)
        return 0;
    if (quoted)
        return '0';
    return text_is_digit((char)c) ? '1' : c == '-' || c == '.' ? c : '0';
}

void sanitize_blank(uint8_t *data, size_t length, bool quoted) {
    bool text = storage_text_length(data, length) != SIZE_MAX;
    if (!quoted && length == 1 && data[0] == '0')
        return;
    for (size_t i = 0; i < length; i++)
        data[i] = placeholder(data[i], text, quoted);
}

int sanitize_value(struct sanitize *report, const char *where, const char *key, uint8_t *value,
                   size_t length) {
    struct secret_range range[SANITIZE_RANGES_MAX];
    size_t count = secrets_find(key, value, length, range, SANITIZE_RANGES_MAX);
    for (size_t i = 0; i < count; i++) {
        uint8_t *at = value + range[i].offset;
        bool whole = range[i].member[0] == '\0';
        sanitize_remember(report, at, range[i].length);
        sanitize_blank(at, range[i].length, whole || (range[i].offset && at[-1] != ':'));
        sanitize_count(report, "%s%s%s%s: %s", where, key, whole ? "" : ".", range[i].member,
                       secret_kind_name(range[i].kind));
    }
    return (int)count;
}

int sanitize_search(const struct sanitize *report, uint8_t *data, size_t size) {
    int count = 0;
    for (int i = 0; i < report->secret_count; i++) {
        const struct span *s = &report->secret[i];
        for (size_t at = 0; s->size >= SANITIZE_SEARCH_LEAST; at += s->size, count++) {
            at = bytes_find(data, size, at, s->data, s->size);
            if (at == SIZE_MAX)
                break;
            sanitize_blank(data + at, s->size, true);
        }
    }
    return count;
}

bool sanitize_remembers(const struct sanitize *report, const uint8_t *data, size_t size) {
    for (int i = 0; i < report->secret_count; i++)
        if (report->secret[i].size >= SANITIZE_SEARCH_LEAST &&
            bytes_find(data, size, 0, report->secret[i].data, report->secret[i].size) != SIZE_MAX)
            return true;
    return false;
}

bool sanitize_image(uint8_t *image, size_t size, struct sanitize *report, char *why,
                    size_t why_size) {
    struct storage *storage = malloc(sizeof *storage);
    memset(report, 0, sizeof *report);
    bool done = storage && storage_find(image, size, storage);
    if (done) {
        report->storage_found = storage->found;
        sanitize_easyflash_note(image, storage, report);
        sanitize_rf(image, size, report);
        sanitize_openbeken(image, size, report);
        sanitize_protected(image, storage, report);
        done = sanitize_kv(image, size, storage, report);
        sanitize_other_stores(image, size, storage, report);
        sanitize_files(image, size, storage, report);
        sanitize_psm(image, storage, report);
        sanitize_littlefs(image, size, report);
        for (int left = sanitize_search(report, image, size); left > 0; left--)
            sanitize_count(report, "plain copy of one of these elsewhere in the image");
        sanitize_easyflash(image, storage, report);
    }
    if (storage)
        storage_free(storage);
    free(storage);
    if (!done)
        snprintf(why, why_size, "out of memory");
    return done;
}
