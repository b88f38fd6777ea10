/* Commands of pins and what hangs on them: roles, buttons, PWM, latching relays, shutters, pairs of
 * outputs that exclude each other.
 * Source: openshwprojects/OpenBK7231T_App: src/new_pins.c, src/driver/drv_main.c. */
#include "base/text.h"
#include "device/board/mutex.h"
#include "device/board/shutter.h"
#include "device/command/groups.h"
#include "device/device.h"

#include <string.h>

#define RUN(name) static enum command_result name(struct call *c)

static enum command_result outcome(enum status status) {
    return status == STATUS_OK ? COMMAND_OK : COMMAND_BAD_ARGUMENT;
}
/* The pin that argument `i` names; -1 with a line in the log. */
static int pin_of(const struct call *c, unsigned i) {
    int pin = call_pin(c, i);
    if (pin >= 0 && pin < c->d->hal.chip.pins)
        return pin;
    device_log2(c->d, LOG_ERROR, "board", "this chip has no pin ", call_raw(c, i));
    return -1;
}
RUN(role) {
    int pin = pin_of(c, 0), id = obk_role_find(call_text(c, 1));
    if (id < 0)
        device_log2(c->d, LOG_ERROR, "board", "there is no pin role ", call_raw(c, 1));
    if (pin < 0 || id < 0)
        return COMMAND_BAD_ARGUMENT;
    return outcome(board_set_role(c->d, (unsigned)pin, (unsigned)id));
}
RUN(pin_channel) {
    int pin = pin_of(c, 0);
    bool second = c->count > 2;
    if (pin < 0 || !channel_valid(call_int(c, 1, 0)) ||
        (second && !channel_valid(call_int(c, 2, 0))))
        return COMMAND_BAD_ARGUMENT;
    if (second)
        board_set_channel2(c->d, (unsigned)pin, (unsigned)call_int(c, 2, 0));
    return outcome(board_set_channel(c->d, (unsigned)pin, (unsigned)call_int(c, 1, 0)));
}
static void show_pin(struct device *d, unsigned pin) {
    char line[64];
    struct text t = text_start(line, sizeof line);
    text_add(&t, "pin ");
    text_uint(&t, pin);
    text_char(&t, ' ');
    text_add(&t, obk_role_name(board_role(d, pin)));
    text_add(&t, ", level ");
    text_uint(&t, board_level(d, pin));
    device_log(d, LOG_INFO, "board", line);
}
RUN(show) {
    for (unsigned pin = 0; pin < c->d->hal.chip.pins; pin++)
        if (board_role(c->d, pin) != OBK_ROLE_NONE)
            show_pin(c->d, pin);
    return COMMAND_OK;
}
RUN(times) {
    enum status status =
        board_set_button_times(c->d, (unsigned)call_int(c, 0, 10), (unsigned)call_int(c, 1, 3),
                               (unsigned)call_int(c, 2, 5));
    if (status == STATUS_OK)
        settings_save(c->d);
    return outcome(status);
}
RUN(hold_repeat) {
    int32_t value = call_int(c, 0, 5);
    if (value < 1 || value > UINT8_MAX)
        return COMMAND_BAD_ARGUMENT;
    c->d->config.button_repeat = (uint8_t)value;
    settings_changed(c->d);
    settings_save(c->d);
    return COMMAND_OK;
}
RUN(pwm) {
    int32_t hz = call_int(c, 0, 1000);
    if (hz < 0 || hz > 100000)
        return COMMAND_BAD_ARGUMENT;
    board_set_pwm_frequency(c->d, (uint32_t)hz);
    return COMMAND_OK;
}
RUN(pulse) {
    return board_set_pulse(c->d, call_int(c, 0, 50)) ? COMMAND_OK : COMMAND_BAD_ARGUMENT;
}
RUN(adc_map) {
    uint16_t thresholds[ADC_BUTTON_THRESHOLDS];
    for (unsigned i = 0; i < c->count && i < ADC_BUTTON_THRESHOLDS; i++)
        thresholds[i] = (uint16_t)call_int(c, i, 0);
    return adc_button_map(c->d, thresholds, c->count) ? COMMAND_OK : COMMAND_BAD_ARGUMENT;
}
RUN(mutex) {
    const struct mutex_pair pair = {.channel = (uint8_t)call_int(c, 1, 0),
                                    .dead_ms = (uint16_t)call_int(c, 2, 0),
                                    .down = (uint8_t)pin_of(c, 3),
                                    .up = (uint8_t)pin_of(c, 4)};
    if (!channel_valid(call_int(c, 1, 0)) || call_int(c, 2, 0) < 0 ||
        call_int(c, 2, 0) > UINT16_MAX)
        return COMMAND_BAD_ARGUMENT;
    return outcome(mutex_set(c->d, (unsigned)call_int(c, 0, 0), &pair));
}
/* The channel of a shutter: in the word (ShutterMove1), else the first one there is. */
static int shutter_of(const struct call *c) {
    return c->suffix >= 0 ? c->suffix : shutter_first(c->d);
}
RUN(shutter_move_) {
    const char *word = call_text(c, 0);
    int channel = shutter_of(c);
    if (text_same(word, "STOP"))
        return outcome(shutter_stop(c->d, channel));
    float percent = text_same(word, "OPEN")    ? 100
                    : text_same(word, "CLOSE") ? 0
                                               : call_float(c, 0, 0);
    return outcome(shutter_move(c->d, channel, percent));
}
RUN(shutter_stop_) {
    return outcome(shutter_stop(c->d, shutter_of(c)));
}
RUN(shutter_times_) {
    bool named = c->suffix >= 0;
    int channel = named ? c->suffix : call_int(c, 0, 0);
    unsigned at = named ? 0 : 1;
    return outcome(
        shutter_set_times(c->d, channel, call_float(c, at, 0), call_float(c, at + 1, 0)));
}

const struct command_row pin_rows[] = {
    {"SetPinRole", "pt", 2, 0, "pin role", HELP("what hangs on a pin"), role, NULL},
    {"SetPinChannel", "pii", 2, 0, "pin channel [channel2]", HELP("channel of a pin"), pin_channel,
     NULL},
    {"showgpi", "", 0, 0, "", HELP("logs the level of every pin in use"), show, NULL},
    {"SetButtonTimes", "iii", 3, 0, "long short repeat", HELP("in 0.1 s"), times, NULL},
    {"SetButtonHoldRepeat", "i", 1, 0, "time", HELP("in 0.1 s"), hold_repeat, NULL},
    {"PWMFrequency", "i", 1, 0, "Hz", HELP("frequency of PWM pins"), pwm, NULL},
    {"BridgePulseLength", "i", 1, 0, "ms", HELP("pulse of latching relays, 5-10000"), pulse, NULL},
    {"ADCButtonMap", "i*", 0, 0, "[threshold ...]",
     HELP("rising readings between the buttons of an ADC_Button pin"), adc_map, NULL},
    {"setMutex", "iiipp", 5, 0, "index channel deadMs pinDown pinUp",
     HELP("two outputs, never both: channel 0 off, 1 down, 2 up"), mutex, NULL},
    {"ShutterMove", "b", 1, 0, "percent|OPEN|CLOSE|STOP",
     HELP("ShutterMove1 50 moves the shutter of channel 1"), shutter_move_, NULL},
    {"ShutterStop", "", 0, 0, "", HELP("stops a shutter where it is"), shutter_stop_, NULL},
    {"ShutterCalibrate", "fff", 2, 0, "[channel] openSeconds closeSeconds",
     HELP("how long a shutter takes from end to end"), shutter_times_, NULL},
};
const unsigned pin_row_count = sizeof pin_rows / sizeof *pin_rows;
