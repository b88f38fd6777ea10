/* RN8209C: asked register by register; an answer says nothing of which register it is, so one that
 * does not come in time is given up. A round of four registers makes one packet. Boards differ in
 * the parity of the line: as long as nothing is understood, the next one is tried. Factors are in
 * OpenBeken's units: per V, per mA, per kW.
 * Source: Renergy RN8209C user manual; openshwprojects/OpenBK7231T_App (drv_rn8209.c). */
#include "codec/meter/rn8209.h"

#include "device/device.h"
#include "device/meter/meter.h"

enum { ASK_MS = 60, ROUND = 4, PARITY_MS = 2500 };
static const uint8_t parities[] = {2, 1, 0}; /* even, odd, none */
#define FREQUENCY_CLOCK (3579545.0f / 8)

static const uint8_t registers[ROUND] = {RN8209_VOLTAGE, RN8209_CURRENT_A, RN8209_POWER_A,
                                         RN8209_FREQUENCY};

/* To the units of the factors: current in A per 1000, power in W by 1000. */
static const float scales[3] = {1, 1e-3f, 1e3f};

static const struct uart_meter_kind kind = {&rn8209_driver, NULL, NULL, 0, NULL};

static void command(struct device *d, uint8_t what) {
    uint8_t frame[3];
    uart_meter_send(d, frame, rn8209_command(what, frame));
}

static void set_up(struct device *d) {
    command(d, RN8209_UNLOCK);
    command(d, RN8209_CHANNEL_A);
    command(d, RN8209_LOCK);
}

static void start(struct device *d, const char *arguments) {
    uart_meter_start(d, &rn8209_driver, arguments, parities[0]);
    set_up(d);
}

/* Nothing came for so long, ever: perhaps the line has another parity. */
static void try_parity(struct device *d) {
    struct uart_meter *u = &d->metering.uart;
    if (u->count || d->now_ms - u->opened_ms < PARITY_MS)
        return;
    u->parity = (uint8_t)((u->parity + 1) % sizeof parities);
    uart_meter_reopen(d, parities[u->parity]);
    set_up(d);
}

/* The round that is being read stands in `told`'s place behind the last one. */
static void answer(struct device *d, int32_t value) {
    struct uart_meter *u = &d->metering.uart;
    struct uart_values *v = &u->gathering;
    if (u->turn < 3)
        v->raw[u->turn] = (float)value * scales[u->turn];
    else
        v->frequency = value > 0 ? FREQUENCY_CLOCK / (float)value : 0;
    u->turn++;
    if (u->turn == ROUND) {
        uart_meter_push(d, v);
        u->turn = 0;
    }
}

static void uart(struct device *d, unsigned port, const uint8_t *data, size_t size) {
    struct uart_meter *u = &d->metering.uart;
    size_t wanted = rn8209_size(registers[u->turn]) + 1;
    int32_t value;
    for (size_t i = 0; port == u->port && i < size; i++) {
        if (u->reply_size < sizeof u->reply)
            u->reply[u->reply_size++] = data[i];
        if (u->reply_size != wanted)
            continue;
        if (rn8209_decode(registers[u->turn], u->reply, wanted, &value)) {
            answer(d, value);
        } else {
            u->bad++;
            u->turn = 0; /* the whole round anew */
        }
        wanted = UINT8_MAX; /* more than was asked for is noise */
    }
}

static uint32_t tick(struct device *d) {
    struct uart_meter *u = &d->metering.uart;
    uint64_t gone = d->now_ms - u->asked_ms;
    if (gone < ASK_MS)
        return (uint32_t)(ASK_MS - gone);
    try_parity(d);
    u->asked_ms = d->now_ms;
    u->reply_size = 0;
    uart_meter_send(d, &registers[u->turn], 1);
    return ASK_MS;
}

static void second(struct device *d) {
    uart_meter_second(d, &kind);
}

const struct meter_driver rn8209_driver = {
    .name = "RN8209",
    .divides = true,
    .factor = {8810, 57, 71572720},
    .start = start,
    .stop = uart_meter_stop,
    .second = second,
    .tick = tick,
    .uart = uart,
    .raw = uart_meter_raw,
    .now = uart_meter_now,
};
