/* Pseudo-random numbers that are the same on every machine: splitmix64 (Steele, Lea, Flood 2014),
 * one 64-bit state, any seed is good. Faults are drawn from it, so that a seed repeats a run. */
#ifndef VIRTUAL_RANDOM_H
#define VIRTUAL_RANDOM_H
#include <stdbool.h>
#include <stdint.h>

static inline uint64_t random_next(uint64_t *state) {
    uint64_t z = *state += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

/* True with probability p (0..1). */
static inline bool random_chance(uint64_t *state, double p) {
    return p > 0 && (double)(random_next(state) >> 11) * 0x1p-53 < p;
}
#endif
