/* Writes the frame of an OpenBeken template; see obk_frame.h. */
#include "workbench/templates/obk_frame.h"

#include "codec/tuya/loose.h"
#include "workbench/templates/template.h"

#include <string.h>

static void add_string(struct text *out, const char *value) {
    loose_add_json_string(out, value, strlen(value));
}

static void add_name(struct text *out, const char *name) {
    text_add(out, "  ");
    add_string(out, name);
    text_add(out, ": ");
}

void obk_frame_member(struct text *out, const char *name, const char *value) {
    add_name(out, name);
    add_string(out, value);
    text_add(out, ",\n");
}

void obk_frame_open(struct text *out, const char *name, const char *chip, const char *board) {
    text_add(out, "{\n");
    obk_frame_member(out, "vendor", "Tuya");
    obk_frame_member(out, "bDetailed", "0");
    obk_frame_member(out, "name", name ? name : "TODO");
    obk_frame_member(out, "model", "TODO");
    obk_frame_member(out, "chip", chip);
    obk_frame_member(out, "board", board ? board : "TODO");
}

void obk_frame_pins_open(struct text *out) {
    text_add(out, "  \"keywords\": [],\n  \"pins\": {");
}

void obk_frame_pin(struct text *out, int count, int gpio, const char *role, unsigned channel,
                   unsigned channel2) {
    text_add(out, count ? ",\n    \"" : "\n    \"");
    text_int(out, gpio);
    text_add(out, "\": \"");
    text_add(out, role);
    text_char(out, ';');
    text_uint(out, channel);
    if (channel2) {
        text_char(out, ';');
        text_uint(out, channel2);
    }
    text_char(out, '"');
}

void obk_frame_pins_close(struct text *out, int count) {
    text_add(out, count ? "\n  },\n" : "},\n");
}

void obk_frame_calibration(struct text *out, const float factors[3]) {
    add_name(out, "calibration");
    for (int i = 0; i < 3; i++) {
        text_add(out, i ? ", " : "[");
        text_fixed(out, (int64_t)((double)factors[i] * 1e9 + 0.5), 9);
    }
    text_add(out, "],\n");
}

void obk_frame_close(struct text *out, const char *command) {
    obk_frame_member(out, "command", command);
    obk_frame_member(out, "image", TEMPLATE_IMAGE);
    add_name(out, "wiki");
    add_string(out, TEMPLATE_WIKI);
    text_add(out, "\n}\n");
}
