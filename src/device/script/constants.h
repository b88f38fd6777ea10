/* The one table of constants, of which constants.c makes values and constants_help.c the helps.
 * Source: openshwprojects/OpenBK7231T_App: docs/constants.md. */
#ifndef DEVICE_SCRIPT_CONSTANTS_H
#define DEVICE_SCRIPT_CONSTANTS_H
#include "device/script/expression.h"

enum constant {
    C_CHANNEL = CONSTANT_CHANNEL,
    C_MQTT,
    C_FLAG,
    C_DIMMER,
    C_ENABLE,
    C_HUE,
    C_RED,
    C_GREEN,
    C_BLUE,
    C_SATURATION,
    C_TEMPERATURE,
    C_REPEATING,
    C_FLASH,
    C_VOLTAGE,
    C_CURRENT,
    C_POWER,
    C_FREQUENCY,
    C_ENERGY,
    C_YESTERDAY,
    C_TODAY,
    C_DAY,
    C_HOUR,
    C_MINUTE,
    C_SECOND,
    C_MDAY,
    C_MONTH,
    C_YEAR,
    C_DST,
    C_SUNRISE,
    C_SUNSET,
    C_NTP,
    C_BATTERY_MV,
    C_BATTERY_PERCENT,
    C_UPTIME,
    C_FAILED,
    C_RAND01,
    C_RAND,
    C_REBOOT,
    C_INT_TEMP,
};

/* Name, what it is, help: longest names first where one is the beginning of another; '*' stands for
 * a decimal digit. */
#define CONSTANT_LIST(X)                                                                           \
    X("MQTTOn", C_MQTT, "1 while MQTT is connected")                                               \
    X("$MQTTOn", C_MQTT, "1 while MQTT is connected")                                              \
    X("$CH***", C_CHANNEL, "value of a channel")                                                   \
    X("$CH**", C_CHANNEL, "value of a channel")                                                    \
    X("$CH*", C_CHANNEL, "value of a channel")                                                     \
    X("$FLAG**", C_FLAG, "configuration flag")                                                     \
    X("$FLAG*", C_FLAG, "configuration flag")                                                      \
    X("$led_dimmer", C_DIMMER, "brightness 0-100")                                                 \
    X("$led_enableAll", C_ENABLE, "1 while the light is on")                                       \
    X("$led_hue", C_HUE, "0-360")                                                                  \
    X("$led_red", C_RED, "0-255")                                                                  \
    X("$led_green", C_GREEN, "0-255")                                                              \
    X("$led_blue", C_BLUE, "0-255")                                                                \
    X("$led_saturation", C_SATURATION, "0-100")                                                    \
    X("$led_temperature", C_TEMPERATURE, "mireds 154-500")                                         \
    X("$activeRepeatingEvents", C_REPEATING, "armed repeating events")                             \
    X("$Flash*", C_FLASH, "retained slot")                                                         \
    X("$voltage", C_VOLTAGE, "V")                                                                  \
    X("$current", C_CURRENT, "A")                                                                  \
    X("$power", C_POWER, "W")                                                                      \
    X("$frequency", C_FREQUENCY, "Hz")                                                             \
    X("$energy", C_ENERGY, "Wh in total")                                                          \
    X("$yesterday", C_YESTERDAY, "Wh yesterday")                                                   \
    X("$today", C_TODAY, "Wh today")                                                               \
    X("$day", C_DAY, "weekday, 0 is Sunday")                                                       \
    X("$hour", C_HOUR, "local time")                                                               \
    X("$minute", C_MINUTE, "local time")                                                           \
    X("$second", C_SECOND, "local time")                                                           \
    X("$mday", C_MDAY, "day of the month")                                                         \
    X("$month", C_MONTH, "1-12")                                                                   \
    X("$year", C_YEAR, "local year")                                                               \
    X("$isDST", C_DST, "1 during daylight saving time")                                            \
    X("$sunrise", C_SUNRISE, "seconds after midnight")                                             \
    X("$sunset", C_SUNSET, "seconds after midnight")                                               \
    X("$NTPOn", C_NTP, "1 once the clock was set")                                                 \
    X("$batteryVoltage", C_BATTERY_MV, "mV, 0 without battery")                                    \
    X("$batteryLevel", C_BATTERY_PERCENT, "percent, 0 without battery")                            \
    X("$uptime", C_UPTIME, "seconds since boot")                                                   \
    X("$failedBoots", C_FAILED, "incomplete boots in a row")                                       \
    X("$rand01", C_RAND01, "random 0 to 1")                                                        \
    X("$rand", C_RAND, "random integer")                                                           \
    X("$rebootReason", C_REBOOT, "0 power, 1 software, 2 watchdog, 3 pin, 4 timer")                \
    X("$intTemp", C_INT_TEMP, "chip temperature in degrees C")
#endif
