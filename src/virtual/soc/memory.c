/* Configuration text in guest memory: firmware that logs nothing still reads its pins into RAM.
 * Freed blocks lose their first bytes later, so the look is repeated while the guest runs. */
#include "virtual/soc/report.h"
#include "virtual/soc/session.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { SCAN_SIZE = 0x40000, TEXT_MIN = 12, TEXT_MAX = 2048 };

static const char *const marks[] = {"_pin:", "Jsonver:", "jv:", "module:", "pwmhz:"};

static bool printable(uint8_t c) {
    return (c >= 0x20 && c < 0x7F) || c == '\t' || c == '\r' || c == '\n';
}

void session_weigh_text(struct session *s, const uint8_t *text, size_t size) {
    static const char *const words[] = {"_pin:", "_pin: is", "Jsonver:", "pConfig",
                                        "pBuf",  "json cfg", "] - pin:", "IO - "};
    for (unsigned i = 0; i < sizeof words / sizeof *words; i++)
        if (memmem(text, size, words[i], strlen(words[i])))
            s->told_us = board_us(s->board);
}

static uint64_t hash_of(const uint8_t *text, size_t size) {
    uint64_t hash = 0xCBF29CE484222325u;
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ text[i]) * 0x100000001B3u;
    return hash;
}

static bool is_new(struct session *s, uint64_t hash) {
    for (int i = 0; i < s->text_count; i++)
        if (s->text_hashes[i] == hash)
            return false;
    if (s->text_count == SESSION_TEXTS)
        return false;
    s->text_hashes[s->text_count++] = hash;
    return true;
}

/* Reports the printable run around `at`; returns where it ends. */
static size_t tell(struct session *s, const uint8_t *ram, size_t at) {
    size_t first = at, last = at;
    while (first > 0 && printable(ram[first - 1]) && at - first < TEXT_MAX)
        first--;
    while (last < SCAN_SIZE && printable(ram[last]) && last - first < TEXT_MAX)
        last++;
    size_t size = last - first;
    /* constants of the program ("%s_pin:") are not configuration: a value must follow a colon */
    bool percent = memchr(ram + first, '%', size) != NULL;
    bool comma = memchr(ram + first, ',', size) != NULL;
    if (size >= TEXT_MIN && comma && !percent && is_new(s, hash_of(ram + first, size))) {
        char head[48];
        snprintf(head, sizeof head, "text %" PRIu64 " ", board_us(s->board));
        report_text(head, ram + first, size);
        session_weigh_text(s, ram + first, size);
    }
    return last;
}

void session_scan_memory(struct session *s) {
    const uint8_t *ram = s->board->ram;
    for (unsigned m = 0; m < sizeof marks / sizeof *marks; m++) {
        size_t length = strlen(marks[m]);
        for (size_t at = 0; at < SCAN_SIZE;) {
            const uint8_t *hit = memmem(ram + at, SCAN_SIZE - at, marks[m], length);
            if (!hit)
                break;
            at = tell(s, ram, (size_t)(hit - ram));
        }
    }
}
