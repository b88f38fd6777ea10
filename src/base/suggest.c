/* Optimal string alignment over three rows of small integers; no heap, bounded by NAME_MAX_LENGTH.
 */
#include "base/suggest.h"

#include "base/text.h"

#include <stdint.h>
#include <string.h>

enum { NAME_MAX_LENGTH = 63, FAR_AWAY = 255 };

static uint8_t smaller(unsigned a, unsigned b) {
    return (uint8_t)(a < b ? a : b);
}

unsigned suggest_distance(const char *a, const char *b) {
    size_t n = strlen(a), m = strlen(b);
    uint8_t rows[3][NAME_MAX_LENGTH + 1];
    if (n > NAME_MAX_LENGTH || m > NAME_MAX_LENGTH)
        return FAR_AWAY;
    uint8_t *before = rows[0], *above = rows[1], *row = rows[2];
    for (size_t j = 0; j <= m; j++)
        above[j] = (uint8_t)j;
    for (size_t i = 1; i <= n; i++) {
        row[0] = (uint8_t)i;
        for (size_t j = 1; j <= m; j++) {
            unsigned differs = text_lower(a[i - 1]) != text_lower(b[j - 1]);
            row[j] = smaller(smaller(above[j] + 1u, row[j - 1] + 1u), above[j - 1] + differs);
            if (i > 1 && j > 1 && text_lower(a[i - 1]) == text_lower(b[j - 2]) &&
                text_lower(a[i - 2]) == text_lower(b[j - 1]))
                row[j] = smaller(row[j], before[j - 2] + 1u);
        }
        uint8_t *spare = before;
        before = above;
        above = row;
        row = spare;
    }
    return above[m];
}

struct suggestion suggest_start(const char *wanted) {
    return (struct suggestion){.wanted = wanted, .distance = FAR_AWAY};
}

void suggest_offer(struct suggestion *s, const char *candidate) {
    unsigned distance = suggest_distance(s->wanted, candidate);
    if (distance < s->distance) {
        s->distance = distance;
        s->best = candidate;
    }
}

const char *suggest_result(const struct suggestion *s) {
    size_t length = strlen(s->wanted);
    unsigned limit = length < 4 ? 1 : length < 8 ? 2 : 3;
    return s->distance <= limit ? s->best : NULL;
}
