/* The buttons of scripts; see web_buttons.h. */
#include "device/service/rest/web_buttons.h"

#include "device/device.h"
#include "device/driver.h"
#include "device/script/command.h"

#include <string.h>

static bool there(int32_t i) {
    return i >= 0 && i < WEB_BUTTONS;
}

const struct web_button *web_button(const struct device *d, unsigned i) {
    const struct web_button *b = i < WEB_BUTTONS ? &d->web_buttons[i] : NULL;
    return b && b->enabled && driver_on(d, "HTTPButtons") ? b : NULL;
}

void web_button_press(struct device *d, unsigned i) {
    const struct web_button *b = web_button(d, i);
    if (b && b->command[0])
        command_run(d, b->command, COMMAND_FROM_HTTP);
}

bool web_button_enable(struct device *d, int32_t i, bool on) {
    if (there(i))
        d->web_buttons[i].enabled = on;
    return there(i);
}

bool web_button_set(struct device *d, int32_t i, enum web_button_part part, const char *value) {
    if (!there(i))
        return false;
    struct web_button *b = &d->web_buttons[i];
    struct text text = part == WEB_BUTTON_LABEL   ? text_start(b->label, sizeof b->label)
                       : part == WEB_BUTTON_COLOR ? text_start(b->color, sizeof b->color)
                                                  : text_start(b->command, sizeof b->command);
    text_add(&text, value);
    return !text.truncated;
}

void web_buttons_html(const struct device *d, struct text *out) {
    for (unsigned i = 0; i < WEB_BUTTONS; i++) {
        const struct web_button *b = web_button(d, i);
        if (!b)
            continue;
        text_add(out,
                 "<tr><td><form action=\"index\"><input type=\"hidden\" name=\"act\" value=\"");
        text_uint(out, i);
        text_add(out, "\"><input style=\"background-color:");
        text_html(out, b->color);
        text_add(out, ";\" type=\"submit\" value=\"");
        text_html(out, b->label);
        text_add(out, "\"/></form></td></tr>");
    }
}

void web_buttons_json(const struct device *d, struct text *out) {
    bool first = true;
    text_add(out, ",\"buttons\":[");
    for (unsigned i = 0; i < WEB_BUTTONS; i++) {
        const struct web_button *b = web_button(d, i);
        if (!b)
            continue;
        text_add(out, first ? "{\"act\":" : ",{\"act\":");
        text_uint(out, i);
        text_add(out, ",\"label\":");
        text_json(out, b->label);
        text_add(out, ",\"color\":");
        text_json(out, b->color);
        text_char(out, '}');
        first = false;
    }
    text_char(out, ']');
}
