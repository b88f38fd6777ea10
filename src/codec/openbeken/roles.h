/* Pin roles of OpenBeken: number, name and how many channel fields each has. The one table that
 * templates, configuration blocks, the console and the firmware use.
 * Source: openshwprojects/OpenBK7231T_App: src/new_pins.h, docs/ioRoles.md. */
#ifndef CODEC_OPENBEKEN_ROLES_H
#define CODEC_OPENBEKEN_ROLES_H
#include <stddef.h>
#include <stdint.h>

/* id, NAME, "name", channel fields, what it does */
#define OBK_ROLE_LIST(X)                                                                           \
    X(0, NONE, "None", 1, "unused")                                                                \
    X(1, RELAY, "Rel", 1, "output, high when channel > 0")                                         \
    X(2, RELAY_N, "Rel_n", 1, "output, low when channel > 0")                                      \
    X(3, BUTTON, "Btn", 2, "button to ground; 2nd channel = double click")                         \
    X(4, BUTTON_N, "Btn_n", 2, "button, active high")                                              \
    X(5, LED, "LED", 1, "as Rel (indicator)")                                                      \
    X(6, LED_N, "LED_n", 1, "as Rel_n")                                                            \
    X(7, PWM, "PWM", 1, "PWM, duty = channel value in %; counts as light output")                  \
    X(8, WIFI_LED, "WifiLED", 0, "Wi-Fi status output")                                            \
    X(9, WIFI_LED_N, "WifiLED_n", 0, "inverted WifiLED")                                           \
    X(10, BTN_TGL_ALL, "Btn_Tgl_All", 0,                                                           \
      "button: click or double click toggles all relays together")                                 \
    X(11, BTN_TGL_ALL_N, "Btn_Tgl_All_n", 0, "same, active high")                                  \
    X(12, D_INPUT, "dInput", 1, "channel follows level, debounced, pull-up")                       \
    X(13, D_INPUT_N, "dInput_n", 1, "same, inverted")                                              \
    X(14, TGL_CHAN_ON_TGL, "TglChanOnTgl", 1,                                                      \
      "each debounced level change toggles the channel, pull-up; event OnToggle")                  \
    X(15, D_INPUT_NO_PULL_UP, "dInput_NoPullUp", 1, "dInput without pull resistor")                \
    X(16, D_INPUT_NO_PULL_UP_N, "dInput_NoPullUp_n", 1, "same, inverted")                          \
    X(17, BL0937SEL, "BL0937SEL", 0, "BL0937 SEL output")                                          \
    X(18, BL0937CF, "BL0937CF", 0, "BL0937 CF (power pulses), pull-up, falling edge")              \
    X(19, BL0937CF1, "BL0937CF1", 0, "BL0937 CF1 (V/A pulses)")                                    \
    X(20, ADC, "ADC", 1,                                                                           \
      "analog input: raw value copied to the channel every second (silent, published on change)")  \
    X(21, SM2135DAT, "SM2135DAT", 0, "SM2135 data")                                                \
    X(22, SM2135CLK, "SM2135CLK", 0, "SM2135 clock")                                               \
    X(23, BP5758D_DAT, "BP5758D_DAT", 0, "BP5758D data")                                           \
    X(24, BP5758D_CLK, "BP5758D_CLK", 0, "BP5758D clock")                                          \
    X(25, BP1658CJ_DAT, "BP1658CJ_DAT", 0, "BP1658CJ data")                                        \
    X(26, BP1658CJ_CLK, "BP1658CJ_CLK", 0, "BP1658CJ clock")                                       \
    X(27, PWM_N, "PWM_n", 1, "PWM with duty 100-value")                                            \
    X(28, IRRECV, "IRRecv", 0, "IR receiver")                                                      \
    X(29, IRSEND, "IRSend", 0, "IR sender")                                                        \
    X(30, BTN_NEXT_COLOR, "Btn_NextColor", 0, "button: next palette colour")                       \
    X(31, BTN_NEXT_COLOR_N, "Btn_NextColor_n", 0, "same, active high")                             \
    X(32, BTN_NEXT_DIMMER, "Btn_NextDimmer", 0, "button: hold changes brightness")                 \
    X(33, BTN_NEXT_DIMMER_N, "Btn_NextDimmer_n", 0, "same, active high")                           \
    X(34, ALWAYS_HIGH, "AlwaysHigh", 0, "output constant 1")                                       \
    X(35, ALWAYS_LOW, "AlwaysLow", 0, "output constant 0")                                         \
    X(36, UCS1912_DIN, "UCS1912_DIN", 0, "UCS1912 data")                                           \
    X(37, SM16703P_DIN, "SM16703P_DIN", 0, "SM16703P/WS2812/SM15155E data")                        \
    X(38, BTN_NEXT_TEMPERATURE, "Btn_NextTemperature", 0, "button: hold changes temperature")      \
    X(39, BTN_NEXT_TEMPERATURE_N, "Btn_NextTemperature_n", 0, "same, active high")                 \
    X(40, BTN_SCRIPT_ONLY, "Btn_ScriptOnly", 0, "button: events only")                             \
    X(41, BTN_SCRIPT_ONLY_N, "Btn_ScriptOnly_n", 0, "same, active high")                           \
    X(42, DHT11, "DHT11", 2, "DHT11; channel temperature x 10, 2nd channel humidity")              \
    X(43, DHT12, "DHT12", 2, "DHT12")                                                              \
    X(44, DHT21, "DHT21", 2, "DHT21")                                                              \
    X(45, DHT22, "DHT22", 2, "DHT22")                                                              \
    X(46, CHT83XX_SDA, "CHT83XX_SDA", 2, "CHT83XX data; temperature, humidity channels")           \
    X(47, CHT83XX_SCK, "CHT83XX_SCK", 0, "CHT83XX clock")                                          \
    X(48, SHT3X_SDA, "SHT3X_SDA", 2, "SHT3X data")                                                 \
    X(49, SHT3X_SCK, "SHT3X_SCK", 0, "SHT3X clock")                                                \
    X(50, SOFT_SDA, "SoftSDA", 1, "software I2C data")                                             \
    X(51, SOFT_SCL, "SoftSCL", 1, "software I2C clock")                                            \
    X(52, SM2235DAT, "SM2235DAT", 1, "SM2235/SM2335 data")                                         \
    X(53, SM2235CLK, "SM2235CLK", 1, "SM2235/SM2335 clock")                                        \
    X(54, BRIDGE_FWD, "BridgeFWD", 1, "latching relay bridge, set coil")                           \
    X(55, BRIDGE_REV, "BridgeREV", 1, "latching relay bridge, reset coil")                         \
    X(56, BTN_SMART_LED, "Btn_SmartLED", 1,                                                        \
      "one button for lights: click on/off, hold brightness, double click colour, triple click "   \
      "temperature")                                                                               \
    X(57, BTN_SMART_LED_N, "Btn_SmartLED_n", 1, "same, active high")                               \
    X(58, DOOR_SNSR_WSLEEP, "DoorSnsrWSleep", 1, "door sensor, pull-up, deep sleep driver")        \
    X(59, DOOR_SNSR_WSLEEP_N_PUP, "DoorSnsrWSleep_nPup", 1, "same, no pull")                       \
    X(60, BAT_ADC, "BAT_ADC", 1, "battery voltage ADC")                                            \
    X(61, BAT_RELAY, "BAT_Relay", 1, "battery divider switch")                                     \
    X(62, TM1637_DIO, "TM1637_DIO", 1, "TM1637 data")                                              \
    X(63, TM1637_CLK, "TM1637_CLK", 1, "TM1637 clock")                                             \
    X(64, BL0937SEL_N, "BL0937SEL_n", 0, "BL0937 SEL, inverted meaning")                           \
    X(65, DOOR_SNSR_WSLEEP_PD, "DoorSnsrWSleep_pd", 1, "door sensor, pull-down")                   \
    X(66, SGP_CLK, "SGP_CLK", 0, "SGP clock")                                                      \
    X(67, SGP_DAT, "SGP_DAT", 2, "SGP data")                                                       \
    X(68, ADC_BUTTON, "ADC_Button", 1, "ADC with several buttons")                                 \
    X(69, GN6932_CLK, "GN6932_CLK", 1, "GN6932 clock")                                             \
    X(70, GN6932_DAT, "GN6932_DAT", 1, "GN6932 data")                                              \
    X(71, GN6932_STB, "GN6932_STB", 1, "GN6932 strobe")                                            \
    X(72, TM1638_CLK, "TM1638_CLK", 1, "TM1638 clock")                                             \
    X(73, TM1638_DAT, "TM1638_DAT", 1, "TM1638 data")                                              \
    X(74, TM1638_STB, "TM1638_STB", 1, "TM1638 strobe")                                            \
    X(75, BAT_RELAY_N, "BAT_Relay_n", 1, "battery divider switch, inverted")                       \
    X(76, KP18058_CLK, "KP18058_CLK", 1, "KP18058 clock")                                          \
    X(77, KP18058_DAT, "KP18058_DAT", 1, "KP18058 data")                                           \
    X(78, DS1820_IO, "DS1820_IO", 1, "DS18B20 bus")                                                \
    X(79, PWM_SCRIPT_ONLY, "PWM_ScriptOnly", 1, "PWM, not treated as a light")                     \
    X(80, PWM_SCRIPT_ONLY_N, "PWM_ScriptOnly_n", 1, "same, inverted duty")                         \
    X(81, COUNTER_F, "Counter_f", 1, "pulse counter, falling edges add 1 to the channel, pull-up") \
    X(82, COUNTER_R, "Counter_r", 1, "same, rising edges")                                         \
    X(83, IRRECV_N_PUP, "IRRecv_nPup", 0, "IR receiver without pull-up")                           \
    X(84, STRIP_STATE, "StripState", 1, "output = LED enable")                                     \
    X(85, STRIP_STATE_N, "StripState_n", 1, "inverted")                                            \
    X(86, HLW_8112_SCSN, "HLW_8112_SCSN", 0, "HLW8112 chip select")                                \
    X(87, RCRECV, "RCRecv", 0, "433 MHz receiver, pull-up")                                        \
    X(88, RCRECV_N_PUP, "RCRecv_nPup", 0, "same, no pull")                                         \
    X(89, BTN_PD, "Btn_pd", 2, "button with pull-down instead of pull-up (still pressed = low)")   \
    X(90, BTN_PD_N, "Btn_pd_n", 2, "button with pull-down, pressed = high")                        \
    X(91, TGL_CHAN_ON_TGL_PD, "TglChanOnTgl_pd", 1, "TglChanOnTgl with pull-down")                 \
    X(92, SHUTTER_A, "ShutterA", 1, "shutter relay A")                                             \
    X(93, SHUTTER_B, "ShutterB", 1, "shutter relay B")                                             \
    X(94, BTN_SHUTTER_UP, "BtnShutterUp", 1, "button: shutter up, double click stops")             \
    X(95, BTN_SHUTTER_DOWN, "BtnShutterDown", 1, "button: shutter down, double click stops")       \
    X(96, BL0939_SCLK, "BL0939_SCLK", 0, "BL0939 SPI clock")                                       \
    X(97, BL0939_MOSI, "BL0939_MOSI", 0, "BL0939 SPI MOSI")                                        \
    X(98, BL0939_MISO, "BL0939_MISO", 0, "BL0939 SPI MISO")

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
