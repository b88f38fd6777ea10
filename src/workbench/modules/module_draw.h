/* A module's pin-out with the roles of a configuration: in the terminal (colour when asked for)
 * and as SVG. The pads needed for flashing (RX, TX, CEN, 3V3, GND) are marked. */
#ifndef WORKBENCH_MODULES_MODULE_DRAW_H
#define WORKBENCH_MODULES_MODULE_DRAW_H
#include "base/text.h"
#include "codec/tuya/config.h"
#include "workbench/modules/module.h"

/* What a GPIO is used for in this plug. */
struct pin_use {
    int gpio;
    const char *role;  /* "Rel;1" or words */
    const char *words; /* "relay 1", may equal role */
    int kind;          /* enum pin_kind: decides the colour */
};
enum pin_kind {
    PIN_KIND_OTHER,
    PIN_KIND_RELAY,
    PIN_KIND_BUTTON,
    PIN_KIND_LED,
    PIN_KIND_METER,
    PIN_KIND_LIGHT,
    PIN_KIND_SENSOR
};
#define PIN_USES_MAX 64
struct pin_uses {
    struct pin_use use[PIN_USES_MAX];
    size_t count;
    char text[4096];
    size_t used;
};
/* The uses that a configuration names. */
void pin_uses_of_config(struct pin_uses *uses, const struct tuya_config *config);
/* Adds one by OpenBeken role id. */
void pin_uses_add(struct pin_uses *uses, int gpio, unsigned role, unsigned channel);

/* Draws into out (16 KiB is plenty). `uses` may be NULL. */
void module_draw(const struct module *module, const struct pin_uses *uses, bool colour,
                 struct text *out);
/* The same as a self-contained SVG (48 KiB is plenty). */
void module_svg(const struct module *module, const struct pin_uses *uses, struct text *out);
#endif
