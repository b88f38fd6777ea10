/* The parts of an ESPHome configuration; each adds what it finds. Rules of names and order:
 * libretiny-eu/upk2esphome; protections and level handling go beyond it. */
#ifndef WORKBENCH_TEMPLATES_ESPHOME_H
#define WORKBENCH_TEMPLATES_ESPHOME_H
#include "workbench/templates/template.h"
#include "workbench/templates/yaml.h"

struct esphome {
    const struct template_input *in;
    const struct tuya_config *config;
    struct template_output *out;
    struct yaml yaml;
    const char *chip;
    bool status_light; /* the Wi-Fi LED is a light of its own: relays may drive it */
    int components;    /* things that do something; none is an error */
};

/* Name of a GPIO on this chip ("P6", "PA05"); the buffer is the caller's. */
const char *esphome_pin(const struct esphome *e, int gpio, char name[8]);
/* Lines of a pin: plain, or number and inverted. `indent` blanks before "pin:". */
void esphome_add_pin(struct esphome *e, const char *section, int indent, const char *key, int gpio,
                     bool inverted);
/* An input with the pull that its level asks for: active low pulls up. */
void esphome_add_input(struct esphome *e, const char *section, int gpio, bool active_low);
/* GPIO of a key, -1 when absent; pattern may hold `#`. */
int esphome_gpio(const struct esphome *e, const char *pattern, int n);

void esphome_light(struct esphome *e);
void esphome_switches(struct esphome *e);
void esphome_meter(struct esphome *e);
void esphome_mcu(struct esphome *e);
#endif
