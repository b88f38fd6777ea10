/* Tasmota runs on ESP chips only. For an ESP8266 plug its template follows from the pins; for a
 * module with the pads of an ESP-12 (the "3S" and "3L" families) it is the template after that
 * module was replaced; for all others there is nothing honest to write.
 * Codes: arendst/Tasmota: tasmota_template.h; pads: ESP-12F pin-out. */
#include "codec/openbeken/roles.h"
#include "codec/tuya/loose.h"
#include "workbench/modules/module.h"
#include "workbench/templates/template.h"
#include <string.h>

#define SLOTS 14
static const uint8_t slot_gpio[SLOTS] = {0, 1, 2, 3, 4, 5, 9, 10, 12, 13, 14, 15, 16, 17};

/* GPIO at pads 1..16 of an ESP-12; 255: none. */
static const uint8_t esp12_pads[16] = {255, 17, 255, 16, 14, 12, 13, 255,
                                       255, 15, 2,   0,  4,  5,  3,  1};

struct code {
    uint8_t role;
    uint16_t code;
    bool numbered; /* code + channel - 1 */
};
static const struct code codes[] = {
    {OBK_ROLE_RELAY, 224, true},
    {OBK_ROLE_RELAY_N, 256, true},
    {OBK_ROLE_BUTTON, 32, true},
    {OBK_ROLE_BUTTON_N, 128, true},
    {OBK_ROLE_BTN_TGL_ALL, 32, false},
    {OBK_ROLE_BTN_TGL_ALL_N, 128, false},
    {OBK_ROLE_TGL_CHAN_ON_TGL, 160, true},
    {OBK_ROLE_D_INPUT, 160, true},
    {OBK_ROLE_LED, 288, true},
    {OBK_ROLE_LED_N, 320, true},
    {OBK_ROLE_WIFI_LED, 544, false},
    {OBK_ROLE_WIFI_LED_N, 576, false},
    {OBK_ROLE_PWM, 416, true},
    {OBK_ROLE_PWM_N, 448, true},
    {OBK_ROLE_BL0937SEL, 2624, false},
    {OBK_ROLE_BL0937SEL_N, 2592, false},
    {OBK_ROLE_BL0937CF1, 2656, false},
    {OBK_ROLE_BL0937CF, 2720, false},
    {OBK_ROLE_IRSEND, 1056, false},
    {OBK_ROLE_IRRECV, 1088, false},
};

static int code_of(const struct tuya_config *config, const struct tuya_pin *pin) {
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (codes[i].role == pin->role) {
            bool hlw =
                pin->role == OBK_ROLE_BL0937CF && tuya_config_number(config, "chip_type", 0) == 1;
            int channel = codes[i].numbered && pin->channel ? pin->channel - 1 : 0;
            return hlw ? 2688 : codes[i].code + channel;
        }
    return 0;
}

static int slot_of(int gpio) {
    for (int i = 0; i < SLOTS; i++)
        if (slot_gpio[i] == gpio)
            return i;
    return -1;
}

/* GPIO of the ESP-12 that would sit where this GPIO of the module is, or -1. */
static int replaced(const struct module *module, int gpio) {
    struct module_pad pads[MODULE_PADS_MAX];
    size_t count = module_pads(module, pads);
    for (size_t i = 0; i < count && i < 16; i++)
        if (pads[i].gpio == gpio && esp12_pads[i] != 255)
            return esp12_pads[i];
    return -1;
}

static void place(const struct template_input *in, const struct module *module, int slots[SLOTS],
                  struct template_output *out) {
    for (size_t i = 0; i < in->config->pin_count; i++) {
        const struct tuya_pin *pin = &in->config->pins[i];
        int code = code_of(in->config, pin);
        int gpio = module ? replaced(module, pin->gpio) : pin->gpio;
        int slot = slot_of(gpio);
        if (!code || slot < 0)
            template_warn(out, "P%u (%s, %s) is left out: no %s for it", pin->gpio, pin->key,
                          pin->function, code ? "pad" : "component code");
        else
            slots[slot] = code;
        if (pin->certainty != TUYA_SURE && code)
            template_warn(out, "P%u (%s) is not certain, check it", pin->gpio, pin->key);
    }
}

static void write(const struct template_input *in, const int slots[SLOTS], struct text *out) {
    const char *name = in->name ? in->name : in->config->module ? in->config->module : "Tuya";
    text_add(out, "{\"NAME\":");
    loose_add_json_string(out, name, strlen(name));
    text_add(out, ",\"GPIO\":[");
    for (int i = 0; i < SLOTS; i++) {
        if (i)
            text_char(out, ',');
        text_int(out, slots[i]);
    }
    text_add(out, "],\"FLAG\":0,\"BASE\":18}\n");
}

enum status template_tasmota(const struct template_input *in, struct template_output *out) {
    const struct tuya_config *config = in->config;
    const char *chip = config->chip ? config->chip : in->chip ? in->chip : "an unknown chip";
    const struct module *module = module_find(config->module);
    bool native = strncmp(chip, "ESP", 3) == 0;
    int slots[SLOTS] = {0};
    if (!config->pin_count) {
        template_warn(out, "no pins: there is nothing to write a template from");
        return STATUS_NOT_FOUND;
    }
    if (!native && (!module || module->shape != MODULE_SIDES || module->left != 8)) {
        template_warn(out,
                      "Tasmota does not run on %s, and no ESP8266 module has the pads of %s; "
                      "use the OpenBeken template (it speaks Tasmota's REST and MQTT)",
                      chip, config->module ? config->module : "this module");
        return STATUS_UNSUPPORTED;
    }
    if (!native)
        template_warn(out,
                      "Tasmota does not run on %s: this is for the board after its %s was "
                      "replaced by an ESP-12",
                      chip, module->name);
    place(in, native ? NULL : module, slots, out);
    write(in, slots, &out->text);
    return STATUS_OK;
}
