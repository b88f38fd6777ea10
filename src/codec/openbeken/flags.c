/* Flags in words. */
#include "codec/openbeken/flags.h"

#include <stddef.h>

static const char *const flags[OBK_FLAG_COUNT] = {
    "publish LED dimmer and colour together when either changes",
    "publish the final LED colour",
    "publish everything periodically",
    "web page: raw PWM sliders instead of light controls",
    "always treat the device as an RGBCW light",
    "TCP command console on port 100",
    "instant button reaction",
    "retain every publish",
    "two-PWM lights: first is temperature, second brightness",
    "SM2135: separate RGB and white modes",
    "publish everything on MQTT connect",
    "PWM at 600 Hz",
    "remember the LED state",
    "web page: show the level of unused pins (cleared at every boot)",
    "IR: publish raw codes",
    "IR: allow unknown protocols",
    "publish the final RGBCW colour",
    "switch the light on by a web action",
    "smooth LED transitions",
    "always publish channels linked to TuyaMCU",
    "light uses only three PWMs",
    "retain relay channels",
    "IR: publish as Tasmota JSON",
    "switch the light on by any change",
    "emulate cold white with RGB",
    "allow negative power and current",
    "use the second UART for meters and TuyaMCU",
    "Home Assistant discovery at start and on a new IP address",
    "choosing white by RGB selects white mode",
    "host name is the short name",
    "Tasmota TELE publishes",
    "UART command console",
    "linear LED brightness",
    "publish values divided by the divider of their type",
    "discovery: relays as lights",
    "discovery: no availability topic",
    "do not start drivers by themselves",
    "quick Wi-Fi connect",
    "power is 0 when all relays are open",
    "publish all channels",
    "energy in kWh",
    "child lock: ignore buttons",
    "invert door sensors",
    "TuyaMCU: queue what is sent",
    "no web password in safe mode",
    "discovery: do not merge toggle and dimmer into lights",
    "TuyaMCU: keep raw data",
    "TuyaMCU: keep all data",
    "invert the direction of power",
    "web page: no ON and OFF words",
    "never append /get to topics",
    "quick Wi-Fi connect with stored access point data",
};

static const char *const logger_flags[OBK_LOGGER_FLAG_COUNT] = {
    NULL, "MQTT de-duplication", "power save", "a line every second", "periodic Wi-Fi information",
};

const char *obk_flag_text(unsigned bit) {
    return bit < OBK_FLAG_COUNT ? flags[bit] : NULL;
}

const char *obk_logger_flag_text(unsigned bit) {
    return bit < OBK_LOGGER_FLAG_COUNT ? logger_flags[bit] : NULL;
}
