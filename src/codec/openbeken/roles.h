/* Pin roles of OpenBeken: number, name and how many channel fields each has. The one table that
 * templates, configuration blocks, the console and the firmware use.
 * Source: openshwprojects/OpenBK7231T_App: src/new_pins.h, docs/ioRoles.md. */
#ifndef CODEC_OPENBEKEN_ROLES_H
#define CODEC_OPENBEKEN_ROLES_H
#include <stddef.h>
#include <stdint.h>

/* id, NAME, "name", channel fields, what it does */
#define OBK_ROLE_LIST(X)                                                                           \
    X(0, NONE, "None", 1, "nothing hangs on this pin")                                             \
    X(1, RELAY, "Rel", 1, "relay, closed by a high level while its channel is above 0")            \
    X(2, RELAY_N, "Rel_n", 1, "relay, closed by a low level while its channel is above 0")         \
    X(3, BUTTON, "Btn", 2,                                                                         \
      "push button that pulls the pin low; a click toggles its channel, a double click the "       \
      "second one")                                                                                \
    X(4, BUTTON_N, "Btn_n", 2,                                                                     \
      "push button that pulls the pin high; a click toggles its channel, a double click the "      \
      "second one")                                                                                \
    X(5, LED, "LED", 1, "indicator, lit by a high level while its channel is above 0")             \
    X(6, LED_N, "LED_n", 1, "indicator, lit by a low level while its channel is above 0")          \
    X(7, PWM, "PWM", 1, "dimmed output: its channel in percent is the duty; part of a light")      \
    X(8, WIFI_LED, "WifiLED", 0, "shows the state of Wi-Fi, lit by a high level")                  \
    X(9, WIFI_LED_N, "WifiLED_n", 0, "shows the state of Wi-Fi, lit by a low level")               \
    X(10, BTN_TGL_ALL, "Btn_Tgl_All", 0, "push button for all relays at once, pulls the pin low")  \
    X(11, BTN_TGL_ALL_N, "Btn_Tgl_All_n", 0,                                                       \
      "push button for all relays at once, pulls the pin high")                                    \
    X(12, D_INPUT, "dInput", 1, "contact with pull-up: its channel is 1 while the pin is high")    \
    X(13, D_INPUT_N, "dInput_n", 1, "contact with pull-up: its channel is 1 while the pin is low") \
    X(14, TGL_CHAN_ON_TGL, "TglChanOnTgl", 1,                                                      \
      "wall switch with pull-up: every move toggles its channel and raises OnToggle")              \
    X(15, D_INPUT_NO_PULL_UP, "dInput_NoPullUp", 1,                                                \
      "contact without pull-up: its channel is 1 while the pin is high")                           \
    X(16, D_INPUT_NO_PULL_UP_N, "dInput_NoPullUp_n", 1,                                            \
      "contact without pull-up: its channel is 1 while the pin is low")                            \
    X(17, BL0937SEL, "BL0937SEL", 0, "chooses what a BL0937 counts on CF1: voltage or current")    \
    X(18, BL0937CF, "BL0937CF", 0, "pulses of a BL0937 in step with power")                        \
    X(19, BL0937CF1, "BL0937CF1", 0,                                                               \
      "pulses of a BL0937 in step with voltage or current, as SEL says")                           \
    X(20, ADC, "ADC", 1,                                                                           \
      "analog input: its channel is the raw number of the converter, read once a second")          \
    X(21, SM2135DAT, "SM2135DAT", 0, "data of an SM2135 LED driver")                               \
    X(22, SM2135CLK, "SM2135CLK", 0, "clock of an SM2135 LED driver")                              \
    X(23, BP5758D_DAT, "BP5758D_DAT", 0, "data of a BP5758D LED driver")                           \
    X(24, BP5758D_CLK, "BP5758D_CLK", 0, "clock of a BP5758D LED driver")                          \
    X(25, BP1658CJ_DAT, "BP1658CJ_DAT", 0, "data of a BP1658CJ LED driver")                        \
    X(26, BP1658CJ_CLK, "BP1658CJ_CLK", 0, "clock of a BP1658CJ LED driver")                       \
    X(27, PWM_N, "PWM_n", 1, "dimmed output whose duty is 100 minus its channel; part of a light") \
    X(28, IRRECV, "IRRecv", 0, "infrared receiver, with pull-up")                                  \
    X(29, IRSEND, "IRSend", 0, "infrared diode")                                                   \
    X(30, BTN_NEXT_COLOR, "Btn_NextColor", 0,                                                      \
      "push button for a light's next colour, pulls the pin low")                                  \
    X(31, BTN_NEXT_COLOR_N, "Btn_NextColor_n", 0,                                                  \
      "push button for a light's next colour, pulls the pin high")                                 \
    X(32, BTN_NEXT_DIMMER, "Btn_NextDimmer", 0,                                                    \
      "push button that dims a light while held, pulls the pin low")                               \
    X(33, BTN_NEXT_DIMMER_N, "Btn_NextDimmer_n", 0,                                                \
      "push button that dims a light while held, pulls the pin high")                              \
    X(34, ALWAYS_HIGH, "AlwaysHigh", 0, "always driven high")                                      \
    X(35, ALWAYS_LOW, "AlwaysLow", 0, "always driven low")                                         \
    X(36, UCS1912_DIN, "UCS1912_DIN", 0, "data line of UCS1912 pixels")                            \
    X(37, SM16703P_DIN, "SM16703P_DIN", 0, "data line of SM16703P, WS2812 or SM15155E pixels")     \
    X(38, BTN_NEXT_TEMPERATURE, "Btn_NextTemperature", 0,                                          \
      "push button that moves a light between cold and warm while held, pulls the pin low")        \
    X(39, BTN_NEXT_TEMPERATURE_N, "Btn_NextTemperature_n", 0,                                      \
      "push button that moves a light between cold and warm while held, pulls the pin high")       \
    X(40, BTN_SCRIPT_ONLY, "Btn_ScriptOnly", 0,                                                    \
      "push button that only raises events, pulls the pin low")                                    \
    X(41, BTN_SCRIPT_ONLY_N, "Btn_ScriptOnly_n", 0,                                                \
      "push button that only raises events, pulls the pin high")                                   \
    X(42, DHT11, "DHT11", 2,                                                                       \
      "DHT11: tenths of a degree go to its channel, humidity to the second one")                   \
    X(43, DHT12, "DHT12", 2,                                                                       \
      "DHT12: tenths of a degree go to its channel, humidity to the second one")                   \
    X(44, DHT21, "DHT21", 2,                                                                       \
      "DHT21: tenths of a degree go to its channel, humidity to the second one")                   \
    X(45, DHT22, "DHT22", 2,                                                                       \
      "DHT22: tenths of a degree go to its channel, humidity to the second one")                   \
    X(46, CHT83XX_SDA, "CHT83XX_SDA", 2,                                                           \
      "I2C data of a CHT83xx: temperature goes to its channel, humidity to the second one")        \
    X(47, CHT83XX_SCK, "CHT83XX_SCK", 0, "I2C clock of a CHT83xx")                                 \
    X(48, SHT3X_SDA, "SHT3X_SDA", 2,                                                               \
      "I2C data of an SHT3x: temperature goes to its channel, humidity to the second one")         \
    X(49, SHT3X_SCK, "SHT3X_SCK", 0, "I2C clock of an SHT3x")                                      \
    X(50, SOFT_SDA, "SoftSDA", 1, "I2C data of other chips")                                       \
    X(51, SOFT_SCL, "SoftSCL", 1, "I2C clock of other chips")                                      \
    X(52, SM2235DAT, "SM2235DAT", 1, "data of an SM2235 or SM2335 LED driver")                     \
    X(53, SM2235CLK, "SM2235CLK", 1, "clock of an SM2235 or SM2335 LED driver")                    \
    X(54, BRIDGE_FWD, "BridgeFWD", 1, "coil that closes a latching relay, pulsed")                 \
    X(55, BRIDGE_REV, "BridgeREV", 1, "coil that opens a latching relay, pulsed")                  \
    X(56, BTN_SMART_LED, "Btn_SmartLED", 1,                                                        \
      "the only button of a light, pulls the pin low: click switches, hold dims, two clicks "      \
      "change the colour, three the white")                                                        \
    X(57, BTN_SMART_LED_N, "Btn_SmartLED_n", 1,                                                    \
      "the only button of a light, pulls the pin high: click switches, hold dims, two clicks "     \
      "change the colour, three the white")                                                        \
    X(58, DOOR_SNSR_WSLEEP, "DoorSnsrWSleep", 1,                                                   \
      "door contact that wakes the plug from deep sleep, with pull-up")                            \
    X(59, DOOR_SNSR_WSLEEP_N_PUP, "DoorSnsrWSleep_nPup", 1,                                        \
      "door contact that wakes the plug from deep sleep, no resistor")                             \
    X(60, BAT_ADC, "BAT_ADC", 1, "analog input at the battery's divider")                          \
    X(61, BAT_RELAY, "BAT_Relay", 1, "switches the battery's divider on by a high level")          \
    X(62, TM1637_DIO, "TM1637_DIO", 1, "data of a TM1637 display")                                 \
    X(63, TM1637_CLK, "TM1637_CLK", 1, "clock of a TM1637 display")                                \
    X(64, BL0937SEL_N, "BL0937SEL_n", 0,                                                           \
      "as BL0937SEL, but voltage and current are the other way round")                             \
    X(65, DOOR_SNSR_WSLEEP_PD, "DoorSnsrWSleep_pd", 1,                                             \
      "door contact that wakes the plug from deep sleep, with pull-down")                          \
    X(66, SGP_CLK, "SGP_CLK", 0, "I2C clock of an SGP air sensor")                                 \
    X(67, SGP_DAT, "SGP_DAT", 2,                                                                   \
      "I2C data of an SGP air sensor: CO2 goes to its channel, organic gases to the second one")   \
    X(68, ADC_BUTTON, "ADC_Button", 1, "analog input at a ladder of buttons")                      \
    X(69, GN6932_CLK, "GN6932_CLK", 1, "clock of a GN6932 display")                                \
    X(70, GN6932_DAT, "GN6932_DAT", 1, "data of a GN6932 display")                                 \
    X(71, GN6932_STB, "GN6932_STB", 1, "strobe of a GN6932 display")                               \
    X(72, TM1638_CLK, "TM1638_CLK", 1, "clock of a TM1638 display")                                \
    X(73, TM1638_DAT, "TM1638_DAT", 1, "data of a TM1638 display")                                 \
    X(74, TM1638_STB, "TM1638_STB", 1, "strobe of a TM1638 display")                               \
    X(75, BAT_RELAY_N, "BAT_Relay_n", 1, "switches the battery's divider on by a low level")       \
    X(76, KP18058_CLK, "KP18058_CLK", 1, "clock of a KP18058 LED driver")                          \
    X(77, KP18058_DAT, "KP18058_DAT", 1, "data of a KP18058 LED driver")                           \
    X(78, DS1820_IO, "DS1820_IO", 1, "1-Wire bus of a DS18B20")                                    \
    X(79, PWM_SCRIPT_ONLY, "PWM_ScriptOnly", 1, "dimmed output for scripts: no part of a light")   \
    X(80, PWM_SCRIPT_ONLY_N, "PWM_ScriptOnly_n", 1,                                                \
      "dimmed output for scripts, duty turned round: no part of a light")                          \
    X(81, COUNTER_F, "Counter_f", 1, "counts falling edges into its channel, with pull-up")        \
    X(82, COUNTER_R, "Counter_r", 1, "counts rising edges into its channel, with pull-up")         \
    X(83, IRRECV_N_PUP, "IRRecv_nPup", 0, "infrared receiver, no resistor")                        \
    X(84, STRIP_STATE, "StripState", 1, "supply of an LED strip: high while the light is on")      \
    X(85, STRIP_STATE_N, "StripState_n", 1, "supply of an LED strip: low while the light is on")   \
    X(86, HLW_8112_SCSN, "HLW_8112_SCSN", 0, "SPI chip select of an HLW8112")                      \
    X(87, RCRECV, "RCRecv", 0, "433 MHz receiver, with pull-up")                                   \
    X(88, RCRECV_N_PUP, "RCRecv_nPup", 0, "433 MHz receiver, no resistor")                         \
    X(89, BTN_PD, "Btn_pd", 2,                                                                     \
      "push button with pull-down, pressed when the pin is low; else as Btn")                      \
    X(90, BTN_PD_N, "Btn_pd_n", 2,                                                                 \
      "push button with pull-down, pressed when the pin is high; else as Btn_n")                   \
    X(91, TGL_CHAN_ON_TGL_PD, "TglChanOnTgl_pd", 1,                                                \
      "wall switch with pull-down: every move toggles its channel and raises OnToggle")            \
    X(92, SHUTTER_A, "ShutterA", 1, "relay that lifts a shutter")                                  \
    X(93, SHUTTER_B, "ShutterB", 1, "relay that lowers a shutter")                                 \
    X(94, BTN_SHUTTER_UP, "BtnShutterUp", 1,                                                       \
      "push button that lifts a shutter; two clicks stop it")                                      \
    X(95, BTN_SHUTTER_DOWN, "BtnShutterDown", 1,                                                   \
      "push button that lowers a shutter; two clicks stop it")                                     \
    X(96, BL0939_SCLK, "BL0939_SCLK", 0, "SPI clock of a BL0939")                                  \
    X(97, BL0939_MOSI, "BL0939_MOSI", 0, "SPI data to a BL0939")                                   \
    X(98, BL0939_MISO, "BL0939_MISO", 0, "SPI data from a BL0939")

enum obk_role {
#define OBK_ROLE_ENUM(id, symbol, name, channels, what) OBK_ROLE_##symbol = (id),
    OBK_ROLE_LIST(OBK_ROLE_ENUM)
#undef OBK_ROLE_ENUM
        OBK_ROLE_COUNT
};

struct obk_role_row {
    const char *name;
    uint8_t channels; /* channel fields: 0, 1 or 2 */
};
/* Row by id; NULL beyond the table. */
const struct obk_role_row *obk_role_row(unsigned id);
/* What the role does, in words; NULL beyond the table. Apart from the rows, so that firmware
 * without pages does not carry it. */
const char *obk_role_what(unsigned id);
/* Name by id, "None" for 0 and NULL beyond the table. */
const char *obk_role_name(unsigned id);
/* Id of a name, case-insensitive, old and database spellings included; -1 when unknown. */
int obk_role_find(const char *name);
#endif
