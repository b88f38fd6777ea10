/* Writes the protocol lines and hashes them, so that two runs can be compared by one number. */
#include "virtual/soc/report.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static uint64_t hash = 0xCBF29CE484222325u;

static struct report_aside *aside; /* of a copy; else NULL */

static void put_aside(const char *text, size_t size) {
    aside->full |= size > REPORT_ASIDE - aside->length;
    if (aside->full)
        return;
    memcpy(aside->text + aside->length, text, size);
    aside->length += size;
}

static void put(const char *text, size_t size) {
    if (aside) {
        put_aside(text, size);
        return;
    }
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ (uint8_t)text[i]) * 0x100000001B3u;
    fwrite(text, 1, size, stdout);
}

void report_aside(struct report_aside *lines) {
    aside = lines;
}

void report_take(const struct report_aside *lines) {
    size_t length = lines->length < REPORT_ASIDE ? lines->length : REPORT_ASIDE;
    const char *end = memrchr(lines->text, '\n', length);
    put(lines->text, end ? (size_t)(end + 1 - lines->text) : 0);
}

uint64_t report_hash(void) {
    return hash;
}

void report_line(const char *format, ...) {
    char line[512];
    va_list list;
    va_start(list, format);
    int length = vsnprintf(line, sizeof line - 1, format, list);
    va_end(list);
    if (length < 0)
        return;
    if (length > (int)sizeof line - 2)
        length = sizeof line - 2;
    line[length] = '\n';
    put(line, (size_t)length + 1);
}

void report_text(const char *head, const uint8_t *text, size_t size) {
    put(head, strlen(head));
    for (size_t i = 0; i < size; i++) {
        char escaped[8];
        bool plain = text[i] >= 0x20 && text[i] <= 0x7E && text[i] != '\\';
        int length = snprintf(escaped, sizeof escaped, plain ? "%c" : "\\x%02X", text[i]);
        put(escaped, (size_t)length);
    }
    put("\n", 1);
}

void report_hex(const char *head, const uint8_t *bytes, size_t size) {
    put(head, strlen(head));
    for (size_t i = 0; i < size; i++) {
        char two[4];
        snprintf(two, sizeof two, "%02X", bytes[i]);
        put(two, 2);
    }
    put("\n", 1);
}

void report_flush(void) {
    fflush(stdout);
}

void report_identity(const struct soc_identity *who) {
    report_line("chip %s %s %d", who->chip->name, who->key[3] ? "encrypted" : "plain", who->turned);
}

void report_end(uint64_t us, uint64_t ticks, uint64_t run_hash, const char *reason) {
    report_line("end %llu %llu %016llX %s", (unsigned long long)us, (unsigned long long)ticks,
                (unsigned long long)run_hash, reason);
}
