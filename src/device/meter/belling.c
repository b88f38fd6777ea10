/* BL0942 and BL0940: answer with a whole packet when they are asked; the BL0942 also tells the
 * mains' frequency. Boards with the current transformer the other way round read negative power: it
 * counts by its magnitude, unless flag 25 asks for signs. While protection watches the load, the
 * register of the fast current is read between the packets.
 * Source: Belling BL0942 and BL0940 datasheets; openshwprojects/OpenBK7231T_App (drv_bl0942.c);
 * arendst/Tasmota (xnrg_14_bl09xx). */
#include "codec/meter/bl0940.h"
#include "codec/meter/bl0942.h"
#include "device/device.h"
#include "device/meter/meter.h"

#include <math.h>

enum { COUNTER = 0xFFFFFF, NO_PARITY = 0 };
enum {
    REGISTER_MS = 40,  /* between two questions for the fast current */
    MOMENT_MS = 100,   /* that one of its readings stands for, at most */
    TURNAROUND_MS = 6, /* until the chip answers, and a frame of this program */
    BITS = 10,         /* of a byte on the line */
};
#define MATTERS    0.1f   /* of the limit: loads whose power factor is learnt */
#define FAST_AGE_S 0.025f /* half a cycle, and the way of the answer */
/* J of a pulse of the chip's counter, for one raw unit per W. */
#define PULSE_J (1638.4 * 256)

/* What differs from one chip to the other. */
struct belling {
    struct uart_meter_kind kind;
    uint8_t read, fast_register, packet; /* command; register; asks for a packet */
    bool paced;                          /* its registers can be told to be renewed more often */
};

static bool decode_bl0942(const uint8_t *packet, struct uart_values *out) {
    struct bl0942_packet p;
    bl0942_decode(packet, &p);
    *out = (struct uart_values){
        .raw = {(float)p.voltage, (float)p.current, (float)p.power},
        .fast = (float)p.fast_current,
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
        .fast = (float)p.fast_current,
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

/* The fast current of a packet or of its register, as it was when it was asked for. */
static void look(struct device *d, float raw_fast) {
    struct uart_meter *u = &d->metering.uart;
    struct slow_figures slow;
    struct load_moment m = {.age_s = FAST_AGE_S};
    if (!protection_watches(d) || !uart_meter_figures(d, 3, &slow))
        return;
    float amps = meter_value(d, METER_CAL_CURRENT, fast_current_scaled(&u->fast, raw_fast));
    fast_current_moment(&u->fast, amps, &slow, &m);
    bool held = !protection_tripped(d);
    uart_meter_tell(d, METER_CAL_POWER, &m, u->asked_ms, MOMENT_MS);
    u->fast.seconds = m.estimated ? u->fast.seconds + m.seconds : 0;
    if (held && protection_tripped(d) && uart_meter_figures(d, 1, &slow)) {
        fast_current_tripped(&u->fast, m.estimated, &slow);
        fast_current_hindsight(&u->fast, &slow);
    }
}

static void moment(struct device *d, const struct uart_values *values) {
    struct slow_figures slow;
    if (uart_meter_figures(d, 1, &slow))
        fast_current_hindsight(&d->metering.uart.fast, &slow);
    if (!uart_meter_figures(d, 3, &slow))
        return;
    fast_current_learn(&d->metering.uart.fast, values->fast, &slow,
                       MATTERS * protection_least_amps(d, slow.volts));
    look(d, values->fast);
}

static const struct belling bl0942 = {
    .kind = {&bl0942_driver, &bl0942_format, decode_bl0942, COUNTER, pulse_uwh, moment, 0},
    .read = BL0942_READ,
    .fast_register = BL0942_FAST_CURRENT,
    .packet = BL0942_ALL,
    .paced = true,
};
static const struct belling bl0940 = {
    .kind = {&bl0940_driver, &bl0940_format, decode_bl0940, COUNTER, pulse_uwh, moment, 0},
    .read = BL0940_READ,
    .fast_register = BL0940_FAST_CURRENT,
    .packet = BL0940_ALL,
};

static const struct belling *chip_of(const struct device *d) {
    return d->metering.driver == &bl0942_driver ? &bl0942 : &bl0940;
}

static void set_mode(struct device *d, uint32_t mode) {
    uint8_t frame[BL0942_WRITE];
    uart_meter_send(d, frame, bl0942_write(BL0942_WRITE_PROTECT, BL0942_UNLOCK, frame));
    uart_meter_send(d, frame, bl0942_write(BL0942_MODE, mode, frame));
}

/* The BL0942 renews its figures every 800 ms, or, while protection watches the load, every 400. */
static void set_pace(struct device *d) {
    struct uart_meter *u = &d->metering.uart;
    bool quick = protection_watches(d);
    if (quick != u->quick)
        set_mode(d, quick ? BL0942_MODE_400MS : BL0942_MODE_800MS);
    u->quick = quick;
}

/* A packet every 250 ms; while protection watches the load, the fast current in between. */
static void ask(struct device *d) {
    const struct belling *chip = chip_of(d);
    struct uart_meter *u = &d->metering.uart;
    uint8_t frame[BELLING_ASK];
    u->by_register =
        protection_watches(d) && u->count && d->now_ms - u->packet_ms < UART_METER_ASK_MS;
    u->asked_ms = d->now_ms;
    u->reply_size = 0;
    meter_stream_reset(&u->stream); /* equal packets turned round would have a right sum, too */
    if (!u->by_register) {
        u->packet_ms = d->now_ms;
        if (chip->paced)
            set_pace(d);
    }
    uart_meter_send(
        d, frame,
        belling_ask(chip->read, u->by_register ? chip->fast_register : chip->packet, frame));
}

/* Until the next question: the line must be free. */
static uint32_t wait_ms(const struct device *d) {
    const struct uart_meter *u = &d->metering.uart;
    if (!protection_watches(d))
        return UART_METER_ASK_MS;
    uint32_t bytes = BELLING_ASK + (u->by_register ? BELLING_REPLY : chip_of(d)->kind.format->size);
    uint32_t line = bytes * BITS * 1000 / u->baud + TURNAROUND_MS;
    return line > REGISTER_MS ? line : REGISTER_MS;
}

static uint32_t tick(struct device *d) {
    uint64_t gone = d->now_ms - d->metering.uart.asked_ms;
    uint32_t wait = wait_ms(d);
    if (gone < wait)
        return (uint32_t)(wait - gone);
    ask(d);
    return wait_ms(d);
}

static void start_bl0942(struct device *d, const char *arguments) {
    uart_meter_start(d, &bl0942_driver, arguments, NO_PARITY);
    set_mode(d, BL0942_MODE_800MS);
    ask(d);
}

static void start_bl0940(struct device *d, const char *arguments) {
    uint8_t frame[BL0940_WRITE];
    uart_meter_start(d, &bl0940_driver, arguments, NO_PARITY);
    for (unsigned n = 0; n < BL0940_INIT_FRAMES; n++)
        uart_meter_send(d, frame, bl0940_init(n, frame));
    ask(d);
}

/* The answer to a question for one register. */
static void take_register(struct device *d, const uint8_t *data, size_t size) {
    const struct belling *chip = chip_of(d);
    struct uart_meter *u = &d->metering.uart;
    uint32_t raw;
    for (size_t i = 0; i < size && u->reply_size < BELLING_REPLY; i++) {
        u->reply[u->reply_size++] = data[i];
        if (u->reply_size < BELLING_REPLY)
            continue;
        if (belling_reply_decode(chip->read, chip->fast_register, u->reply, &raw))
            look(d, (float)raw);
        else
            u->bad++;
    }
}

static void uart(struct device *d, unsigned port, const uint8_t *data, size_t size) {
    if (port == d->metering.uart.port && d->metering.uart.by_register)
        take_register(d, data, size);
    else
        uart_meter_feed(d, &chip_of(d)->kind, port, data, size);
}

static void second(struct device *d) {
    uart_meter_second(d, &chip_of(d)->kind);
}

#define BELLING(chip)                                                                              \
    .name = (chip), .divides = true, .stop = uart_meter_stop, .second = second, .uart = uart,      \
    .raw = uart_meter_raw, .tick = tick

const struct meter_driver bl0942_driver = {
    BELLING("BL0942"),
    .factor = {15188, 251210, 598},
    .start = start_bl0942,
};
const struct meter_driver bl0940_driver = {
    BELLING("BL0940"),
    .factor = {33000, 275000, 1430},
    .start = start_bl0940,
};
