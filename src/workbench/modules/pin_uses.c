/* What the GPIOs of a plug do, in words and colours, from a configuration or from roles. */
#include "codec/openbeken/roles.h"
#include "workbench/modules/module_draw.h"
#include <string.h>

static const struct {
    uint8_t role;
    uint8_t kind;
} kinds[] = {
    {OBK_ROLE_RELAY, PIN_KIND_RELAY},
    {OBK_ROLE_RELAY_N, PIN_KIND_RELAY},
    {OBK_ROLE_BRIDGE_FWD, PIN_KIND_RELAY},
    {OBK_ROLE_BRIDGE_REV, PIN_KIND_RELAY},
    {OBK_ROLE_BUTTON, PIN_KIND_BUTTON},
    {OBK_ROLE_BUTTON_N, PIN_KIND_BUTTON},
    {OBK_ROLE_BTN_TGL_ALL, PIN_KIND_BUTTON},
    {OBK_ROLE_BTN_TGL_ALL_N, PIN_KIND_BUTTON},
    {OBK_ROLE_TGL_CHAN_ON_TGL, PIN_KIND_BUTTON},
    {OBK_ROLE_LED, PIN_KIND_LED},
    {OBK_ROLE_LED_N, PIN_KIND_LED},
    {OBK_ROLE_WIFI_LED, PIN_KIND_LED},
    {OBK_ROLE_WIFI_LED_N, PIN_KIND_LED},
    {OBK_ROLE_BL0937SEL, PIN_KIND_METER},
    {OBK_ROLE_BL0937SEL_N, PIN_KIND_METER},
    {OBK_ROLE_BL0937CF, PIN_KIND_METER},
    {OBK_ROLE_BL0937CF1, PIN_KIND_METER},
    {OBK_ROLE_PWM, PIN_KIND_LIGHT},
    {OBK_ROLE_PWM_N, PIN_KIND_LIGHT},
    {OBK_ROLE_SM2135DAT, PIN_KIND_LIGHT},
    {OBK_ROLE_SM2135CLK, PIN_KIND_LIGHT},
    {OBK_ROLE_SM2235DAT, PIN_KIND_LIGHT},
    {OBK_ROLE_SM2235CLK, PIN_KIND_LIGHT},
    {OBK_ROLE_BP5758D_DAT, PIN_KIND_LIGHT},
    {OBK_ROLE_BP5758D_CLK, PIN_KIND_LIGHT},
    {OBK_ROLE_BP1658CJ_DAT, PIN_KIND_LIGHT},
    {OBK_ROLE_BP1658CJ_CLK, PIN_KIND_LIGHT},
    {OBK_ROLE_KP18058_DAT, PIN_KIND_LIGHT},
    {OBK_ROLE_KP18058_CLK, PIN_KIND_LIGHT},
    {OBK_ROLE_SM16703P_DIN, PIN_KIND_LIGHT},
    {OBK_ROLE_STRIP_STATE, PIN_KIND_LIGHT},
    {OBK_ROLE_D_INPUT, PIN_KIND_SENSOR},
    {OBK_ROLE_D_INPUT_N, PIN_KIND_SENSOR},
    {OBK_ROLE_BAT_ADC, PIN_KIND_SENSOR},
    {OBK_ROLE_BAT_RELAY, PIN_KIND_SENSOR},
    {OBK_ROLE_ADC, PIN_KIND_SENSOR},
    {OBK_ROLE_DS1820_IO, PIN_KIND_SENSOR},
};

static int kind_of(unsigned role) {
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i].role == role)
            return kinds[i].kind;
    return PIN_KIND_OTHER;
}

static const char *keep(struct pin_uses *uses, const struct text *built) {
    uses->used += built->length + 1;
    return built->data;
}

static struct text room(struct pin_uses *uses) {
    return text_start(uses->text + uses->used, sizeof uses->text - uses->used);
}

static void add(struct pin_uses *uses, int gpio, unsigned role, unsigned channel,
                const char *words) {
    if (uses->count == PIN_USES_MAX || uses->used + 80 >= sizeof uses->text)
        return;
    const struct obk_role_row *row = obk_role_row(role);
    struct text text = room(uses);
    if (role && row) {
        text_add(&text, row->name);
        if (row->channels) {
            text_char(&text, ';');
            text_uint(&text, channel);
        }
    }
    const char *name = keep(uses, &text);
    text = room(uses);
    text_add(&text, words ? words : name);
    if (words && row && row->channels && channel && kind_of(role) != PIN_KIND_LIGHT &&
        kind_of(role) != PIN_KIND_SENSOR) {
        text_char(&text, ' ');
        text_uint(&text, channel);
    }
    const char *said = keep(uses, &text);
    uses->use[uses->count++] =
        (struct pin_use){.gpio = gpio, .role = name, .words = said, .kind = kind_of(role)};
}

void pin_uses_add(struct pin_uses *uses, int gpio, unsigned role, unsigned channel) {
    add(uses, gpio, role, channel, NULL);
}

void pin_uses_of_config(struct pin_uses *uses, const struct tuya_config *config) {
    for (size_t i = 0; i < config->pin_count; i++) {
        const struct tuya_pin *pin = &config->pins[i];
        add(uses, pin->gpio, pin->role, pin->channel, pin->function);
    }
}
