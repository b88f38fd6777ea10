/* The rows. Compatible lines and roles: openshwprojects/BK7231GUIFlashTool; `_lv` logic and
 * bridge roles: libretiny-eu/upk2esphome, OpenBeken's role documentation. */
#include "codec/tuya/pin_rows.h"

#include "codec/openbeken/roles.h"
#include "codec/tuya/keys.h"
#include <string.h>

#define ROLE(name) OBK_ROLE_##name
#define N          ROW_KEY_NUMBER

// clang-format off
static const struct pin_row rows[] = {
    /* key, line, GUI role and channel, function, active-high role, active-low role, channel, level key, usual level, certainty */
    {"led#_pin", "LED (channel #) on P$", ROLE(LED), N, "LED", ROLE(LED), ROLE(LED_N), N, "led#_lv", 1, TUYA_SURE},
    {"netled#_pin", "WiFi LED on P$", ROLE(WIFI_LED_N), ROW_NONE, "Wi-Fi LED", ROLE(WIFI_LED), ROLE(WIFI_LED_N), ROW_NONE, "netled#_lv", 0, TUYA_SURE},
    {"netled_pin", "WiFi LED on P$", ROLE(WIFI_LED_N), ROW_NONE, "Wi-Fi LED", ROLE(WIFI_LED), ROLE(WIFI_LED_N), ROW_NONE, "netled_lv", 0, TUYA_SURE},
    {"wfst", "WiFi LED on P$", ROLE(WIFI_LED_N), ROW_NONE, "Wi-Fi LED", ROLE(WIFI_LED), ROLE(WIFI_LED_N), ROW_NONE, "wfst_lv", 0, TUYA_SURE},
    {"wfst_pin", "WiFi LED on P$", ROLE(WIFI_LED_N), ROW_NONE, "Wi-Fi LED", ROLE(WIFI_LED), ROLE(WIFI_LED_N), ROW_NONE, "wfst_lv", 0, TUYA_SURE},
    {"~bz_pin_pin", "Buzzer Pin (TODO) on P$", 0, ROW_NONE, "buzzer", ROLE(PWM_SCRIPT_ONLY), ROLE(PWM_SCRIPT_ONLY_N), ROW_SENSOR, "bz_pin_lv", 1, TUYA_GUESS},
    {"buzzer_io", "Buzzer Pin (TODO) on P$", 0, ROW_NONE, "buzzer", ROLE(PWM_SCRIPT_ONLY), ROLE(PWM_SCRIPT_ONLY_N), ROW_SENSOR, NULL, 1, TUYA_GUESS},
    {"~status_led_pin", "Status LED on P$", ROLE(WIFI_LED_N), ROW_NONE, "status LED", ROLE(WIFI_LED), ROLE(WIFI_LED_N), ROW_NONE, "status_led_lv", 0, TUYA_SURE},
    {"~remote_io", "RF Remote on P$", ROLE(RCRECV), ROW_NONE, "433 MHz receiver", ROLE(RCRECV), ROLE(RCRECV), ROW_NONE, NULL, 1, TUYA_SURE},
    {"~samp_sw_pin", "Battery Relay on P$", ROLE(BAT_RELAY), ROW_NONE, "battery divider switch", ROLE(BAT_RELAY), ROLE(BAT_RELAY_N), ROW_SENSOR, "samp_sw_lv", 1, TUYA_SURE},
    {"~samp_pin", "Battery ADC on P$", ROLE(BAT_ADC), ROW_NONE, "battery voltage", ROLE(BAT_ADC), ROLE(BAT_ADC), ROW_SENSOR, NULL, 1, TUYA_SURE},
    {"~i2c_scl_pin", "I2C SCL on P$", 0, ROW_NONE, "I2C clock", ROLE(SOFT_SCL), ROLE(SOFT_SCL), ROW_NONE, NULL, 1, TUYA_GUESS},
    {"~i2c_sda_pin", "I2C SDA on P$", 0, ROW_NONE, "I2C data", ROLE(SOFT_SDA), ROLE(SOFT_SDA), ROW_NONE, NULL, 1, TUYA_GUESS},
    {"~alt_pin_pin", "ALT pin on P$", 0, ROW_NONE, "sensor alert", 0, 0, ROW_NONE, NULL, 1, TUYA_GUESS},
    {"~one_wire_pin", "OneWire IO pin on P$", 0, ROW_NONE, "one-wire bus", ROLE(DS1820_IO), ROLE(DS1820_IO), ROW_SENSOR, NULL, 1, TUYA_GUESS},
    {"~backlit_io_pin", "Backlit IO pin on P$", ROLE(LED), ROW_NONE, "backlight", ROLE(LED), ROLE(LED_N), ROW_SENSOR, "backlit_io_lv", 1, TUYA_LIKELY},
    {"max_V", "Battery Max Voltage: $", 0, ROW_NONE, NULL, 0, 0, ROW_NONE, NULL, 1, 0},
    {"min_V", "Battery Min Voltage: $", 0, ROW_NONE, NULL, 0, 0, ROW_NONE, NULL, 1, 0},
    {"rl", "Relay (channel 0) on P$", ROLE(RELAY), 0, "relay", ROLE(RELAY), ROLE(RELAY_N), 1, "rl_lv", 1, TUYA_SURE},
    {"rl#_pin", "Relay (channel #) on P$", ROLE(RELAY), N, "relay", ROLE(RELAY), ROLE(RELAY_N), N, "rl#_lv", 1, TUYA_SURE},
    {"rl_on#_pin", "Bridge Relay On (channel #) on P$", ROLE(RELAY), N, "latching relay, set coil", ROLE(BRIDGE_FWD), ROLE(BRIDGE_FWD), N, "rl_on#_lv", 1, TUYA_SURE},
    {"rl_off#_pin", "Bridge Relay Off (channel #) on P$", ROLE(RELAY_N), N, "latching relay, reset coil", ROLE(BRIDGE_REV), ROLE(BRIDGE_REV), N, "rl_off#_lv", 1, TUYA_SURE},
    {"bt_pin", "Button (channel 0) on P$", ROLE(BUTTON), 0, "button", ROLE(BUTTON_N), ROLE(BUTTON), 1, "bt_lv", 0, TUYA_SURE},
    {"bt", "Button (channel 0) on P$", ROLE(BUTTON), 0, "button", ROLE(BUTTON_N), ROLE(BUTTON), 1, "bt_lv", 0, TUYA_SURE},
    {"k#pin_pin", "Button (channel #) on P$", ROLE(BUTTON), N, "key", ROLE(BUTTON_N), ROLE(BUTTON), N, "k#pin_lv", 0, TUYA_SURE},
    {"bt#_pin", "Button (channel #) on P$", ROLE(BUTTON), N, "button", ROLE(BUTTON_N), ROLE(BUTTON), N, "bt#_lv", 0, TUYA_SURE},
    {"door#_magt_pin", "Door Sensor (channel #) on P$", ROLE(D_INPUT), N, "door sensor", ROLE(D_INPUT), ROLE(D_INPUT_N), ROW_SENSOR, "door#_magt_lv", 1, TUYA_LIKELY},
    {"onoff#", "TglChannelToggle (channel #) on P$", ROLE(TGL_CHAN_ON_TGL), N, "wall switch input", ROLE(TGL_CHAN_ON_TGL), ROLE(TGL_CHAN_ON_TGL), N, NULL, 0, TUYA_SURE},
    {"gate_sensor_pin_pin", "Door/Gate sensor on P$", ROLE(D_INPUT), ROW_NONE, "gate sensor", ROLE(D_INPUT), ROLE(D_INPUT_N), ROW_SENSOR, "gate_sensor_pin_lv", 1, TUYA_LIKELY},
    {"basic_pin_pin", "PIR sensor on P$", ROLE(D_INPUT), ROW_NONE, "motion sensor", ROLE(D_INPUT), ROLE(D_INPUT_N), ROW_SENSOR, "basic_pin_lv", 1, TUYA_LIKELY},
    {"ele_pin", "BL0937 ELE (CF) on P$", ROLE(BL0937CF), ROW_NONE, "BL0937 CF", ROLE(BL0937CF), ROLE(BL0937CF), ROW_NONE, NULL, 0, TUYA_SURE},
    {"epin", "BL0937 ELE (CF) on P$", ROLE(BL0937CF), ROW_NONE, "BL0937 CF", ROLE(BL0937CF), ROLE(BL0937CF), ROW_NONE, NULL, 0, TUYA_SURE},
    {"vi_pin", "BL0937 VI (CF1) on P$", ROLE(BL0937CF1), ROW_NONE, "BL0937 CF1", ROLE(BL0937CF1), ROLE(BL0937CF1), ROW_NONE, NULL, 0, TUYA_SURE},
    {"ivpin", "BL0937 VI (CF1) on P$", ROLE(BL0937CF1), ROW_NONE, "BL0937 CF1", ROLE(BL0937CF1), ROLE(BL0937CF1), ROW_NONE, NULL, 0, TUYA_SURE},
    {"sel_pin_pin", "BL0937 SEL on P$", ROLE(BL0937SEL), ROW_NONE, "BL0937 SEL", ROLE(BL0937SEL), ROLE(BL0937SEL_N), ROW_NONE, "sel_pin_lv", 1, TUYA_SURE},
    {"ivcpin", "BL0937 SEL on P$", ROLE(BL0937SEL), ROW_NONE, "BL0937 SEL", ROLE(BL0937SEL), ROLE(BL0937SEL_N), ROW_NONE, "sel_pin_lv", 1, TUYA_SURE},
    {"r_pin", "LED Red (Channel 1) on P$", ROLE(PWM), 0, "red", ROLE(PWM), ROLE(PWM_N), 1, "r_lv", 1, TUYA_SURE},
    {"g_pin", "LED Green (Channel 2) on P$", ROLE(PWM), 1, "green", ROLE(PWM), ROLE(PWM_N), 2, "g_lv", 1, TUYA_SURE},
    {"b_pin", "LED Blue (Channel 3) on P$", ROLE(PWM), 2, "blue", ROLE(PWM), ROLE(PWM_N), 3, "b_lv", 1, TUYA_SURE},
    {"c_pin", "LED Cool (Channel 4) on P$", ROLE(PWM), 3, "cold white", ROLE(PWM), ROLE(PWM_N), 4, "c_lv", 1, TUYA_SURE},
    {"w_pin", "LED Warm (Channel 5) on P$", ROLE(PWM), 4, "warm white", ROLE(PWM), ROLE(PWM_N), 5, "w_lv", 1, TUYA_SURE},
    {"mic", "Microphone (TODO) on P$", 0, ROW_NONE, "microphone", ROLE(ADC), ROLE(ADC), ROW_SENSOR, NULL, 1, TUYA_GUESS},
    {"micpin", "Microphone (TODO) on P$", 0, ROW_NONE, "microphone", ROLE(ADC), ROLE(ADC), ROW_SENSOR, NULL, 1, TUYA_GUESS},
    {"ctrl_pin", "Control Pin (TODO) on P$", 0, ROW_NONE, "lamp enable", ROLE(STRIP_STATE), ROLE(STRIP_STATE_N), ROW_NONE, "ctrl_lv", 1, TUYA_LIKELY},
    {"buzzer_pwm", "Buzzer Frequency (TODO) is $Hz", 0, ROW_NONE, NULL, 0, 0, ROW_NONE, NULL, 1, 0},
    {"irpin", "IR Receiver is on P$", ROLE(IRRECV), ROW_NONE, "IR receiver", ROLE(IRRECV), ROLE(IRRECV), ROW_NONE, NULL, 0, TUYA_SURE},
    {"infrr", "IR Receiver is on P$", ROLE(IRRECV), ROW_NONE, "IR receiver", ROLE(IRRECV), ROLE(IRRECV), ROW_NONE, NULL, 0, TUYA_SURE},
    {"infre", "IR Transmitter is on P$", ROLE(IRSEND), ROW_NONE, "IR transmitter", ROLE(IRSEND), ROLE(IRSEND), ROW_NONE, NULL, 1, TUYA_SURE},
    {"reset_pin", "Button is on P$", ROLE(BUTTON), ROW_NONE, "pairing button", ROLE(BUTTON_N), ROLE(BUTTON), 1, "reset_lv", 0, TUYA_LIKELY},
    {"pwmhz", "PWM Frequency $", 0, ROW_NONE, NULL, 0, 0, ROW_NONE, NULL, 1, 0},
    {"pirsense_pin", "PIR Sensitivity $", 0, ROW_NONE, "PIR sensitivity", 0, 0, ROW_NONE, NULL, 1, TUYA_GUESS},
    {"pirlduty", "PIR Low Duty $", 0, ROW_NONE, NULL, 0, 0, ROW_NONE, NULL, 1, 0},
    {"pirfreq", "PIR Frequency $", 0, ROW_NONE, NULL, 0, 0, ROW_NONE, NULL, 1, 0},
    {"pirmduty", "PIR High Duty $", 0, ROW_NONE, NULL, 0, 0, ROW_NONE, NULL, 1, 0},
    {"pirin_pin", "PIR Input $", 0, ROW_NONE, "motion sensor", ROLE(D_INPUT), ROLE(D_INPUT_N), ROW_SENSOR, "pirin_lv", 1, TUYA_LIKELY},
    {"mosi", "SPI MOSI $", ROLE(SM16703P_DIN), ROW_NONE, "pixel strip data", ROLE(SM16703P_DIN), ROLE(SM16703P_DIN), ROW_NONE, NULL, 1, TUYA_LIKELY},
    {"miso", "SPI MISO $", 0, ROW_NONE, "SPI MISO", 0, 0, ROW_NONE, NULL, 1, TUYA_GUESS},
    {"SCL", "SPI SCL $", 0, ROW_NONE, "SPI clock", 0, 0, ROW_NONE, NULL, 1, TUYA_GUESS},
    {"CS", "SPI CS $", 0, ROW_NONE, "SPI select", 0, 0, ROW_NONE, NULL, 1, TUYA_GUESS},
    {"total_bt_pin", "Pair/Toggle All Button on P$", ROLE(BTN_TGL_ALL), ROW_NONE, "button for all", ROLE(BTN_TGL_ALL_N), ROLE(BTN_TGL_ALL), ROW_NONE, "total_bt_lv", 0, TUYA_SURE},
    /* Pins that the GUI tool does not describe. */
    {"key_pin", NULL, 0, ROW_NONE, "key", ROLE(BTN_TGL_ALL_N), ROLE(BTN_TGL_ALL), ROW_NONE, "key_lv", 0, TUYA_LIKELY},
    {"ir", NULL, 0, ROW_NONE, "IR receiver", ROLE(IRRECV), ROLE(IRRECV), ROW_NONE, NULL, 0, TUYA_LIKELY},
    {"ele_rx", NULL, 0, ROW_NONE, "meter UART RX", 0, 0, ROW_NONE, NULL, 1, TUYA_SURE},
    {"ele_tx", NULL, 0, ROW_NONE, "meter UART TX", 0, 0, ROW_NONE, NULL, 1, TUYA_SURE},
    {"firstpin_pin", NULL, 0, ROW_NONE, "PWM output 1", ROLE(PWM), ROLE(PWM_N), 1, "firstpin_lv", 1, TUYA_LIKELY},
    {"secpin_pin", NULL, 0, ROW_NONE, "PWM output 2", ROLE(PWM), ROLE(PWM_N), 2, "secpin_lv", 1, TUYA_LIKELY},
};
// clang-format on

const struct pin_row *pin_row_find(const char *key) {
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *pattern = rows[i].pattern;
        if (*pattern == '~' ? strstr(key, pattern + 1) != NULL : tuya_key_matches(pattern, key))
            return &rows[i];
    }
    return NULL;
}
