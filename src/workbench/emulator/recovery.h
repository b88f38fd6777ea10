/* What booting a dump tells about the wiring of its plug, from the surest means that worked:
 * configuration that the firmware logs, configuration text in its memory, TuyaMCU frames on UART1,
 * or what its pins do at rest and when its inputs are pressed. */
#ifndef WORKBENCH_EMULATOR_RECOVERY_H
#define WORKBENCH_EMULATOR_RECOVERY_H
#include "codec/tuya/config.h"
#include "workbench/emulator/findings.h"
#include "workbench/inspector/textsource.h"

enum recovery_means {
    RECOVERY_NOTHING,
    RECOVERY_LOG,
    RECOVERY_MEMORY,
    RECOVERY_TUYA_MCU,
    RECOVERY_PINS,
    RECOVERY_MEANS_COUNT
};

struct recovery {
    bool ran;
    char why[300]; /* why it did not, or broke off */
    char chip[16];
    bool encrypted, turned;
    uint64_t us, ticks, hash; /* virtual time, guest instructions, hash of the output */
    char ended[96];
    bool lacks;    /* the firmware logged that it found no configuration, in one place at least */
    bool defaults; /* or in none, so that what it drives it drives by default */
    enum recovery_means means;
    /* LOG and MEMORY: what the firmware said, finished. TUYA_MCU: the UART's speed. PINS: members
     * made of the findings, so that every writer of templates can use them. */
    struct tuya_config config;
    struct text_finding text; /* LOG: where */
    uint64_t text_us;         /* when it appeared */
    int pieces;               /* MEMORY: pieces of text used */
    struct findings findings; /* pins, whatever the means; concluded */
};

/* Is told what goes on, a few words each time. */
struct recovery_progress {
    void (*tell)(void *context, const char *what);
    void *context;
};

/* Boots a private copy of the image. `text` false: looks at pins only, as if the firmware had said
 * nothing. `progress` may be NULL. NULL only without memory. */
struct recovery *recovery_make(const uint8_t *data, size_t size, bool text,
                               const struct recovery_progress *progress);
void recovery_free(struct recovery *recovery);
/* "boot log", "memory", "TuyaMCU frames", "pins", "nothing" */
const char *recovery_means_name(enum recovery_means means);
/* How sure the recovery is of a pin of its configuration, in per cent, and on what grounds. */
int recovery_confidence(const struct recovery *recovery, const struct tuya_pin *pin);
void recovery_evidence(const struct recovery *recovery, const struct tuya_pin *pin,
                       struct text *out);

/* found_pins.c: findings as members of a configuration, with the certainty of each pin. */
void found_pins_read(const struct findings *findings, struct tuya_config *config);
#endif
