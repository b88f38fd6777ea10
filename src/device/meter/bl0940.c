/* BL0940: as the BL0942 with a longer packet and without the mains' frequency.
 * Source: Belling BL0940 datasheet; arendst/Tasmota (xnrg_14_bl09xx). */
#include "codec/meter/bl0940.h"

#include "device/device.h"
#include "device/meter/meter.h"

#include <math.h>

enum { COUNTER = 0xFFFFFF, NO_PARITY = 0 };

static bool decode(const uint8_t *packet, struct uart_values *out) {
    struct bl0940_packet p;
    bl0940_decode(packet, &p);
    *out = (struct uart_values){
        .raw = {(float)p.voltage, (float)p.current, (float)p.power},
        .frequency = NAN,
        .pulses = p.pulses,
    };
    return true;
}

static double pulse_uwh(const struct device *d) {
    double factor = (double)meter_factor(d, METER_CAL_POWER);
    return factor > 0 ? 1638.4 * 256 / 3600 / factor * 1e6 : 0;
}

static const struct uart_meter_kind kind = {&bl0940_driver, &bl0940_format, decode, COUNTER,
                                            pulse_uwh};

static void ask(struct device *d) {
    uint8_t frame[BL0940_READ];
    uart_meter_send(d, frame, bl0940_read(frame));
}

static void start(struct device *d, const char *arguments) {
    uint8_t frame[BL0940_WRITE];
    uart_meter_start(d, &bl0940_driver, arguments, NO_PARITY);
    for (unsigned n = 0; n < BL0940_INIT_FRAMES; n++)
        uart_meter_send(d, frame, bl0940_init(n, frame));
    ask(d);
}

static void uart(struct device *d, unsigned port, const uint8_t *data, size_t size) {
    uart_meter_feed(d, &kind, port, data, size);
}

static void second(struct device *d) {
    uart_meter_second(d, &kind);
}

static uint32_t tick(struct device *d) {
    return uart_meter_ask(d, ask);
}

const struct meter_driver bl0940_driver = {
    .name = "BL0940",
    .divides = true,
    .factor = {33000, 275000, 1430},
    .start = start,
    .stop = uart_meter_stop,
    .second = second,
    .tick = tick,
    .uart = uart,
    .raw = uart_meter_raw,
    .now = uart_meter_now,
};
