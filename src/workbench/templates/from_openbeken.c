/* The way back from roles to stock keys: one row per role; see from_openbeken.h. */
#include "workbench/templates/from_openbeken.h"

#include "codec/openbeken/roles.h"
#include "codec/tuya/loose.h"

#include <stdio.h>
#include <string.h>

/* '#' is the channel. `level` of a pin key is written to its level key, -1: it has none. */
static const struct {
    uint8_t role;
    const char *pin, *level_key;
    int8_t level;
} keys[] = {
    {OBK_ROLE_RELAY, "rl#_pin", "rl#_lv", 1},
    {OBK_ROLE_RELAY_N, "rl#_pin", "rl#_lv", 0},
    {OBK_ROLE_BRIDGE_FWD, "rl_on#_pin", "rl_on#_lv", 1},
    {OBK_ROLE_BRIDGE_REV, "rl_off#_pin", "rl_off#_lv", 1},
    {OBK_ROLE_BUTTON, "bt#_pin", "bt#_lv", 0},
    {OBK_ROLE_BUTTON_N, "bt#_pin", "bt#_lv", 1},
    {OBK_ROLE_BTN_TGL_ALL, "total_bt_pin", "total_bt_lv", 0},
    {OBK_ROLE_BTN_TGL_ALL_N, "total_bt_pin", "total_bt_lv", 1},
    {OBK_ROLE_TGL_CHAN_ON_TGL, "onoff#", NULL, -1},
    {OBK_ROLE_LED, "led#_pin", "led#_lv", 1},
    {OBK_ROLE_LED_N, "led#_pin", "led#_lv", 0},
    {OBK_ROLE_WIFI_LED, "netled_pin", "netled_lv", 1},
    {OBK_ROLE_WIFI_LED_N, "netled_pin", "netled_lv", 0},
    {OBK_ROLE_BL0937CF, "ele_pin", NULL, -1},
    {OBK_ROLE_BL0937CF1, "vi_pin", NULL, -1},
    {OBK_ROLE_BL0937SEL, "sel_pin_pin", "sel_pin_lv", 1},
    {OBK_ROLE_BL0937SEL_N, "sel_pin_pin", "sel_pin_lv", 0},
    {OBK_ROLE_IRRECV, "infrr", NULL, -1},
    {OBK_ROLE_IRSEND, "infre", NULL, -1},
    {OBK_ROLE_BAT_ADC, "samp_pin", NULL, -1},
    {OBK_ROLE_BAT_RELAY, "samp_sw_pin", "samp_sw_lv", 1},
    {OBK_ROLE_BAT_RELAY_N, "samp_sw_pin", "samp_sw_lv", 0},
    {OBK_ROLE_STRIP_STATE, "ctrl_pin", "ctrl_lv", 1},
    {OBK_ROLE_STRIP_STATE_N, "ctrl_pin", "ctrl_lv", 0},
    {OBK_ROLE_SM2135DAT, "iicsda", NULL, -1},
    {OBK_ROLE_SM2135CLK, "iicscl", NULL, -1},
};

static void add_number(struct tuya_config *config, const char *pattern, int channel, int value) {
    char key[24], number[12];
    struct text text = text_start(key, sizeof key);
    for (; *pattern; pattern++)
        if (*pattern == '#')
            text_int(&text, channel);
        else
            text_char(&text, *pattern);
    int length = snprintf(number, sizeof number, "%d", value);
    tuya_config_add(config, key, text.length, number, (size_t)length, TUYA_NUMBER);
}

/* PWM channels 1 to 5 are the colours. */
static bool add_light(struct tuya_config *config, const struct obk_pin *pin, int gpio) {
    static const char colours[] = "rgbcw";
    bool inverted = pin->role == OBK_ROLE_PWM_N;
    if ((pin->role != OBK_ROLE_PWM && !inverted) || pin->channel < 1 || pin->channel > 5)
        return false;
    char key[] = "x_pin", level[] = "x_lv";
    key[0] = level[0] = colours[pin->channel - 1];
    add_number(config, key, 0, gpio);
    add_number(config, level, 0, !inverted);
    return true;
}

static bool add_pin(struct tuya_config *config, const struct obk_pin *pin, int gpio) {
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (keys[i].role != pin->role)
            continue;
        add_number(config, keys[i].pin, pin->channel ? pin->channel : 1, gpio);
        if (keys[i].level_key)
            add_number(config, keys[i].level_key, pin->channel ? pin->channel : 1, keys[i].level);
        return true;
    }
    return add_light(config, pin, gpio);
}

void template_from_openbeken(const struct obk_config *block, struct tuya_config *config,
                             struct template_output *out) {
    for (int gpio = 0; gpio < block->pin_count; gpio++)
        if (block->pins[gpio].role && !add_pin(config, &block->pins[gpio], gpio))
            template_warn(out, "P%d (%s) is left out: only OpenBeken has this role", gpio,
                          obk_role_name(block->pins[gpio].role));
    if (block->startup[0])
        template_warn(out, "OpenBeken's start-up command has no counterpart here and is left out");
    tuya_config_finish(config);
}

static void put_string(struct text *out, const char *name, const char *value) {
    text_add(out, "  \"");
    text_add(out, name);
    text_add(out, "\": ");
    loose_add_json_string(out, value, strlen(value));
    text_add(out, ",\n");
}

static int put_pins(const struct obk_config *block, struct text *out) {
    int count = 0;
    text_add(out, "  \"pins\": {");
    for (int gpio = 0; gpio < block->pin_count; gpio++) {
        const struct obk_pin *pin = &block->pins[gpio];
        const struct obk_role_row *row = obk_role_row(pin->role);
        if (!pin->role || !row)
            continue;
        char value[64];
        struct text text = text_start(value, sizeof value);
        text_add(&text, row->name);
        text_char(&text, ';');
        text_uint(&text, pin->channel);
        if (pin->channel2) {
            text_char(&text, ';');
            text_uint(&text, pin->channel2);
        }
        text_add(out, count++ ? ",\n    \"" : "\n    \"");
        text_int(out, gpio);
        text_add(out, "\": \"");
        text_add(out, value);
        text_char(out, '"');
    }
    text_add(out, count ? "\n  },\n" : "},\n");
    return count;
}

enum status template_obk_of_block(const struct obk_config *block, const struct template_input *in,
                                  struct template_output *out) {
    char flags[24];
    struct text number = text_start(flags, sizeof flags);
    text_uint(&number, (uint64_t)block->flags2 << 32 | block->flags);
    text_add(&out->text, "{\n");
    put_string(&out->text, "vendor", "Tuya");
    put_string(&out->text, "bDetailed", "0");
    put_string(&out->text, "name", in->name ? in->name : "TODO");
    put_string(&out->text, "model", "TODO");
    put_string(&out->text, "chip", in->chip ? in->chip : "BK7231N");
    put_string(&out->text, "board", "TODO");
    put_string(&out->text, "flags", flags);
    text_add(&out->text, "  \"keywords\": [],\n");
    int pins = put_pins(block, &out->text);
    put_string(&out->text, "command", block->startup);
    put_string(&out->text, "image", TEMPLATE_IMAGE);
    text_add(&out->text, "  \"wiki\": ");
    loose_add_json_string(&out->text, TEMPLATE_WIKI, strlen(TEMPLATE_WIKI));
    text_add(&out->text, "\n}\n");
    if (block->startup[0])
        template_warn(out, "the start-up command is copied as it is: read it before you publish");
    if (!pins && !block->startup[0]) {
        template_warn(out, "this OpenBeken configuration names no pins and no start-up command");
        return STATUS_NOT_FOUND;
    }
    return STATUS_OK;
}
