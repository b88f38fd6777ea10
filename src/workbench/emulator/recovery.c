/* One run, its log collected as text, read by the same reader as a log that a person saved. */
#include "workbench/emulator/recovery.h"

#include "workbench/emulator/bootable.h"
#include "workbench/emulator/fragments.h"
#include "workbench/emulator/soc_client.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    RUN_MS = 5000,
    TICKS_PER_US = 30,
    ENOUGH_MS = 100,
    LOG_MAX = 1 << 20,
    TEXT_SURE = 95,
    TEXT_DOUBTED = 40,
};

struct gathering {
    struct recovery *recovery;
    char *log;
    struct text text;
    struct fragments fragments;
    const struct recovery_progress *progress; /* or NULL */
};

const char *recovery_means_name(enum recovery_means means) {
    static const char *const names[RECOVERY_MEANS_COUNT] = {"nothing", "boot log", "memory",
                                                            "TuyaMCU frames", "pins"};
    return names[means];
}

__attribute__((format(printf, 2, 3))) static void tell(const struct gathering *g,
                                                       const char *format, ...) {
    char what[160];
    va_list list;
    if (!g->progress)
        return;
    va_start(list, format);
    vsnprintf(what, sizeof what, format, list);
    va_end(list);
    g->progress->tell(g->progress->context, what);
}

static void take_line(struct gathering *g, const struct soc_record *r) {
    text_add_n(&g->text, r->text, r->text_size);
    text_char(&g->text, '\n');
}

/* What firmware logs when its configuration is not there either; the store is asked last. */
static const struct {
    const char *words;
    bool last;
} lacks[] = {
    {"read kvs oem cfg error", true},      {"ws_db_user_param_read error", true},
    {"read wd user para fail", true},      {"json_file_config error", true},
    {"Error number of channel: 0", false}, {"uf file oem_cfg can't open", false},
    {"oem cfg load err", false},
};

static void take_lack(struct recovery *out, const char *line) {
    for (size_t i = 0; i < sizeof lacks / sizeof *lacks; i++)
        if (strstr(line, lacks[i].words)) {
            out->lacks = true;
            out->defaults |= lacks[i].last;
        }
}

static void on_record(void *context, const struct soc_record *r) {
    struct gathering *g = context;
    struct recovery *out = g->recovery;
    findings_take(&out->findings, r);
    switch (r->kind) {
    case SOC_CHIP:
        snprintf(out->chip, sizeof out->chip, "%s", r->text);
        out->encrypted = r->a;
        out->turned = r->b;
        break;
    case SOC_LOG:
        take_lack(out, r->text);
        take_line(g, r);
        break;
    case SOC_TEXT:
        fragments_add(&g->fragments, r->text, r->text_size, r->us);
        break;
    case SOC_PRESS:
        if (r->a < FINDING_PINS)
            tell(g, "pressing what is on P%u", r->a);
        break;
    case SOC_END:
        out->us = r->us;
        out->ticks = r->ticks;
        out->hash = r->hash;
        snprintf(out->ended, sizeof out->ended, "%s", r->text);
        break;
    default:
        break;
    }
}

static bool has_pins(struct tuya_config *config) {
    tuya_config_finish(config);
    return config->pin_count > 0;
}

/* Holding a button is worth its time only where it can tell an LED from another output. */
static bool on_rest(void *context, char *command, size_t size) {
    const struct gathering *g = context;
    bool more = findings_hold(&g->recovery->findings, false, command, size);
    if (more)
        tell(g, "holding a button for up to 20 s of its time, to see what blinks");
    return more;
}

static void conclude(struct gathering *g, bool text) {
    struct recovery *out = g->recovery;
    findings_conclude(&out->findings);
    tuya_config_start(&out->config);
    bool logged =
        text && text_source_read((const uint8_t *)g->log, g->text.length, &out->config, &out->text);
    if (text)
        out->pieces = fragments_read(&g->fragments, &out->config, &out->text_us);
    if (has_pins(&out->config)) {
        out->means = logged ? RECOVERY_LOG : RECOVERY_MEMORY;
        return;
    }
    int sure;
    if (uart1_find(&out->findings.uart1, &sure) == UART1_TUYA_MCU) {
        char baud[12];
        snprintf(baud, sizeof baud, "%" PRIu32, uart1_usual_baud(out->findings.uart1.sent_baud));
        tuya_config_set_baud(&out->config, baud);
        out->means = RECOVERY_TUYA_MCU;
        return;
    }
    for (int gpio = 0; out->defaults && gpio < FINDING_PINS; gpio++)
        if (out->findings.pin[gpio].confidence > TEXT_DOUBTED)
            out->findings.pin[gpio].confidence = TEXT_DOUBTED;
    found_pins_read(&out->findings, &out->config);
    out->means = out->config.pin_count ? RECOVERY_PINS : RECOVERY_NOTHING;
}

struct recovery *recovery_make(const uint8_t *data, size_t size, bool text,
                               const struct recovery_progress *progress) {
    struct recovery *out = calloc(1, sizeof *out);
    struct gathering g = {.recovery = out, .log = malloc(LOG_MAX), .progress = progress};
    if (!out || !g.log) {
        free(out);
        free(g.log);
        return NULL;
    }
    const struct soc_request request = {.for_ms = RUN_MS,
                                        .ticks_per_us = TICKS_PER_US,
                                        .enough_ms = text ? ENOUGH_MS : 0,
                                        .memory = text,
                                        .events = true,
                                        .experiment = true,
                                        .more = on_rest};
    g.text = text_start(g.log, LOG_MAX);
    findings_start(&out->findings);
    tell(&g, "booting the dump in software");
    struct bootable image;
    out->ran = bootable_make(data, size, &image, out->why, sizeof out->why) &&
               soc_run(&request, image.flash, image.size, on_record, &g, out->why, sizeof out->why);
    bootable_free(&image);
    conclude(&g, text);
    fragments_free(&g.fragments);
    free(g.log);
    return out;
}

void recovery_free(struct recovery *recovery) {
    free(recovery);
}

int recovery_confidence(const struct recovery *recovery, const struct tuya_pin *pin) {
    switch (recovery->means) {
    case RECOVERY_LOG:
    case RECOVERY_MEMORY:
        return pin->certainty == TUYA_GUESS ? TEXT_DOUBTED : TEXT_SURE;
    case RECOVERY_PINS:
        return pin->gpio < FINDING_PINS ? recovery->findings.pin[pin->gpio].confidence : 0;
    default:
        return 0;
    }
}

void recovery_evidence(const struct recovery *recovery, const struct tuya_pin *pin,
                       struct text *out) {
    switch (recovery->means) {
    case RECOVERY_LOG:
    case RECOVERY_MEMORY:
        text_add(out, "the firmware ");
        text_add(out, recovery->means == RECOVERY_LOG ? "logs " : "holds in memory ");
        text_add(out, pin->key);
        text_add(out, ":");
        text_uint(out, pin->gpio);
        break;
    case RECOVERY_PINS:
        if (pin->gpio < FINDING_PINS)
            text_add(out, recovery->findings.pin[pin->gpio].evidence);
        break;
    default:
        break;
    }
}
