/* Shorthand of the files that fill tables of operations and queries: a row's function in a line. */
#ifndef VIRTUAL_SCENARIO_ROWS_H
#define VIRTUAL_SCENARIO_ROWS_H
#include "virtual/plug/scenario_run.h"

typedef const struct scenario_arg *args_t;
#define DEVICE   (&s->plug.device)
#define OP(name) static void name(struct scenario *s, args_t a, unsigned n)
/* A numeric query, and a text query, that are one expression of s, a and n. */
#define NUMBER(name, value)                                                                        \
    static double name(struct scenario *s, args_t a, unsigned n) {                                 \
        (void)s, (void)a, (void)n;                                                                 \
        return (double)(value);                                                                    \
    }
#define TEXT(name, value)                                                                          \
    static struct scenario_text name(struct scenario *s, args_t a, unsigned n) {                   \
        (void)a, (void)n;                                                                          \
        return scenario_text_of(s, value);                                                         \
    }
#endif
