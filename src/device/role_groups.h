/* What kinds of role there are: which are buttons, which drive a level, which are read inverted.
 * One table; everything the board and the channels ask about a role is a bit in it. */
#ifndef DEVICE_ROLE_GROUPS_H
#define DEVICE_ROLE_GROUPS_H
#include <stdbool.h>
#include <stdint.h>

enum role_bit {
    ROLE_LEVEL = 1,    /* output that follows its channel: Rel, LED, BAT_Relay */
    ROLE_INVERTED = 2, /* outputs: driven inverted; inputs: read inverted */
    ROLE_RELAY = 4,    /* Rel, bridge */
    ROLE_PWM = 8,
    ROLE_LIGHT = 16, /* PWM that makes the device a light */
    ROLE_BUTTON = 32,
    ROLE_INPUT = 64,    /* channel follows the level */
    ROLE_TOGGLER = 128, /* each level change toggles the channel */
    ROLE_PULL_DOWN = 256,
    ROLE_NO_PULL = 512,
    ROLE_SENSOR = 1024, /* published, second channel too */
    ROLE_PUBLISHED = 2048,
    ROLE_COUNTER = 4096,
    ROLE_ANALOG = 8192,
    ROLE_DOOR = 16384,
    ROLE_FIXED = 32768,  /* AlwaysHigh, AlwaysLow, StripState: outputs without channel */
    ROLE_AWAY = 131072,  /* kept and given out again, but nothing in this build serves it */
    ROLE_PULSED = 65536, /* coils and motors: off until their own rules drive them */
};

unsigned role_bits(unsigned role);
bool role_is_relay(unsigned role);
bool role_is_pwm(unsigned role);
bool role_is_power_output(unsigned role); /* what powerAll sets */
bool role_is_published(unsigned role);
bool role_is_sensor(unsigned role);
bool role_is_button(unsigned role);
#endif
