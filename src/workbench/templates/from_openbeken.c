/* The way back from roles to stock keys: one row per role; see from_openbeken.h. */
#include "workbench/templates/from_openbeken.h"

#include "codec/openbeken/roles.h"
#include "workbench/templates/obk_frame.h"

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

static int put_pins(const struct obk_config *block, struct text *out) {
    int count = 0;
    obk_frame_pins_open(out);
    for (int gpio = 0; gpio < block->pin_count; gpio++) {
        const struct obk_pin *pin = &block->pins[gpio];
        const struct obk_role_row *row = obk_role_row(pin->role);
        if (pin->role && row)
            obk_frame_pin(out, count++, gpio, row->name, pin->channel, pin->channel2);
    }
    obk_frame_pins_close(out, count);
    return count;
}

enum status template_obk_of_block(const struct obk_config *block, const struct template_input *in,
                                  struct template_output *out) {
    char flags[24];
    struct text number = text_start(flags, sizeof flags);
    text_uint(&number, (uint64_t)block->flags2 << 32 | block->flags);
    obk_frame_open(&out->text, in->name, in->chip ? in->chip : "BK7231N", NULL);
    obk_frame_member(&out->text, "flags", flags);
    int pins = put_pins(block, &out->text);
    float factors[3];
    memcpy(factors, block->calibration, sizeof factors);
    if (factors[0] > 0 && factors[1] > 0 && factors[2] > 0)
        obk_frame_calibration(&out->text, factors);
    obk_frame_close(&out->text, block->startup);
    if (block->startup[0])
        template_warn(out, "the start-up command is copied as it is: read it before you publish");
    if (!pins && !block->startup[0]) {
        template_warn(out, "this OpenBeken configuration names no pins and no start-up command");
        return STATUS_NOT_FOUND;
    }
    return STATUS_OK;
}
