/* What booting the dump told, for programs: the means, every pin with its evidence. */
#include "workbench/emulator/recovery.h"
#include "workbench/report/json_help.h"
#include "workbench/report/report_json.h"

#include <stdio.h>

static const char *certainty_name(enum tuya_certainty certainty) {
    static const char *const names[] = {"sure", "likely", "guess"};
    return names[certainty];
}

static json_t *pin_json(const struct recovery *r, const struct tuya_pin *pin) {
    char evidence[160];
    struct text text = text_start(evidence, sizeof evidence);
    recovery_evidence(r, pin, &text);
    json_t *row = json_object();
    json_put(row, "gpio", json_integer(pin->gpio));
    json_put(row, "key", json_text(pin->key));
    json_put(row, "function", json_text(pin->function));
    json_put(row, "active", pin->level < 0 ? json_null() : json_integer(pin->level));
    json_put(row, "certainty", json_text(certainty_name(pin->certainty)));
    json_put(row, "confidence", json_integer(recovery_confidence(r, pin)));
    json_put(row, "evidence", json_text(evidence));
    return row;
}

static json_t *seen_json(int gpio, const struct finding_pin *pin) {
    json_t *row = json_object();
    json_put(row, "gpio", json_integer(gpio));
    json_put(row, "kind", json_text(finding_kind_text(pin->kind)));
    json_put(row, "confidence", json_integer(pin->confidence));
    json_put(row, "evidence", json_text(pin->evidence));
    return row;
}

json_t *report_json_emulation(const struct inspection *in) {
    const struct recovery *r = in->recovery;
    char hash[20];
    if (!r)
        return json_null();
    json_t *object = json_object(), *pins = json_array(), *seen = json_array();
    for (size_t i = 0; i < r->config.pin_count; i++)
        json_array_append_new(pins, pin_json(r, &r->config.pins[i]));
    for (int gpio = 0; gpio < FINDING_PINS; gpio++)
        if (r->findings.pin[gpio].kind != FINDING_UNUSED)
            json_array_append_new(seen, seen_json(gpio, &r->findings.pin[gpio]));
    snprintf(hash, sizeof hash, "%016llX", (unsigned long long)r->hash);
    json_put(object, "ran", json_boolean(r->ran));
    json_put(object, "error", json_text_or_null(r->why));
    json_put(object, "chip", json_text_or_null(r->chip));
    json_put(object, "virtual_us", json_integer((json_int_t)r->us));
    json_put(object, "instructions", json_integer((json_int_t)r->ticks));
    json_put(object, "ended", json_text_or_null(r->ended));
    json_put(object, "hash", json_text(hash));
    json_put(object, "means", json_text(recovery_means_name(r->means)));
    json_put(object, "tuyamcu_frames", json_integer(r->findings.tuya_frames));
    json_put(object, "pins", pins);
    json_put(object, "seen", seen);
    json_put(object, "lines", json_lines(&in->booted));
    return object;
}
