/* The battery driver; see battery.h. */
#include "device/board/battery.h"

#include "base/text.h"
#include "device/board/pins.h"
#include "device/device.h"

enum { CYCLE_S = 10, LEAST_MV = 1000 };

static int pin_with(const struct device *d, unsigned role, unsigned other) {
    for (unsigned pin = 0; pin < d->hal.chip.pins; pin++)
        if (board_role(d, pin) == role || board_role(d, pin) == other)
            return (int)pin;
    return -1;
}

void battery_start(struct device *d, const char *arguments) {
    (void)arguments;
    d->board.battery = (struct battery){.empty_mv = 2000,
                                        .full_mv = 3000,
                                        .divider = 2.29F,
                                        .reference_mv = 2400,
                                        .steps = 4096,
                                        .cycle_s = CYCLE_S,
                                        .left_s = 1};
}

bool battery_setup(struct device *d, const struct battery *values) {
    struct battery *b = &d->board.battery;
    if (!(values->full_mv > values->empty_mv && values->divider > 0 && values->reference_mv > 0 &&
          values->steps >= 1))
        return false;
    b->empty_mv = values->empty_mv;
    b->full_mv = values->full_mv;
    b->divider = values->divider;
    b->reference_mv = values->reference_mv;
    b->steps = values->steps;
    return true;
}

static void tell(struct device *d, const char *topic, int32_t value) {
    char payload[16];
    struct text text = text_start(payload, sizeof payload);
    text_int(&text, value);
    d->wiring->publish(d, topic, payload, settings_flag(d, 7), false);
}

static float read_mv(struct device *d, unsigned pin) {
    const struct battery *b = &d->board.battery;
    int relay = pin_with(d, OBK_ROLE_BAT_RELAY, OBK_ROLE_BAT_RELAY_N);
    bool inverted = relay >= 0 && board_role(d, (unsigned)relay) == OBK_ROLE_BAT_RELAY_N;
    if (relay >= 0)
        pin_drive(d, (unsigned)relay, !inverted);
    int raw = board_adc(d, pin);
    if (relay >= 0)
        pin_drive(d, (unsigned)relay, inverted);
    return (float)raw * b->reference_mv / b->steps * (relay >= 0 ? b->divider : 1);
}

void battery_measure(struct device *d) {
    struct battery *b = &d->board.battery;
    int pin = pin_with(d, OBK_ROLE_BAT_ADC, OBK_ROLE_BAT_ADC);
    if (pin < 0 || !(b->full_mv > b->empty_mv))
        return;
    float mv = read_mv(d, (unsigned)pin);
    if (mv < LEAST_MV)
        return;
    float percent = (mv - b->empty_mv) / (b->full_mv - b->empty_mv) * 100;
    percent = percent < 0 ? 0 : percent > 100 ? 100 : percent;
    bool new_mv = b->mv != (int32_t)mv, new_percent = b->percent != (int32_t)percent;
    b->mv = (int32_t)mv;
    b->percent = (int32_t)percent;
    if (new_mv)
        tell(d, "voltage", b->mv);
    if (new_percent)
        tell(d, "battery", b->percent);
}

void battery_second(struct device *d) {
    struct battery *b = &d->board.battery;
    if (b->left_s && --b->left_s)
        return;
    b->left_s = b->cycle_s;
    battery_measure(d);
}
