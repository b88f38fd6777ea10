/* "Did you mean …?": the nearest of a list of names by edit distance (insert, delete, replace,
 * swap of neighbours), used for subcommands, options, script commands and pin roles alike. */
#ifndef BASE_SUGGEST_H
#define BASE_SUGGEST_H
#include <stddef.h>

/* Number of edits between a and b, ignoring case; names longer than 63 count as far away. */
unsigned suggest_distance(const char *a, const char *b);

/* Keeps the best candidate while a caller walks its own table. */
struct suggestion {
    const char *wanted;
    const char *best;
    unsigned distance;
};
struct suggestion suggest_start(const char *wanted);
void suggest_offer(struct suggestion *s, const char *candidate);
/* The best candidate when it is near enough to be meant, else NULL. */
const char *suggest_result(const struct suggestion *s);
#endif
