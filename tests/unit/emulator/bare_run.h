/* Boots a guest of our own on the virtual board and keeps what it said and did. */
#ifndef TESTS_EMULATOR_BARE_RUN_H
#define TESTS_EMULATOR_BARE_RUN_H
#include "bare_image.h"
#include "workbench/emulator/soc_live.h"

#include <stdio.h>

struct bare_seen {
    char chip[16];
    char log[512];           /* lines sent on both UARTs, joined */
    int counts[SOC_END + 1]; /* records of each kind */
    struct soc_record last[SOC_END + 1];
};

static inline void bare_take(void *context, const struct soc_record *r) {
    struct bare_seen *seen = context;
    seen->counts[r->kind]++;
    seen->last[r->kind] = *r;
    if (r->kind == SOC_CHIP)
        snprintf(seen->chip, sizeof seen->chip, "%s", r->text);
    size_t used = strlen(seen->log);
    if (r->kind == SOC_LOG && used + r->text_size < sizeof seen->log)
        memcpy(seen->log + used, r->text, r->text_size);
}

/* Starts the image; `chip` NULL: as recognised. */
static inline struct soc_live *bare_start(struct bare_seen *seen, const uint8_t *image, size_t size,
                                          const char *chip) {
    char why[200] = "";
    const struct soc_live_options options = {
        .request = {.ticks_per_us = 60, .chip = chip, .events = true},
        .on = bare_take,
        .context = seen};
    memset(seen, 0, sizeof *seen);
    struct soc_live *live = soc_live_start(&options, image, size, why, sizeof why);
    if (!live)
        fprintf(stderr, "%s\n", why);
    return live;
}

/* What the image did within `us`. */
static inline struct bare_seen bare_run(const uint8_t *image, size_t size, const char *chip,
                                        uint64_t us) {
    struct bare_seen seen;
    struct soc_live *live = bare_start(&seen, image, size, chip);
    if (live) {
        soc_live_run(live, us);
        soc_live_end(live, NULL, 0);
    }
    return seen;
}
#endif
