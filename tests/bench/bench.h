/* What every benchmark shares: a monotonic clock, the best of several runs, and the row format of
 * `make bench` (figure, value, unit, ratio to a limit or baseline that the row names). */
#ifndef TESTS_BENCH_BENCH_H
#define TESTS_BENCH_BENCH_H
#include <stdio.h>
#include <time.h>

static inline double bench_seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Best time in seconds of `runs` calls of fn(context). */
static inline double bench_best(int runs, void (*fn)(void *), void *context) {
    double best = 1e30;
    for (int i = 0; i < runs; i++) {
        double start = bench_seconds();
        fn(context);
        double took = bench_seconds() - start;
        if (took < best)
            best = took;
    }
    return best;
}

static inline void bench_row(const char *figure, double value, const char *unit, double ratio,
                             const char *against) {
    printf("%-44s %12.4g %-10s %.3g x %s\n", figure, value, unit, ratio, against);
}
#endif
