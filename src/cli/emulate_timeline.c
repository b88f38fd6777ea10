/* One function a kind of event. */
#include "cli/emulate_timeline.h"

#include <stdio.h>
#include <stdlib.h>

static json_t *serial_row(const struct soc_record *r) {
    char *hex = malloc(2 * r->text_size + 1);
    if (!hex)
        return NULL;
    hex[0] = '\0';
    for (size_t i = 0; i < r->text_size; i++)
        snprintf(hex + 2 * i, 3, "%02X", (unsigned char)r->text[i]);
    json_t *row = json_pack("{s:I, s:s, s:i, s:s, s:s}", "us", (json_int_t)r->us, "kind", "uart",
                            "uart", (int)r->a, "way", r->b == 'T' ? "sends" : "gets", "bytes", hex);
    free(hex);
    return row;
}

json_t *timeline_row(const struct soc_record *r) {
    json_int_t us = (json_int_t)r->us;
    switch (r->kind) {
    case SOC_PIN:
        return json_pack("{s:I, s:s, s:i, s:i, s:i}", "us", us, "kind", "pin", "gpio", (int)r->a,
                         "before", (int)r->b, "after", (int)r->c);
    case SOC_PWM:
        return json_pack("{s:I, s:s, s:i, s:I, s:I}", "us", us, "kind", "pwm", "channel", (int)r->a,
                         "period", (json_int_t)r->b, "duty", (json_int_t)r->c);
    case SOC_SERIAL:
        return serial_row(r);
    case SOC_UNMAPPED:
        return json_pack("{s:I, s:s, s:I, s:I}", "us", us, "kind", "unmapped", "address",
                         (json_int_t)r->b, "pc", (json_int_t)r->c);
    case SOC_RESET:
        return json_pack("{s:I, s:s}", "us", us, "kind", "reset");
    default:
        return NULL;
    }
}
