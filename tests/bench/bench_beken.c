/* Speed of the code format on 2 MiB: checking the CRC of every block, removing CRCs, decrypting
 * with Tuya's key and with a key that uses all parts; each against copying the same bytes. */
#include "bench.h"
#include "codec/beken/cipher.h"
#include "codec/beken/keys.h"
#include "codec/beken/stripe.h"

#include <stdlib.h>
#include <string.h>

enum { SIZE = 2 << 20, RUNS = 15, REPEATS = 16 };

struct buffers {
    uint8_t *physical, *logical, *copy;
    struct beken_key key;
    uint32_t sink;
};

static void copy(void *context) {
    struct buffers *b = context;
    for (int i = 0; i < REPEATS; i++) {
        memcpy(b->copy, b->physical, SIZE);
        __asm__ volatile("" : : "r"(b->copy) : "memory");
    }
}

static void check(void *context) {
    struct buffers *b = context;
    for (int i = 0; i < REPEATS; i++)
        b->sink += beken_stripe_check(b->physical, SIZE).good;
}

static void unstripe(void *context) {
    struct buffers *b = context;
    for (int i = 0; i < REPEATS; i++)
        b->sink += (uint32_t)beken_unstripe(b->physical, SIZE, b->copy);
}

static void decrypt(void *context) {
    struct buffers *b = context;
    for (int i = 0; i < REPEATS; i++)
        beken_crypt(&b->key, 0x10000, b->logical, SIZE);
}

static void row(const char *figure, struct buffers *b, void (*fn)(void *), double memory) {
    double speed = (double)SIZE * REPEATS / bench_best(RUNS, fn, b) / 1e6;
    bench_row(figure, speed, "MB/s", speed / memory, "of memory copy");
}

int main(void) {
    struct buffers b = {.physical = malloc(SIZE), .logical = malloc(SIZE), .copy = malloc(SIZE)};
    if (!b.physical || !b.logical || !b.copy)
        return 1;
    for (size_t i = 0; i < SIZE; i++)
        b.logical[i] = (uint8_t)(i * 2654435761u >> 13);
    memset(b.physical, 0xFF, SIZE);
    beken_stripe(b.logical, SIZE / 34 * 32, b.physical);
    memset(b.copy, 0, SIZE);
    double memory = (double)SIZE * REPEATS / bench_best(RUNS, copy, &b) / 1e6;
    row("code blocks: check CRC-16", &b, check, memory);
    row("code blocks: remove CRCs", &b, unstripe, memory);
    b.key = beken_known_keys[0].key;
    row("code: decrypt, Tuya's key", &b, decrypt, memory);
    b.key = (struct beken_key){{0x01234567, 0x89ABCDEF, 0xDEADBEEF, 0x55000940}};
    row("code: decrypt, a key with all parts", &b, decrypt, memory);
    free(b.physical);
    free(b.logical);
    free(b.copy);
    return b.sink == 0;
}
