/* A room that brings one fills in the functions and removes the reason. */
#include "device/command/drivers.h"

#include "codec/openbeken/roles.h"
#include "device/board/battery.h"
#include "device/board/mutex.h"
#include "device/board/sleep.h"
#include "device/driver.h"
#include "device/light/chip.h"
#include "device/meter/meter.h"
#include "device/script/script.h"

#include <stddef.h>

#define AWAY(name_, where_)                                                                        \
    { .name = (name_), .where = (where_) }
#define CHIP(name_, start_, clock, data)                                                           \
    {                                                                                              \
        .name = (name_), .start = (start_), .stop = light_chip_stop, .needs = { clock, data }      \
    }
#define CHIP_AWAY(name_, clock, data)                                                              \
    {                                                                                              \
        .name = (name_), .where = "support of that chip", .needs = { clock, data }                 \
    }
#define SENSOR(name_, role)                                                                        \
    {                                                                                              \
        .name = (name_), .where = "support of that sensor", .needs = { role }                      \
    }

const struct driver driver_table[] = {
    /* time and network */
    {.name = "NTP"},
    {.name = "SSDP"},
    {.name = "MDNS"},
    AWAY("DGR", "the network room"),
    AWAY("Wemo", "the network room"),
    AWAY("Hue", "the network room"),
    {.name = "HTTPButtons"},
    /* meters */
    {.name = "BL0937",
     .meter = &bl0937_driver,
     .needs = {OBK_ROLE_BL0937CF, OBK_ROLE_BL0937CF1, OBK_ROLE_BL0937SEL},
     .instead = {OBK_ROLE_BL0937SEL_N}},
    {.name = "BL0942", .meter = &bl0942_driver},
    {.name = "BL0940", .meter = &bl0940_driver},
    {.name = "CSE7766", .meter = &cse7766_driver},
    {.name = "RN8209", .meter = &rn8209_driver},
    {.name = "TESTPOWER", .meter = &testpower_driver},
    {.name = "ChargingLimit", .stop = limits_stop, .second = limits_second},
    AWAY("BL0942SPI", "meters on SPI"),
    {.name = "BL0939SPI",
     .where = "meters on SPI",
     .needs = {OBK_ROLE_BL0939_SCLK, OBK_ROLE_BL0939_MOSI, OBK_ROLE_BL0939_MISO}},
    {.name = "HLW8112SPI", .where = "meters on SPI", .needs = {OBK_ROLE_HLW_8112_SCSN}},
    AWAY("CSE7761", "support of that meter"),
    /* second processor */
    AWAY("TuyaMCU", "the TuyaMCU room"),
    AWAY("tmSensor", "the TuyaMCU room"),
    /* relays, shutters, sleep */
    {.name = "Bridge", .needs = {OBK_ROLE_BRIDGE_FWD, OBK_ROLE_BRIDGE_REV}},
    {.name = "PinMutex", .stop = mutex_stop},
    {.name = "Shutters", .needs = {OBK_ROLE_SHUTTER_A, OBK_ROLE_SHUTTER_B}},
    {.name = "DoorSensor",
     .start = door_start,
     .second = door_second,
     .needs = {OBK_ROLE_DOOR_SNSR_WSLEEP},
     .instead = {OBK_ROLE_DOOR_SNSR_WSLEEP_N_PUP, OBK_ROLE_DOOR_SNSR_WSLEEP_PD}},
    {.name = "TESTLED"},
    AWAY("PWMToggler", "a later version"),
    AWAY("Freeze", "nothing: a plug must not hang on purpose"),
    AWAY("Test", "a later version"),
    AWAY("I2C", "support of I2C"),
    {.name = "Battery",
     .start = battery_start,
     .second = battery_second,
     .needs = {OBK_ROLE_BAT_ADC}},
    /* LED chips */
    CHIP("SM2135", sm2135_start, OBK_ROLE_SM2135CLK, OBK_ROLE_SM2135DAT),
    CHIP("SM2235", sm2235_start, OBK_ROLE_SM2235CLK, OBK_ROLE_SM2235DAT),
    CHIP("BP5758D", bp5758d_start, OBK_ROLE_BP5758D_CLK, OBK_ROLE_BP5758D_DAT),
    CHIP("BP1658CJ", bp1658cj_start, OBK_ROLE_BP1658CJ_CLK, OBK_ROLE_BP1658CJ_DAT),
    CHIP_AWAY("KP18058", OBK_ROLE_KP18058_CLK, OBK_ROLE_KP18058_DAT),
    CHIP_AWAY("TM1637", OBK_ROLE_TM1637_CLK, OBK_ROLE_TM1637_DIO),
    CHIP_AWAY("GN6932", OBK_ROLE_GN6932_CLK, OBK_ROLE_GN6932_DAT),
    /* sensors */
    {.name = "CHT83XX", .needs = {OBK_ROLE_CHT83XX_SDA}}, /* read by the board */
    {.name = "SHT3X", .needs = {OBK_ROLE_SHT3X_SDA}},
    SENSOR("SGP", OBK_ROLE_SGP_DAT),
    {.name = NULL},
};
