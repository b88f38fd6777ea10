/* Setting pins up by their roles, driving outputs, and the ticks of the board. */
#include "device/board/board.h"

#include "base/text.h"
#include "device/board/pins.h"
#include "device/device.h"
#include "device/role_groups.h"

static uint64_t bit(unsigned pin) {
    return (uint64_t)1 << pin;
}

unsigned board_role(const struct device *d, unsigned pin) {
    return pin < d->hal.chip.pins ? d->config.pins[pin].role : OBK_ROLE_NONE;
}

static void pin_mode(struct device *d, unsigned pin, enum hal_pin_mode mode) {
    if (d->hal.pin_mode)
        d->hal.pin_mode(d->hal.context, pin, mode);
}

void pin_drive(struct device *d, unsigned pin, bool level) {
    if (!(d->board.is_output & bit(pin))) {
        if (d->hal.pin_write) /* the level first, so that the pin never shows the other one */
            d->hal.pin_write(d->hal.context, pin, level);
        pin_mode(d, pin, HAL_PIN_OUTPUT);
        d->board.is_output |= bit(pin);
    }
    if (d->hal.pin_write)
        d->hal.pin_write(d->hal.context, pin, level);
    d->board.out = level ? d->board.out | bit(pin) : d->board.out & ~bit(pin);
}

static bool pin_read(const struct device *d, unsigned pin) {
    return d->hal.pin_read && d->hal.pin_read(d->hal.context, pin);
}

bool pin_read_logical(struct device *d, unsigned pin) {
    unsigned bits = role_bits(board_role(d, pin));
    bool inverted = bits & ROLE_DOOR ? settings_flag(d, 42) : (bits & ROLE_INVERTED) != 0;
    return pin_read(d, pin) != inverted;
}

static uint32_t pwm_frequency(const struct device *d) {
    if (settings_flag(d, 11))
        return 600;
    return d->board.pwm_hz ? d->board.pwm_hz : 1000;
}

/* Duty of a PWM pin: its channel's value as percent. */
static float pwm_percent(const struct device *d, unsigned pin) {
    const struct obk_pin *p = &d->config.pins[pin];
    float value = p->channel < CHANNEL_COUNT ? d->channels.exact[p->channel] : 0;
    float percent = role_bits(p->role) & ROLE_INVERTED ? 100 - value : value;
    return percent < 0 ? 0 : percent > 100 ? 100 : percent;
}

/* Drives what a pin's channel says, as its role wants it. */
static void pin_apply(struct device *d, unsigned pin) {
    const struct obk_pin *p = &d->config.pins[pin];
    unsigned bits = role_bits(p->role);
    if (p->channel >= CHANNEL_COUNT)
        return;
    bool inverted = bits & ROLE_INVERTED;
    if (bits & ROLE_LEVEL)
        pin_drive(d, pin, (d->channels.value[p->channel] > 0) != inverted);
    else if (bits & ROLE_PWM && d->hal.pwm_set)
        d->hal.pwm_set(d->hal.context, pin, pwm_frequency(d),
                       (uint32_t)(pwm_percent(d, pin) * 100 + 0.5F));
}

void board_apply_channel(struct device *d, int channel) {
    if (!d->board.on)
        return;
    bool bridge = false, shutter = false;
    for (unsigned pin = 0; pin < d->hal.chip.pins; pin++) {
        const struct obk_pin *p = &d->config.pins[pin];
        if (p->role == OBK_ROLE_NONE || p->channel != channel)
            continue;
        bridge |= p->role == OBK_ROLE_BRIDGE_FWD;
        shutter |= p->role == OBK_ROLE_SHUTTER_A;
        pin_apply(d, pin);
    }
    if (bridge)
        bridge_set(d, channel, d->channels.value[channel] > 0);
    if (shutter)
        shutter_apply(d, channel);
    door_changed(d, channel);
}

static void fixed_apply(struct device *d, unsigned pin) {
    unsigned role = board_role(d, pin);
    bool strip = role == OBK_ROLE_STRIP_STATE || role == OBK_ROLE_STRIP_STATE_N;
    bool level = strip ? d->light.on : true;
    pin_drive(d, pin, level != ((role_bits(role) & ROLE_INVERTED) != 0));
}

void board_apply_light(struct device *d) {
    for (unsigned pin = 0; d->board.on && pin < d->hal.chip.pins; pin++)
        if (role_bits(board_role(d, pin)) & ROLE_FIXED)
            fixed_apply(d, pin);
}

static enum hal_pin_mode input_mode(unsigned bits) {
    return bits & ROLE_NO_PULL     ? HAL_PIN_INPUT
           : bits & ROLE_PULL_DOWN ? HAL_PIN_INPUT_PULL_DOWN
                                   : HAL_PIN_INPUT_PULL_UP;
}

static bool input_level_at_start(struct device *d, unsigned pin, unsigned bits) {
    unsigned channel = d->config.pins[pin].channel;
    if (!(bits & ROLE_INPUT) || channel >= CHANNEL_COUNT)
        return pin_read_logical(d, pin);
    int16_t start = d->config.start_values[channel];
    return (start == -1 ? d->channels.retained[channel] : start) != 0;
}

static void input_setup(struct device *d, unsigned pin, unsigned bits) {
    pin_mode(d, pin, input_mode(bits));
    d->board.is_input |= bit(pin);
    d->board.pins[pin].level = input_level_at_start(d, pin, bits);
    d->board.busy = true;
}

static void say_away(struct device *d, unsigned pin) {
    char line[DEVICE_LOG_LINE];
    struct text text = text_start(line, sizeof line);
    text_add(&text, "pin ");
    text_uint(&text, pin);
    text_add(&text, ": role ");
    text_add(&text, obk_role_name(board_role(d, pin)));
    text_add(&text, " is kept, but nothing in this build serves it");
    device_log(d, LOG_WARN, "board", line);
}

static void pin_setup(struct device *d, unsigned pin) {
    unsigned role = board_role(d, pin), bits = role_bits(role);
    d->board.pins[pin] = (struct pin_state){0};
    if (bits & ROLE_AWAY)
        say_away(d, pin);
    if (bits & (ROLE_BUTTON | ROLE_INPUT | ROLE_TOGGLER | ROLE_COUNTER)) {
        input_setup(d, pin, bits);
    } else if (bits & ROLE_PWM) {
        d->board.is_pwm |= bit(pin);
        if (!(d->hal.chip.pwm_pins & bit(pin)))
            device_log_int(d, LOG_WARN, "board", "no PWM on pin ", pin, "; it is switched only");
        pin_apply(d, pin);
    } else if (bits & ROLE_LEVEL) {
        pin_apply(d, pin);
    } else if (bits & ROLE_FIXED) {
        fixed_apply(d, pin);
    } else if (bits & ROLE_ANALOG) {
        pin_mode(d, pin, HAL_PIN_INPUT);
        d->board.is_adc |= bit(pin);
        adc_button_start(d, pin);
    } else if (role == OBK_ROLE_WIFI_LED || role == OBK_ROLE_WIFI_LED_N) {
        pin_drive(d, pin, role == OBK_ROLE_WIFI_LED_N);
    } else if (bits & ROLE_PULSED) {
        pin_drive(d, pin, false);
    }
}

/* Takes a pin back from whatever its old role did with it. */
static void pin_release(struct device *d, unsigned pin) {
    struct board *b = &d->board;
    uint64_t used = b->is_input | b->is_pwm | b->is_adc | b->is_output;
    if (used & bit(pin))
        pin_mode(d, pin, HAL_PIN_OFF);
    b->is_input &= ~bit(pin);
    b->is_pwm &= ~bit(pin);
    b->is_adc &= ~bit(pin);
    b->is_output &= ~bit(pin);
    b->out &= ~bit(pin);
}

enum status board_set_role(struct device *d, unsigned pin, unsigned role) {
    if (pin >= d->hal.chip.pins || role >= OBK_ROLE_COUNT)
        return STATUS_BAD_ARGUMENT;
    if (d->board.on)
        pin_release(d, pin);
    if (d->config.pins[pin].role != role)
        settings_changed(d);
    d->config.pins[pin].role = (uint8_t)role;
    if (d->board.on) {
        pin_setup(d, pin);
        bridge_start(d);
        shutter_start(d);
    }
    return STATUS_OK;
}

static enum status channel_field(struct device *d, unsigned pin, unsigned channel, bool second) {
    if (pin >= d->hal.chip.pins || channel > UINT8_MAX)
        return STATUS_BAD_ARGUMENT;
    struct obk_pin *p = &d->config.pins[pin];
    uint8_t *field = second ? &p->channel2 : &p->channel;
    if (*field == channel)
        return STATUS_OK;
    *field = (uint8_t)channel;
    settings_changed(d);
    if (d->board.on && !second) {
        unsigned bits = role_bits(p->role);
        pin_apply(d, pin);
        if (bits & ROLE_INPUT)
            input_setup(d, pin, bits);
        bridge_start(d);
        shutter_start(d);
    }
    return STATUS_OK;
}

enum status board_set_channel(struct device *d, unsigned pin, unsigned channel) {
    return channel_field(d, pin, channel, false);
}

enum status board_set_channel2(struct device *d, unsigned pin, unsigned channel) {
    return channel_field(d, pin, channel, true);
}

enum status board_set_button_times(struct device *d, unsigned longer, unsigned shorter,
                                   unsigned repeat) {
    if (longer > UINT8_MAX || shorter > UINT8_MAX || repeat > UINT8_MAX)
        return STATUS_BAD_ARGUMENT;
    d->config.button_long = (uint8_t)(longer ? longer : 10);
    d->config.button_short = (uint8_t)(shorter ? shorter : 3);
    d->config.button_repeat = (uint8_t)(repeat ? repeat : 5);
    settings_changed(d);
    return STATUS_OK;
}

void board_set_pwm_frequency(struct device *d, uint32_t hz) {
    d->board.pwm_hz = hz;
    for (unsigned pin = 0; d->board.on && pin < d->hal.chip.pins; pin++)
        if (d->board.is_pwm & bit(pin))
            pin_apply(d, pin);
}

bool board_set_pulse(struct device *d, int32_t ms) {
    if (ms < 5 || ms > 10000)
        return false;
    d->board.pulse_ms = (uint16_t)ms;
    return true;
}

bool board_level(const struct device *d, unsigned pin) {
    if (pin >= d->hal.chip.pins)
        return false;
    return d->board.is_output & bit(pin) ? (d->board.out & bit(pin)) != 0 : pin_read(d, pin);
}

float board_duty(const struct device *d, unsigned pin) {
    return pin < d->hal.chip.pins && d->board.is_pwm & bit(pin) ? pwm_percent(d, pin) : 0;
}

int board_adc(struct device *d, unsigned pin) {
    return d->hal.adc_read && pin < d->hal.chip.pins ? d->hal.adc_read(d->hal.context, pin) : 0;
}

void board_start(struct device *d) {
    uint32_t hz = d->board.pwm_hz;
    d->board = (struct board){.on = true, .pwm_hz = hz, .pulse_ms = 50};
    sleep_start(d);
    for (unsigned i = 0; i < SHUTTER_COUNT; i++)
        d->board.shutters[i].channel = 0xFF;
    for (unsigned pin = 0; pin < d->hal.chip.pins && pin < OBK_PINS_MAX; pin++)
        if (role_bits(board_role(d, pin)) & ROLE_LEVEL)
            pin_setup(d, pin); /* relays first */
    for (unsigned pin = 0; pin < d->hal.chip.pins && pin < OBK_PINS_MAX; pin++)
        if (board_role(d, pin) && !(role_bits(board_role(d, pin)) & ROLE_LEVEL))
            pin_setup(d, pin);
    bridge_start(d);
    shutter_start(d);
}

void board_stop(struct device *d) {
    d->board.on = false;
    d->board.busy = false;
}

static void wifi_led_tick(struct device *d, uint32_t elapsed_ms) {
    struct board *b = &d->board;
    uint32_t period = d->wifi == HAL_WIFI_AP_UP ? 250 : 500;
    bool level = b->wifi_led;
    b->wifi_led_ms += elapsed_ms;
    if (d->wifi == HAL_WIFI_CONNECTED) {
        level = true;
    } else if (b->wifi_led_ms > period) {
        b->wifi_led_ms = 0;
        level = !level;
    }
    if (level == b->wifi_led)
        return;
    b->wifi_led = level;
    for (unsigned pin = 0; pin < d->hal.chip.pins; pin++) {
        unsigned role = board_role(d, pin);
        if (role == OBK_ROLE_WIFI_LED || role == OBK_ROLE_WIFI_LED_N)
            pin_drive(d, pin, level != (role == OBK_ROLE_WIFI_LED_N));
    }
}

void board_tick(struct device *d, uint32_t elapsed_ms) {
    struct board *b = &d->board;
    if (!b->on)
        return;
    /* nothing was moving until now: what has just begun began now, not when we last looked */
    uint32_t moved_ms = b->busy || elapsed_ms < 10 ? elapsed_ms : 10;
    bool busy = false;
    for (uint64_t inputs = b->is_input; inputs; inputs &= inputs - 1) {
        unsigned pin = (unsigned)__builtin_ctzll(inputs);
        unsigned bits = role_bits(board_role(d, pin));
        if (bits & ROLE_COUNTER)
            counter_tick(d, pin);
        else if (bits & ROLE_BUTTON)
            busy |= button_tick(d, pin, moved_ms);
        else if (bits & (ROLE_INPUT | ROLE_TOGGLER))
            busy |= input_tick(d, pin, moved_ms);
    }
    b->busy = busy;
    bridge_tick(d, elapsed_ms);
    mutex_tick(d, elapsed_ms);
    adc_button_tick(d, elapsed_ms);
    shutter_tick(d, elapsed_ms);
    sleep_tick(d);
    if (!d->safe)
        wifi_led_tick(d, elapsed_ms);
}

void board_second(struct device *d) {
    if (d->board.on)
        climate_second(d);
    for (unsigned pin = 0; d->board.on && d->board.is_adc && pin < d->hal.chip.pins; pin++)
        if (board_role(d, pin) == OBK_ROLE_ADC)
            channel_set(d, d->config.pins[pin].channel, board_adc(d, pin), CHANNEL_SILENT);
}

static bool has_wifi_led(const struct device *d) {
    for (unsigned pin = 0; pin < d->hal.chip.pins; pin++)
        if (board_role(d, pin) == OBK_ROLE_WIFI_LED || board_role(d, pin) == OBK_ROLE_WIFI_LED_N)
            return true;
    return false;
}

uint32_t board_next_ms(const struct device *d) {
    if (!d->board.on)
        return UINT32_MAX;
    if (d->board.busy)
        return 10;
    if (d->board.sleep.asked)
        return 0;
    uint32_t next = bridge_next_ms(d), mutex = mutex_next_ms(d), shutter = shutter_next_ms(d);
    next = mutex < next ? mutex : next;
    next = shutter < next ? shutter : next;
    uint32_t adc = adc_button_next_ms(d);
    next = adc < next ? adc : next;
    if (d->wifi != HAL_WIFI_CONNECTED && !d->safe && next > 50 && has_wifi_led(d))
        next = 50;
    return next;
}
