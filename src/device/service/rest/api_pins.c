/* Pins over /api/v2. */
#include "codec/openbeken/roles.h"
#include "device/device.h"
#include "device/service/rest/api_v2.h"

static void more(struct device *d, struct http_exchange *x) {
    unsigned pin = x->cursor[0]++;
    const struct obk_pin *p = &d->config.pins[pin];
    struct text *out = &x->out;
    text_add(out, pin ? ",{" : "{");
    json_add_int(out, "pin", pin);
    json_add_string(out, "alias", board_pin_alias(pin));
    json_add_int(out, "role", p->role);
    json_add_int(out, "ch", p->channel);
    json_add_int(out, "ch2", p->channel2);
    json_add_int(out, "level", board_level(d, pin));
    json_add_bool(out, "pwm", d->hal.chip.pwm_pins >> pin & 1);
    json_add_bool(out, "adc", d->hal.chip.adc_pins >> pin & 1);
    text_char(out, '}');
    if (pin + 1 >= d->hal.chip.pins) {
        text_add(out, "]}");
        x->more = NULL;
    }
}

void api_pins_get(struct device *d, struct http_exchange *x) {
    http_begin(x, 200, "application/json");
    text_char(&x->out, '{');
    json_add_string(&x->out, "chip", d->hal.chip.name ? d->hal.chip.name : "");
    text_add(&x->out, ",\"pins\":[");
    x->more = more;
}

enum { PIN, ROLE, CHANNEL, CHANNEL2 };

static bool byte_good(int32_t value) {
    return value == INT32_MIN || (value >= 0 && value <= 255);
}

static const char *change(struct device *d, const int32_t *n, bool apply) {
    if (n[PIN] < 0 || n[PIN] >= d->hal.chip.pins)
        return "there is no such pin";
    if (n[ROLE] != INT32_MIN && (n[ROLE] < 0 || n[ROLE] >= OBK_ROLE_COUNT))
        return "there is no such role";
    if (!byte_good(n[CHANNEL]) || !byte_good(n[CHANNEL2]))
        return "channels of pins are 0 to 255";
    if (!apply)
        return NULL;
    unsigned pin = (unsigned)n[PIN];
    if (n[CHANNEL] != INT32_MIN)
        board_set_channel(d, pin, (unsigned)n[CHANNEL]);
    if (n[CHANNEL2] != INT32_MIN)
        board_set_channel2(d, pin, (unsigned)n[CHANNEL2]);
    if (n[ROLE] != INT32_MIN)
        board_set_role(d, pin, (unsigned)n[ROLE]);
    return NULL;
}

void api_pins_post(struct device *d, struct http_exchange *x) {
    static const struct api_rows rows = {"pins", {"pin", "role", "ch", "ch2"}, change};
    unsigned count;
    if (api_rows_run(d, x, &rows, &count))
        api_changed(x, count, false);
}
