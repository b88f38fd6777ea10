/* What booting the dump adds to an inspection. Without configuration text in the file the firmware
 * itself is asked: its configuration then is the recovered one. With text, the two are compared. */
#include "workbench/inspector/inspection.h"

#include "codec/openbeken/roles.h"
#include "workbench/emulator/recovery.h"

#include <stdio.h>
#include <stdlib.h>

static bool can_boot(const struct inspection *in) {
    return in->survey.kind == IMAGE_DUMP && in->survey.boot.found && in->survey.app.found;
}

/* A built-in default is no configuration of this device. */
static bool only_default(const struct inspection *in) {
    return in->config_found && in->storage.param.source == STORAGE_SOURCE_CODE;
}

static bool needed(const struct inspection *in) {
    if (in->openbeken_found || in->survey.program.openbeken || in->config.baud)
        return false;
    return !in->config_found || !in->config.pin_count || only_default(in);
}

/* Members that both have, and how many of them are equal. */
static void compare(const struct tuya_config *a, const struct tuya_config *b, size_t *both,
                    size_t *equal) {
    *both = *equal = 0;
    for (size_t i = 0; i < a->member_count; i++) {
        const char *other = tuya_config_get(b, a->members[i].key);
        *both += other != NULL;
        *equal += other && strcmp(other, a->members[i].value) == 0;
    }
}

static void take_members(struct tuya_config *to, const struct tuya_config *from) {
    for (size_t i = 0; i < from->member_count; i++) {
        const struct tuya_member *m = &from->members[i];
        tuya_config_add(to, m->key, strlen(m->key), m->value, strlen(m->value), m->kind);
    }
    if (from->baud && !to->baud)
        tuya_config_set_baud(to, from->baud);
    tuya_config_finish(to);
}

/* Pins that no member stands for come along as they are; all keep how sure they are. */
static void take_found_pins(struct inspection *in, const struct recovery *r) {
    struct tuya_config *to = &in->config;
    for (size_t i = 0; i < r->config.pin_count; i++) {
        const struct tuya_pin *pin = &r->config.pins[i];
        size_t k = 0;
        while (k < to->pin_count && to->pins[k].gpio != pin->gpio)
            k++;
        if (k == to->pin_count && k < TUYA_PINS_MAX)
            to->pins[to->pin_count++] = *pin;
        else if (k < to->pin_count)
            to->pins[k].certainty = pin->certainty;
    }
}

static void doubt(struct tuya_config *config) {
    for (size_t i = 0; i < config->pin_count; i++)
        config->pins[i].certainty = TUYA_GUESS;
}

static const struct tuya_pin *pin_of(const struct tuya_config *config, int gpio) {
    for (size_t i = 0; i < config->pin_count; i++)
        if (config->pins[i].gpio == gpio)
            return &config->pins[i];
    return NULL;
}

static void tell_pins(struct inspection *in, const struct recovery *r) {
    for (size_t i = 0; i < r->config.pin_count; i++) {
        const struct tuya_pin *pin = &r->config.pins[i];
        char why[160];
        struct text text = text_start(why, sizeof why);
        recovery_evidence(r, pin, &text);
        lines_add(&in->booted, "P%u %s: %s (%d %%)", pin->gpio, pin->function, why,
                  recovery_confidence(r, pin));
    }
    for (int gpio = 0; r->means == RECOVERY_PINS && gpio < FINDING_PINS; gpio++) {
        const struct finding_pin *pin = &r->findings.pin[gpio];
        if (pin->kind != FINDING_UNUSED && !pin_of(&r->config, gpio))
            lines_add(&in->booted, "P%d %s: %s (%d %%)", gpio, finding_kind_text(pin->kind),
                      pin->evidence, pin->confidence);
    }
}

static const char *outcome(const struct recovery *r) {
    switch (r->means) {
    case RECOVERY_LOG:
        return "its boot log names the pins";
    case RECOVERY_MEMORY:
        return "its memory holds the configuration";
    case RECOVERY_TUYA_MCU:
        return "it talks TuyaMCU on UART1";
    case RECOVERY_PINS:
        return "it names no pins: watched and tried";
    default:
        return r->lacks ? "it logs that it finds no configuration either, and sets up no pins"
                        : "nothing about its pins was learned";
    }
}

static void tell_uart1(struct inspection *in, const struct recovery *r) {
    const struct uart1 *u = &r->findings.uart1;
    int sure;
    enum uart1_peer peer = uart1_find(u, &sure);
    uint32_t baud = u->count ? u->sent_baud : u->baud;
    if (peer != UART1_NOBODY)
        lines_add(&in->booted, "UART1 at %u baud: %s (%d %%)", (unsigned)uart1_usual_baud(baud),
                  uart1_peer_name(peer), sure);
}

static void tell(struct inspection *in, const struct recovery *r) {
    lines_add(&in->booted, "booted as %s for %.2f s of its time; %s", r->chip, (double)r->us * 1e-6,
              outcome(r));
    tell_uart1(in, r);
    tell_pins(in, r);
}

static void adopt(struct inspection *in, struct recovery *r) {
    size_t both, equal;
    compare(&r->config, &in->config, &both, &equal);
    bool known = in->config_found && !only_default(in);
    if (known) {
        if (both && equal == both)
            lines_add(&in->booted,
                      "agrees with the stored configuration in all %zu members both "
                      "have",
                      both);
        else if (both)
            lines_add(&in->warnings,
                      "the emulated firmware and the stored configuration differ in "
                      "%zu of %zu members",
                      both - equal, both);
        return;
    }
    if (only_default(in)) {
        bool same = equal == both || r->means == RECOVERY_PINS || r->means == RECOVERY_NOTHING;
        if (same) {
            doubt(&in->config);
            doubt(&r->config);
            lines_add(&in->warnings, "the pins are the application's built-in default, this "
                                     "device's own are not in the file: check each");
            return;
        }
        tuya_config_start(&in->config);
    }
    if (r->defaults && r->means == RECOVERY_PINS)
        lines_add(&in->warnings, "the firmware logs that it finds no configuration: what it does "
                                 "with its pins is its default, check each");
    take_members(&in->config, &r->config);
    if (r->means == RECOVERY_PINS)
        take_found_pins(in, r);
    in->config_found = in->config.member_count || in->config.pin_count;
    in->config_source = recovery_means_name(r->means);
}

/* What a pin is for, in a word that does not tell one relay or one LED from another. */
static const char *purpose(const char *function) {
    static const char *const words[] = {"LED driver", "relay", "button", "LED"};
    for (size_t i = 1; i < sizeof words / sizeof *words; i++)
        if (strstr(function, words[i]) && !strstr(function, words[0]))
            return words[i];
    return function;
}

/* Blind: what was found against what is stored. */
static void compare_blind(struct inspection *in, const struct tuya_config *stored) {
    int right = 0, other = 0, all = 0;
    for (size_t i = 0; i < stored->pin_count; i++) {
        const struct tuya_pin *pin = &stored->pins[i], *found = pin_of(&in->config, pin->gpio);
        bool same = found && strcmp(purpose(found->function), purpose(pin->function)) == 0;
        all++;
        right += same;
        other += found && !same;
    }
    if (all)
        lines_add(&in->booted,
                  "against the stored configuration, which was not used: %d of %d pins right, %d "
                  "taken for something else, %d not found",
                  right, all, other, all - right - other);
}

static void emulate_blind(struct inspection *in, const struct recovery_progress *progress) {
    struct tuya_config *stored = malloc(sizeof *stored);
    in->recovery = stored ? recovery_make(in->data, in->size, false, progress) : NULL;
    if (in->recovery) {
        tuya_config_start(stored);
        take_members(stored, &in->config);
        tuya_config_start(&in->config);
        in->config_found = false;
        adopt(in, in->recovery);
        tell(in, in->recovery);
        compare_blind(in, stored);
    }
    free(stored);
}

void inspection_emulate(struct inspection *in, enum inspection_boot when,
                        const struct recovery_progress *progress) {
    if (when == INSPECTION_BOOT_NEVER || !can_boot(in) ||
        (when == INSPECTION_BOOT_IF_NEEDED && !needed(in)))
        return;
    if (when == INSPECTION_BOOT_BLIND) {
        emulate_blind(in, progress);
        return;
    }
    in->recovery = recovery_make(in->data, in->size, true, progress);
    if (!in->recovery)
        return;
    if (!in->recovery->ran)
        lines_add(&in->warnings, "booting the dump in software: %s", in->recovery->why);
    adopt(in, in->recovery);
    tell(in, in->recovery);
}
