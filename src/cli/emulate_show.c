/* The log of an emulated boot as it appears, secrets masked; see emulate_show.h. */
#include "cli/emulate_show.h"

#include "cli/emulate_timeline.h"
#include "workbench/emulator/mask_line.h"

#include <stdlib.h>
#include <string.h>

static void mask(struct show *s, char *text) {
    if (!s->known)
        s->known = inspection_make(s->image->flash, s->image->size);
    for (int i = 0; s->known && i < s->known->secret_count; i++)
        s->masked |= mask_value(text, s->known->secret[i].value, s->known->secret[i].length);
    s->masked |= mask_line(text);
}

/* The text of a record, masked unless --reveal; malloc'd. */
static char *visible(struct show *s, const struct soc_record *r) {
    char *text = malloc(r->text_size + 1);
    if (!text)
        return NULL;
    for (size_t i = 0; i < r->text_size; i++)
        text[i] = (unsigned char)r->text[i] < 0x20   ? ' '
                  : (unsigned char)r->text[i] < 0x7F ? r->text[i]
                                                     : '?';
    text[r->text_size] = '\0';
    if (!s->reveal)
        mask(s, text);
    return text;
}

/* A row of the log; `lead` stands before the text where people read it. */
static void show_row(const struct show *s, uint64_t us, const char *kind, const char *lead,
                     const char *text) {
    if (s->json) {
        json_t *row = json_pack("{s:I, s:s, s:s%}", "us", (json_int_t)us, "kind", kind, "text",
                                text, strlen(text));
        json_array_append_new(s->log, row ? row : json_null());
    } else
        printf("%11.6f  %s%s\n", (double)us * 1e-6, lead, text);
}

static void show_text(struct show *s, const struct soc_record *r, const char *kind,
                      const char *lead) {
    char *text = visible(s, r);
    if (text)
        show_row(s, r->us, kind, lead, text);
    free(text);
}

/* Deep sleep, and what ends it. */
static void show_sleep(const struct show *s, const struct soc_record *r) {
    char text[320];
    int used = snprintf(text, sizeof text, "sleeps");
    if (r->ticks)
        used += snprintf(text + used, sizeof text - (size_t)used, " until %.3f s",
                         (double)r->ticks * 1e-6);
    for (int pin = 0; pin < 32; pin++)
        if (r->b >> pin & 1)
            used += snprintf(text + used, sizeof text - (size_t)used, "%s P%d",
                             used == 6 ? " until" : " or", pin);
    show_row(s, r->us, "sleep", "", text);
}

static void show_wake(const struct show *s, const struct soc_record *r) {
    char text[32];
    snprintf(text, sizeof text, r->a < FINDING_PINS ? "woken by P%u" : "woken by its timer", r->a);
    show_row(s, r->us, "wake", "", text);
}

static void show_serial(struct show *s, const struct soc_record *r) {
    if ((!s->events && !(s->hex && r->a == 1)) || s->json)
        return;
    printf("%11.6f  UART%u %s", (double)r->us * 1e-6, r->a, r->b == 'T' ? "sends" : "gets ");
    for (size_t i = 0; i < r->text_size; i++)
        printf(" %02X", (unsigned char)r->text[i]);
    putchar('\n');
}

static void show_event(const struct show *s, const struct soc_record *r) {
    if (!s->events || s->json)
        return;
    double at = (double)r->us * 1e-6;
    switch (r->kind) {
    case SOC_PIN:
        printf("%11.6f  P%u mode %02X -> %02X\n", at, r->a, r->b, r->c);
        break;
    case SOC_PWM:
        printf("%11.6f  PWM%u period %u duty %u\n", at, r->a, r->b, r->c);
        break;
    case SOC_UNMAPPED:
        printf("%11.6f  first access to %08X from %08X\n", at, r->b, r->c);
        break;
    case SOC_RESET:
        printf("%11.6f  reset\n", at);
        break;
    default:
        break;
    }
}

void emulate_show(void *context, const struct soc_record *r) {
    struct show *s = context;
    json_t *row = s->timeline ? timeline_row(r) : NULL;
    if (row)
        json_array_append_new(s->timeline, row);
    findings_take(&s->findings, r);
    switch (r->kind) {
    case SOC_CHIP:
        snprintf(s->chip, sizeof s->chip, "%s", r->text);
        s->encrypted = r->a;
        s->turned = r->b;
        break;
    case SOC_LOG:
        show_text(s, r, "log", "");
        break;
    case SOC_TEXT:
        show_text(s, r, "configuration in memory", "configuration in memory: ");
        break;
    case SOC_SLEEP:
        show_sleep(s, r);
        break;
    case SOC_WAKE:
        show_wake(s, r);
        break;
    case SOC_MCU:
        show_row(s, r->us, "mcu", "started over with a microcontroller of product ", r->text);
        break;
    case SOC_SERIAL:
        show_serial(s, r);
        break;
    case SOC_END:
        s->end_us = r->us;
        s->ticks = r->ticks;
        s->hash = r->hash;
        snprintf(s->reason, sizeof s->reason, "%s", r->text);
        break;
    default:
        show_event(s, r);
    }
    fflush(stdout);
}
