/* Which pad lies on which edge: what the terminal drawing and the SVG share. */
#ifndef WORKBENCH_MODULES_MODULE_LAYOUT_H
#define WORKBENCH_MODULES_MODULE_LAYOUT_H
#include "workbench/modules/module_draw.h"

#define EDGE_PADS_MAX 24
struct edge {
    const struct module_pad *pads[EDGE_PADS_MAX]; /* top to bottom, or left to right */
    size_t count;
};

struct module_layout {
    struct module_pad pads[MODULE_PADS_MAX];
    struct edge left, right, top, bottom, tests;
    const char *left_caption, *right_caption; /* or NULL */
};

void module_layout(const struct module *module, struct module_layout *out);
/* The use of a GPIO, or NULL. */
const struct pin_use *pin_use_of(const struct pin_uses *uses, int gpio);
/* The n-th use whose GPIO is on no pad of the module (a wrong module name shows itself so), NULL
 * at the end. */
const struct pin_use *pin_use_without_pad(const struct module_layout *layout,
                                          const struct pin_uses *uses, size_t n);
/* Must this pad be wired for flashing? */
bool pad_is_for_flashing(const struct module_pad *pad);
/* "RX", "TX", "CEN", "3V3", "GND" for such a pad, or "". */
const char *pad_flash_name(const struct module_pad *pad);
#endif
