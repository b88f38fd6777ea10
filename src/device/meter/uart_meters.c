/* Meters on a UART: BL0942, which answers when asked, and CSE7766, which talks by itself. Packets
 * with a wrong sum never become a sample. */
#include "base/text.h"
#include "codec/meter/bl0942.h"
#include "codec/meter/cse7766.h"
#include "device/device.h"
#include "device/meter/meter.h"

#include <math.h>
#include <string.h>

enum { BAUD = 4800, EVEN = 2, NO_PARITY = 0, COUNTER_24 = 0xFFFFFF, COUNTER_16 = 0xFFFF };
enum { FLAG_SECOND_UART = 26 };

static struct uart_meter *state(struct device *d) {
    return &d->metering.uart;
}

static void open_port(struct device *d, uint32_t baud, unsigned parity) {
    if (!d->hal.uart_open || !d->hal.uart_open(d->hal.context, state(d)->port, baud, parity, 1))
        device_log(d, LOG_ERROR, "meter", "the UART of the meter cannot be opened");
}

static uint32_t baud_of(const char *arguments) {
    uint32_t baud = 0;
    while (text_is_space(*arguments))
        arguments++;
    for (; text_is_digit(*arguments) && baud < 1000000; arguments++)
        baud = baud * 10 + (uint32_t)(*arguments - '0');
    return baud >= 1200 && baud <= 115200 ? baud : BAUD;
}

static void start_uart(struct device *d, const struct meter_driver *driver, uint32_t baud,
                       unsigned parity) {
    memset(state(d), 0, sizeof *state(d));
    state(d)->port = settings_flag(d, FLAG_SECOND_UART) ? 1 : 0;
    meter_use(d, driver);
    open_port(d, baud, parity);
}

static void receive(struct device *d, const struct meter_format *format, unsigned port,
                    const uint8_t *data, size_t size) {
    struct uart_meter *u = state(d);
    for (size_t i = 0; port == u->port && i < size; i++) {
        enum meter_event event = meter_stream_feed(&u->stream, format, data[i]);
        u->bad += event == METER_NOISE;
        if (event == METER_PACKET) {
            memcpy(u->packet, u->stream.data, format->size);
            u->fresh = true;
        }
    }
}

/* Nothing came in this second; says so once when the chip seems to be gone. */
static void miss(struct device *d) {
    struct uart_meter *u = state(d);
    if (u->silent_s < UINT8_MAX)
        u->silent_s++;
    if (u->silent_s == UART_METER_LOST_S) {
        device_log2(d, LOG_ERROR, "meter", d->metering.driver->name,
                    " does not answer: check its UART; the readings are 0 until it is back");
        struct meter_sample none = {
            .voltage = 0, .current = 0, .power = 0, .frequency = NAN, .counted = true};
        meter_take(d, &none);
        u->primed = false;
    }
}

static void found(struct device *d) {
    struct uart_meter *u = state(d);
    if (u->silent_s >= UART_METER_LOST_S)
        device_log2(d, LOG_INFO, "meter", d->metering.driver->name, " answers again");
    u->silent_s = 0;
    u->fresh = false;
}

/* Pulses of the chip's counter since the last packet; the first one only begins the count. */
static uint32_t new_pulses(struct uart_meter *u, uint32_t count, uint32_t mask) {
    uint32_t pulses = u->primed ? (count - u->pulses) & mask : 0;
    u->primed = true;
    u->pulses = count;
    return pulses;
}

static bool raw(struct device *d, enum meter_calibrated what, struct meter_raw *out) {
    *out = (struct meter_raw){.value = state(d)->raw[what], .seconds = 1};
    return out->value != 0;
}

static void stop_bl0942(struct device *d) {
    if (d->metering.driver == &bl0942_driver)
        meter_use(d, NULL);
}

static void ask_bl0942(struct device *d) {
    uint8_t frame[BL0942_READ];
    size_t size = bl0942_read(BL0942_ALL, frame);
    if (d->hal.uart_write)
        d->hal.uart_write(d->hal.context, state(d)->port, frame, size);
}

static void start_bl0942(struct device *d, const char *arguments) {
    uint8_t frame[BL0942_WRITE];
    start_uart(d, &bl0942_driver, baud_of(arguments), NO_PARITY);
    if (d->hal.uart_write) {
        size_t size = bl0942_write(BL0942_WRITE_PROTECT, BL0942_UNLOCK, frame);
        d->hal.uart_write(d->hal.context, state(d)->port, frame, size);
        size = bl0942_write(BL0942_MODE, BL0942_MODE_800MS, frame);
        d->hal.uart_write(d->hal.context, state(d)->port, frame, size);
    }
    ask_bl0942(d);
}

static void take_bl0942(struct device *d) {
    struct uart_meter *u = state(d);
    struct bl0942_packet p;
    bl0942_decode(u->packet, &p);
    u->raw[METER_CAL_VOLTAGE] = (float)p.voltage;
    u->raw[METER_CAL_CURRENT] = (float)p.current;
    u->raw[METER_CAL_POWER] = (float)p.power;
    uint32_t pulses = new_pulses(u, p.pulses, COUNTER_24);
    double factor = (double)meter_factor(d, METER_CAL_POWER);
    bool counts = p.pulses != 0 && factor != 0;
    struct meter_sample s = {.voltage = meter_value(d, METER_CAL_VOLTAGE, (float)p.voltage),
                             .current = meter_value(d, METER_CAL_CURRENT, (float)p.current),
                             .power = meter_value(d, METER_CAL_POWER, (float)p.power),
                             .frequency = p.period ? 1e6f / (float)p.period : 0,
                             .counted = counts};
    if (counts)
        s.energy_uwh = (uint64_t)(pulses * (1638.4 * 256 / 3600 / factor) * 1e6);
    meter_take(d, &s);
}

static void second_bl0942(struct device *d) {
    if (state(d)->fresh) {
        found(d);
        take_bl0942(d);
    } else
        miss(d);
    meter_stream_reset(&state(d)->stream);
    ask_bl0942(d);
}

static void uart_bl0942(struct device *d, unsigned port, const uint8_t *data, size_t size) {
    receive(d, &bl0942_format, port, data, size);
}

const struct meter_driver bl0942_driver = {
    .name = "BL0942",
    .divides = true,
    .factor = {15188, 251210, 598},
    .start = start_bl0942,
    .stop = stop_bl0942,
    .second = second_bl0942,
    .uart = uart_bl0942,
    .raw = raw,
};

static void start_cse7766(struct device *d, const char *arguments) {
    start_uart(d, &cse7766_driver, baud_of(arguments), EVEN);
}

static void stop_cse7766(struct device *d) {
    if (d->metering.driver == &cse7766_driver)
        meter_use(d, NULL);
}

static float quotient(uint32_t coefficient, uint32_t cycle) {
    return cycle ? (float)coefficient / (float)cycle : 0;
}

static void take_cse7766(struct device *d) {
    struct uart_meter *u = state(d);
    struct cse7766_packet p;
    cse7766_decode(u->packet, &p);
    if (!cse7766_usable(&p))
        return;
    bool none = cse7766_no_power(&p);
    u->raw[METER_CAL_VOLTAGE] = quotient(p.voltage_coefficient, p.voltage_cycle);
    u->raw[METER_CAL_CURRENT] = none ? 0 : quotient(p.current_coefficient, p.current_cycle);
    u->raw[METER_CAL_POWER] = none ? 0 : quotient(p.power_coefficient, p.power_cycle);
    uint32_t pulses = new_pulses(u, p.pulses, COUNTER_16);
    double ws = (double)p.power_coefficient / 1e6 * (double)meter_factor(d, METER_CAL_POWER);
    struct meter_sample s = {
        .voltage = meter_value(d, METER_CAL_VOLTAGE, u->raw[METER_CAL_VOLTAGE]),
        .current = meter_value(d, METER_CAL_CURRENT, u->raw[METER_CAL_CURRENT]),
        .power = meter_value(d, METER_CAL_POWER, u->raw[METER_CAL_POWER]),
        .frequency = NAN,
        .counted = true,
        .energy_uwh = (uint64_t)(pulses * ws / 3600 * 1e6)};
    meter_take(d, &s);
}

static void second_cse7766(struct device *d) {
    if (state(d)->fresh) {
        found(d);
        take_cse7766(d);
    } else
        miss(d);
}

static void uart_cse7766(struct device *d, unsigned port, const uint8_t *data, size_t size) {
    receive(d, &cse7766_format, port, data, size);
}

/* Factors of a board with the data sheet's divider and shunt; the current's is that of OpenBeken's
 * table only in name, since that one is of another kind. */
const struct meter_driver cse7766_driver = {
    .name = "CSE7766",
    .factor = {1.94034719f, 1, 1.88214409f},
    .start = start_cse7766,
    .stop = stop_cse7766,
    .second = second_cse7766,
    .uart = uart_cse7766,
    .raw = raw,
};
