/* BL0942: answers when it is asked. Boards with its current transformer the other way round read
 * negative power; see flag 25.
 * Source: Belling BL0942 datasheet; openshwprojects/OpenBK7231T_App (drv_bl0942.c). */
#include "codec/meter/bl0942.h"

#include "device/device.h"
#include "device/meter/meter.h"

#include <math.h>

enum { COUNTER = 0xFFFFFF, NO_PARITY = 0 };

static bool decode(const uint8_t *packet, struct uart_values *out) {
    struct bl0942_packet p;
    bl0942_decode(packet, &p);
    *out = (struct uart_values){
        .raw = {(float)p.voltage, (float)p.current, (float)p.power},
        .frequency = p.period ? 1e6f / (float)p.period : 0,
        .pulses = p.pulses,
    };
    return true;
}

static double pulse_uwh(const struct device *d) {
    double factor = (double)meter_factor(d, METER_CAL_POWER);
    return factor > 0 ? 1638.4 * 256 / 3600 / factor * 1e6 : 0;
}

static const struct uart_meter_kind kind = {&bl0942_driver, &bl0942_format, decode, COUNTER,
                                            pulse_uwh};

static void ask(struct device *d) {
    uint8_t frame[BL0942_READ];
    uart_meter_send(d, frame, bl0942_read(BL0942_ALL, frame));
}

static void start(struct device *d, const char *arguments) {
    uint8_t frame[BL0942_WRITE];
    uart_meter_start(d, &bl0942_driver, arguments, NO_PARITY);
    uart_meter_send(d, frame, bl0942_write(BL0942_WRITE_PROTECT, BL0942_UNLOCK, frame));
    uart_meter_send(d, frame, bl0942_write(BL0942_MODE, BL0942_MODE_800MS, frame));
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

const struct meter_driver bl0942_driver = {
    .name = "BL0942",
    .divides = true,
    .factor = {15188, 251210, 598},
    .start = start,
    .stop = uart_meter_stop,
    .second = second,
    .tick = tick,
    .uart = uart,
    .raw = uart_meter_raw,
    .now = uart_meter_now,
};
