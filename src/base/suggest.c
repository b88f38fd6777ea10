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

static unsigned unlike(char a, char b) {
    return text_lower(a) != text_lower(b);
}

/* The distance, or anything above `most` once it cannot be less. */
static unsigned distance(const char *a, const char *b, unsigned most) {
    size_t n = strlen(a), m = strlen(b);
    uint8_t rows[3][NAME_MAX_LENGTH + 1];
    if (n > NAME_MAX_LENGTH || m > NAME_MAX_LENGTH || n > m + most || m > n + most)
        return FAR_AWAY;
    uint8_t *before = rows[0], *above = rows[1], *row = rows[2];
    for (size_t j = 0; j <= m; j++)
        above[j] = (uint8_t)j;
    for (size_t i = 1; i <= n; i++) {
        unsigned least = row[0] = (uint8_t)i;
        for (size_t j = 1; j <= m; j++) {
            row[j] = smaller(smaller(above[j] + 1u, row[j - 1] + 1u),
                             above[j - 1] + unlike(a[i - 1], b[j - 1]));
            if (i > 1 && j > 1 && !unlike(a[i - 1], b[j - 2]) && !unlike(a[i - 2], b[j - 1]))
                row[j] = smaller(row[j], before[j - 2] + 1u);
            least = smaller(least, row[j]);
        }
        if (least > most + 1) /* a swap looks back one row more */
            return FAR_AWAY;
        uint8_t *spare = before;
        before = above;
        above = row;
        row = spare;
    }
    return above[m];
}

unsigned suggest_distance(const char *a, const char *b) {
    return distance(a, b, FAR_AWAY);
}

/* How many edits away a name may be and still be meant. */
static unsigned limit_of(const char *wanted) {
    size_t length = strlen(wanted);
    return length < 4 ? 1 : length < 8 ? 2 : 3;
}

struct suggestion suggest_start(const char *wanted) {
    return (struct suggestion){.wanted = wanted, .distance = limit_of(wanted) + 1};
}

void suggest_offer(struct suggestion *s, const char *candidate) {
    if (s->distance == 0)
        return;
    unsigned d = distance(s->wanted, candidate, s->distance - 1);
    if (d < s->distance) {
        s->distance = d;
        s->best = candidate;
    }
}

const char *suggest_result(const struct suggestion *s) {
    return s->best;
}
