/* The kinds of each role; see role_groups.h. */
#include "device/board/role_groups.h"

#include "codec/openbeken/roles.h"
#include "device/board/board.h"

enum {
    OUT = ROLE_LEVEL | ROLE_PUBLISHED,
    IN = ROLE_INPUT | ROLE_PUBLISHED,
    DOOR = IN | ROLE_DOOR,
    SENSOR = ROLE_SENSOR | ROLE_PUBLISHED,
    N = ROLE_INVERTED,
    PD = ROLE_PULL_DOWN,
};

static const uint32_t groups[OBK_ROLE_COUNT] = {
    [OBK_ROLE_RELAY] = OUT | ROLE_RELAY,
    [OBK_ROLE_RELAY_N] = OUT | ROLE_RELAY | N,
    [OBK_ROLE_BUTTON] = ROLE_BUTTON,
    [OBK_ROLE_BUTTON_N] = ROLE_BUTTON | N,
    [OBK_ROLE_LED] = OUT,
    [OBK_ROLE_LED_N] = OUT | N,
    [OBK_ROLE_PWM] = ROLE_PWM | ROLE_LIGHT,
    [OBK_ROLE_PWM_N] = ROLE_PWM | ROLE_LIGHT | N,
    [OBK_ROLE_PWM_SCRIPT_ONLY] = ROLE_PWM,
    [OBK_ROLE_PWM_SCRIPT_ONLY_N] = ROLE_PWM | N,
    [OBK_ROLE_BTN_TGL_ALL] = ROLE_BUTTON,
    [OBK_ROLE_BTN_TGL_ALL_N] = ROLE_BUTTON | N,
    [OBK_ROLE_D_INPUT] = IN,
    [OBK_ROLE_D_INPUT_N] = IN | N,
    [OBK_ROLE_D_INPUT_NO_PULL_UP] = IN | ROLE_NO_PULL,
    [OBK_ROLE_D_INPUT_NO_PULL_UP_N] = IN | ROLE_NO_PULL | N,
    [OBK_ROLE_TGL_CHAN_ON_TGL] = ROLE_TOGGLER,
    [OBK_ROLE_TGL_CHAN_ON_TGL_PD] = ROLE_TOGGLER | PD,
    [OBK_ROLE_ADC] = ROLE_ANALOG | ROLE_PUBLISHED,
    [OBK_ROLE_BTN_NEXT_COLOR] = ROLE_BUTTON,
    [OBK_ROLE_BTN_NEXT_COLOR_N] = ROLE_BUTTON | N,
    [OBK_ROLE_BTN_NEXT_DIMMER] = ROLE_BUTTON,
    [OBK_ROLE_BTN_NEXT_DIMMER_N] = ROLE_BUTTON | N,
    [OBK_ROLE_BTN_NEXT_TEMPERATURE] = ROLE_BUTTON,
    [OBK_ROLE_BTN_NEXT_TEMPERATURE_N] = ROLE_BUTTON | N,
    [OBK_ROLE_BTN_SCRIPT_ONLY] = ROLE_BUTTON,
    [OBK_ROLE_BTN_SCRIPT_ONLY_N] = ROLE_BUTTON | N,
    [OBK_ROLE_BTN_SMART_LED] = ROLE_BUTTON,
    [OBK_ROLE_BTN_SMART_LED_N] = ROLE_BUTTON | N,
    [OBK_ROLE_BTN_PD] = ROLE_BUTTON | PD,
    [OBK_ROLE_BTN_PD_N] = ROLE_BUTTON | PD | N,
    [OBK_ROLE_BTN_SHUTTER_UP] = ROLE_BUTTON,
    [OBK_ROLE_BTN_SHUTTER_DOWN] = ROLE_BUTTON,
    [OBK_ROLE_ALWAYS_HIGH] = ROLE_FIXED,
    [OBK_ROLE_ALWAYS_LOW] = ROLE_FIXED | N,
    [OBK_ROLE_STRIP_STATE] = ROLE_FIXED,
    [OBK_ROLE_STRIP_STATE_N] = ROLE_FIXED | N,
    [OBK_ROLE_DHT11] = SENSOR,
    [OBK_ROLE_DHT12] = SENSOR,
    [OBK_ROLE_DHT21] = SENSOR,
    [OBK_ROLE_DHT22] = SENSOR,
    [OBK_ROLE_CHT83XX_SDA] = SENSOR,
    [OBK_ROLE_SHT3X_SDA] = SENSOR,
    [OBK_ROLE_SGP_DAT] = SENSOR,
    [OBK_ROLE_BRIDGE_FWD] = ROLE_RELAY | ROLE_PULSED,
    [OBK_ROLE_BRIDGE_REV] = ROLE_RELAY | ROLE_PULSED,
    [OBK_ROLE_SHUTTER_A] = ROLE_PULSED,
    [OBK_ROLE_SHUTTER_B] = ROLE_PULSED,
    [OBK_ROLE_DOOR_SNSR_WSLEEP] = DOOR,
    [OBK_ROLE_DOOR_SNSR_WSLEEP_N_PUP] = DOOR | ROLE_NO_PULL,
    [OBK_ROLE_DOOR_SNSR_WSLEEP_PD] = DOOR | PD,
    [OBK_ROLE_BAT_ADC] = ROLE_ANALOG | ROLE_PUBLISHED,
    [OBK_ROLE_BAT_RELAY] = ROLE_LEVEL,
    [OBK_ROLE_BAT_RELAY_N] = ROLE_LEVEL | N,
    [OBK_ROLE_COUNTER_F] = ROLE_COUNTER,
    [OBK_ROLE_COUNTER_R] = ROLE_COUNTER | N,
};

unsigned role_bits(unsigned role) {
    return role < OBK_ROLE_COUNT ? groups[role] : 0;
}
bool role_is_relay(unsigned role) {
    return role_bits(role) & ROLE_RELAY;
}
bool role_is_pwm(unsigned role) {
    return role_bits(role) & ROLE_PWM;
}
bool role_is_power_output(unsigned role) {
    return role_bits(role) & (ROLE_LEVEL | ROLE_PWM | ROLE_RELAY);
}
bool role_is_published(unsigned role) {
    return role_bits(role) & ROLE_PUBLISHED;
}
bool role_is_sensor(unsigned role) {
    return role_bits(role) & ROLE_SENSOR;
}
bool board_is_button(unsigned role) {
    return role_bits(role) & ROLE_BUTTON;
}
