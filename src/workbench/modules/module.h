/* Pin-outs of the Wi-Fi modules that plugs are built on: which pad is which GPIO, what that GPIO
 * can do, which pads are needed for flashing. One row per module, one table of GPIOs per chip
 * package. Figures: libretiny-eu/libretiny: boards/. */
#ifndef WORKBENCH_MODULES_MODULE_H
#define WORKBENCH_MODULES_MODULE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MODULE_PADS_MAX 48

/* One GPIO of a chip package. */
struct package_pin {
    const char *gpio; /* "P6", "PA05" */
    uint8_t ic_pin;
    const char *functions; /* "UART_1_RX", blank separated */
};
struct package {
    const char *name; /* "bk7231-qfn32" */
    const struct package_pin *pins;
    size_t count;
    uint8_t ic_pins; /* legs of the chip */
    uint8_t cen_pin; /* 0: not known */
};

/* How the pads of a module lie. */
enum module_shape {
    MODULE_SIDES, /* `left` pads down the left, then up the right, the last `bottom` at the bottom
                   */
    MODULE_FACES, /* one edge, odd pads on the front, even pads on the back */
    MODULE_EDGE,  /* a card: all pads along one edge */
    MODULE_CHIP,  /* a bare QFN chip on the product's board */
    MODULE_LIST   /* the numbers say nothing about the place */
};

struct module {
    const char *name, *vendor, *mcu, *platform, *package;
    enum module_shape shape;
    uint8_t left, bottom;  /* only for MODULE_SIDES */
    const char *pads;      /* "3V3 P6 GND …", in order of the module's pins; "-" not connected */
    const char *test_pads; /* "RX2=P1 TX2=P0", or "" */
};

/* What a pad is for, from the point of view of somebody with a soldering iron. */
enum pad_use { PAD_NONE, PAD_GPIO, PAD_POWER, PAD_GROUND, PAD_RESET, PAD_RX, PAD_TX, PAD_OTHER };

struct module_pad {
    char name[8];   /* "1", "TX2" */
    char label[16]; /* "P6", "3V3", "GND", "CEN" */
    bool test_pad;
    uint8_t ic_pin; /* 0: none */
    int gpio;       /* -1: none; PA05 is 5, on LN882H PB03 is 19 */
    const char *functions;
    enum pad_use use; /* RX/TX only for the download UART */
};

extern const struct module modules[];
extern const size_t module_count;

/* Module by name; case, blanks and `_` for `-` do not matter. NULL when unknown. */
const struct module *module_find(const char *name);
/* The generic board of a chip ("BK7231N"), or NULL. */
const struct module *module_generic(const char *chip);
/* All pads in order; returns their number. */
size_t module_pads(const struct module *module, struct module_pad pads[MODULE_PADS_MAX]);
const struct package *package_find(const char *name);
#endif
