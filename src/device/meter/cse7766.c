/* CSE7766, CSE7759B, HLW8032: talk by themselves, about 18 packets a second, with even parity.
 * Without a load the chip says so in its state; power and current are 0 then.
 * Source: Chipsea CSE7766 datasheet; esphome/esphome (components/cse7766). */
#include "codec/meter/cse7766.h"

#include "device/device.h"
#include "device/meter/meter.h"

#include <math.h>

enum { COUNTER = 0xFFFF, EVEN_PARITY = 2, MOMENT_MS = 60 };
#define AGE_S  0.065f  /* of a packet: half a cycle of the mains, and its way */
#define WAIT_S 0.0275f /* half a packet: until a pulse that has ended is told */

static float quotient(uint32_t coefficient, uint32_t cycle) {
    return cycle ? (float)coefficient / (float)cycle : 0;
}

static bool decode(const uint8_t *packet, struct uart_values *out) {
    struct cse7766_packet p;
    cse7766_decode(packet, &p);
    if (!cse7766_usable(&p))
        return false;
    bool none = cse7766_no_power(&p);
    *out = (struct uart_values){
        .raw = {quotient(p.voltage_coefficient, p.voltage_cycle),
                none ? 0 : quotient(p.current_coefficient, p.current_cycle),
                none ? 0 : quotient(p.power_coefficient, p.power_cycle)},
        .frequency = NAN,
        .pulses = p.pulses,
        .pulse = (float)p.power_coefficient,
        .running = {!(p.adjust & CSE7766_VOLTAGE_VALID), !(p.adjust & CSE7766_CURRENT_VALID),
                    !(p.adjust & CSE7766_POWER_VALID)},
    };
    return true;
}

/* A pulse is the power coefficient in µWs; each chip has its own, set in its factory. */
static double pulse_uwh(const struct device *d, const struct uart_values *values) {
    return (double)values->pulse * (double)meter_factor(d, METER_CAL_POWER) / 3600;
}

/* What flowed in a whole period flowed for at least that long. Short periods end shortly before the
 * packet, whenever it comes. */
static float watts_age_s(const struct uart_values *values) {
    float watts = values->raw[METER_CAL_POWER];
    float period_s = watts > 0 ? values->pulse * 1e-6f / watts : 0, packet_s = MOMENT_MS * 1e-3f;
    return (period_s < WAIT_S ? period_s : WAIT_S) +
           (period_s > packet_s ? period_s - packet_s : 0);
}

/* A packet comes by itself every 55 ms and takes that long to come. A period that is running says
 * only that no more flows than that: no proof of an overload. */
static void moment(struct device *d, const struct uart_values *values) {
    struct slow_figures now;
    if (!protection_watches(d) || !uart_meter_figures(d, 1, &now))
        return;
    struct load_moment m = {.watts = values->running[METER_CAL_POWER] ? NAN : now.watts,
                            .amps = values->running[METER_CAL_CURRENT] ? NAN : now.amps,
                            .age_s = AGE_S,
                            .watts_age_s = watts_age_s(values)};
    uart_meter_tell(d, METER_CAL_POWER, &m, meter_now_us(d) / 1000, MOMENT_MS);
}

static const struct uart_meter_kind kind = {
    .driver = &cse7766_driver,
    .format = &cse7766_format,
    .decode = decode,
    .counter_mask = COUNTER,
    .pulse_uwh = pulse_uwh,
    .moment = moment,
    .least_amps = 0.05f,
};

static void start(struct device *d, const char *arguments) {
    uart_meter_start(d, &cse7766_driver, arguments, EVEN_PARITY);
}

static void uart(struct device *d, unsigned port, const uint8_t *data, size_t size) {
    uart_meter_feed(d, &kind, port, data, size);
}

static void second(struct device *d) {
    uart_meter_second(d, &kind);
}

/* OpenBeken's factor of the current belongs to another kind of chip; 1 fits the data sheet's 1
 * mOhm shunt. */
const struct meter_driver cse7766_driver = {
    .name = "CSE7766",
    .factor = {1.94034719f, 1, 1.88214409f},
    .start = start,
    .stop = uart_meter_stop,
    .second = second,
    .uart = uart,
    .raw = uart_meter_raw,
};
