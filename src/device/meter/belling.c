/* BL0942 and BL0940: answer with a whole packet when they are asked; the BL0942 also tells the
 * mains' frequency. Boards with the current transformer the other way round read negative power: it
 * counts by its magnitude, unless flag 25 asks for signs.
 * Source: Belling BL0942 and BL0940 datasheets; openshwprojects/OpenBK7231T_App (drv_bl0942.c);
 * arendst/Tasmota (xnrg_14_bl09xx). */
#include "codec/meter/bl0940.h"
#include "codec/meter/bl0942.h"
#include "device/device.h"
#include "device/meter/meter.h"

#include <math.h>

enum { COUNTER = 0xFFFFFF, NO_PARITY = 0 };
/* J of a pulse of the chip's counter, for one raw unit per W. */
#define PULSE_J (1638.4 * 256)

static bool decode_bl0942(const uint8_t *packet, struct uart_values *out) {
    struct bl0942_packet p;
    bl0942_decode(packet, &p);
    *out = (struct uart_values){
        .raw = {(float)p.voltage, (float)p.current, (float)p.power},
        .frequency = p.period ? 1e6f / (float)p.period : 0,
        .pulses = p.pulses,
    };
    return true;
}

static bool decode_bl0940(const uint8_t *packet, struct uart_values *out) {
    struct bl0940_packet p;
    bl0940_decode(packet, &p);
    *out = (struct uart_values){
        .raw = {(float)p.voltage, (float)p.current, (float)p.power},
        .frequency = NAN,
        .pulses = p.pulses,
    };
    return true;
}

static double pulse_uwh(const struct device *d, const struct uart_values *values) {
    double factor = fabs((double)meter_factor(d, METER_CAL_POWER));
    (void)values;
    return factor > 0 ? PULSE_J / 3600 / factor * 1e6 : 0;
}

static const struct uart_meter_kind bl0942 = {&bl0942_driver, &bl0942_format, decode_bl0942,
                                              COUNTER, pulse_uwh};
static const struct uart_meter_kind bl0940 = {&bl0940_driver, &bl0940_format, decode_bl0940,
                                              COUNTER, pulse_uwh};

static void set_mode(struct device *d, uint32_t mode) {
    uint8_t frame[BL0942_WRITE];
    uart_meter_send(d, frame, bl0942_write(BL0942_WRITE_PROTECT, BL0942_UNLOCK, frame));
    uart_meter_send(d, frame, bl0942_write(BL0942_MODE, mode, frame));
}

/* The chip renews its figures every 800 ms, or, while protection watches the load, every 400. */
static void ask_bl0942(struct device *d) {
    uint8_t frame[BL0942_READ];
    struct uart_meter *u = &d->metering.uart;
    bool quick = uart_meter_hurries(d);
    if (quick != u->quick)
        set_mode(d, quick ? BL0942_MODE_400MS : BL0942_MODE_800MS);
    u->quick = quick;
    uart_meter_send(d, frame, bl0942_read(BL0942_ALL, frame));
}

static void ask_bl0940(struct device *d) {
    uint8_t frame[BL0940_READ];
    uart_meter_send(d, frame, bl0940_read(frame));
}

static void start_bl0942(struct device *d, const char *arguments) {
    uart_meter_start(d, &bl0942_driver, arguments, NO_PARITY);
    set_mode(d, BL0942_MODE_800MS);
    ask_bl0942(d);
}

static void start_bl0940(struct device *d, const char *arguments) {
    uint8_t frame[BL0940_WRITE];
    uart_meter_start(d, &bl0940_driver, arguments, NO_PARITY);
    for (unsigned n = 0; n < BL0940_INIT_FRAMES; n++)
        uart_meter_send(d, frame, bl0940_init(n, frame));
    ask_bl0940(d);
}

static const struct uart_meter_kind *kind_of(const struct device *d) {
    return d->metering.driver == &bl0942_driver ? &bl0942 : &bl0940;
}

static void uart(struct device *d, unsigned port, const uint8_t *data, size_t size) {
    uart_meter_feed(d, kind_of(d), port, data, size);
}

static void second(struct device *d) {
    uart_meter_second(d, kind_of(d));
}

static uint32_t tick_bl0942(struct device *d) {
    return uart_meter_ask(d, ask_bl0942);
}

static uint32_t tick_bl0940(struct device *d) {
    return uart_meter_ask(d, ask_bl0940);
}

#define BELLING(chip)                                                                              \
    .name = (chip), .divides = true, .stop = uart_meter_stop, .second = second, .uart = uart,      \
    .raw = uart_meter_raw, .now = uart_meter_now

const struct meter_driver bl0942_driver = {
    BELLING("BL0942"),
    .factor = {15188, 251210, 598},
    .start = start_bl0942,
    .tick = tick_bl0942,
};
const struct meter_driver bl0940_driver = {
    BELLING("BL0940"),
    .factor = {33000, 275000, 1430},
    .start = start_bl0940,
    .tick = tick_bl0940,
};
