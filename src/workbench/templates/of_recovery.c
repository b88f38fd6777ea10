/* See of_recovery.h. */
#include "workbench/templates/of_recovery.h"

#include "workbench/emulator/recovery.h"

#include <string.h>

enum { COMMENT_SIZE = 8192, EVIDENCE_SIZE = 110 };

static const char *certainty_words(enum tuya_certainty certainty) {
    static const char *const words[] = {"certain", "likely", "a guess"};
    return words[certainty];
}

static void put_in_front(struct text *text, const char *what, size_t size) {
    if (text->length + size + 1 > text->size)
        return;
    memmove(text->data + size, text->data, text->length + 1);
    memcpy(text->data, what, size);
    text->length += size;
}

static void add_line(struct text *comment, const struct tuya_pin *pin, const char *evidence) {
    text_add(comment, "# P");
    text_uint(comment, pin->gpio);
    text_char(comment, ' ');
    text_add(comment, pin->function);
    text_add(comment, ": ");
    text_add(comment, certainty_words(pin->certainty));
    text_add(comment, ", ");
    text_add(comment, evidence);
    text_char(comment, '\n');
}

void template_of_recovery(enum template_kind kind, const struct inspection *in,
                          struct template_output *out) {
    const struct recovery *r = in->recovery;
    if (!r || strcmp(in->config_source, recovery_means_name(r->means)) != 0)
        return;
    char buffer[COMMENT_SIZE];
    struct text comment = text_start(buffer, sizeof buffer);
    text_add(&comment, "# Recovered by booting the dump in software:\n");
    if (r->means == RECOVERY_PINS && r->findings.bus.chip)
        template_warn(out, "the order of the colours on the LED chip is a guess: change it until "
                           "each is right");
    for (size_t i = 0; i < in->config.pin_count; i++) {
        const struct tuya_pin *pin = &in->config.pins[i];
        char evidence[EVIDENCE_SIZE];
        struct text why = text_start(evidence, sizeof evidence);
        recovery_evidence(r, pin, &why);
        if (kind == TEMPLATE_ESPHOME)
            add_line(&comment, pin, evidence);
        else
            template_warn(out, "P%u (%s): %s, %s", pin->gpio, pin->key,
                          certainty_words(pin->certainty), evidence);
    }
    if (kind == TEMPLATE_ESPHOME)
        put_in_front(&out->text, buffer, comment.length);
}
