/* Time steps of the mains; see mains.h. */
#include "virtual/mains/mains.h"

#include "virtual/random.h"

#include <math.h>

enum { STEP_US = 10000, SHAPE_US = 100000 };
#define PI                 3.14159265358979323846
#define OPENBEKEN_W_PER_HZ 1.5
#define OPENBEKEN_A_PER_HZ 0.0118577075
#define OPENBEKEN_V_PER_HZ 0.13253012048

static const struct mains_shape quiet = {230, 50, 0, 0, 0};

void mains_init(struct mains *m, uint64_t seed) {
    static const struct pulse_parts parts = {.shunt_mohm = 1, .divider = 1651};
    *m = (struct mains){.seed = seed, .contact.coil = true, .volts = quiet.volts, .hz = quiet.hz};
    pulse_chip_init(&m->pulse, &parts, seed);
    pulse_chip_factors(&m->pulse, OPENBEKEN_W_PER_HZ, OPENBEKEN_A_PER_HZ, OPENBEKEN_V_PER_HZ);
    uart_chip_init(&m->uart, UART_BL0942, seed);
}

void mains_free(struct mains *m) {
    load_free(&m->load);
}

enum status mains_set_load(struct mains *m, const char *text, struct fault *fault) {
    struct load_profile read = {.steps = 0};
    enum status status = load_parse(&read, text, fault);
    if (status != STATUS_OK) {
        load_free(&read);
        return status;
    }
    load_free(&m->load);
    m->load = read;
    m->step = NULL;
    m->powered_us = m->start_us = m->now_us;
    return STATUS_OK;
}

/* A number between 0 and 1 that belongs to one stretch of time. */
static double drawn(uint64_t seed, uint64_t stretch) {
    uint64_t state = seed ^ stretch * 0xD1342543DE82EF95u;
    return (double)(random_next(&state) >> 11) * 0x1p-53;
}

/* In each minute a brown-out may begin: to 30 … 70 % for 0.2 … 2 s. */
static double brownout(const struct mains_shape *shape, uint64_t seed, double seconds) {
    uint64_t minute = (uint64_t)(seconds / 60);
    if (drawn(seed + 1, minute) >= (double)shape->brownouts / 60)
        return 1;
    double begin = 58 * drawn(seed + 2, minute), lasts = 0.2 + 1.8 * drawn(seed + 3, minute);
    double at = seconds - 60 * (double)minute - begin;
    return at >= 0 && at < lasts ? 0.3 + 0.4 * drawn(seed + 4, minute) : 1;
}

double mains_volts(const struct mains_shape *shape, uint64_t seed, uint64_t now_us) {
    double s = (double)now_us * 1e-6, phase = 2 * PI * drawn(seed, 0);
    double volts = (double)shape->volts;
    if (shape->drift_v > 0)
        volts += (double)shape->drift_v *
                 (0.6 * sin(2 * PI * s / 1800 + phase) + 0.4 * sin(2 * PI * s / 437 + 2 * phase));
    if (shape->ripple_v > 0)
        volts += (double)shape->ripple_v * (2 * drawn(seed, now_us / SHAPE_US) - 1);
    if (shape->brownouts > 0)
        volts *= brownout(shape, seed, s);
    return volts;
}

static void renew_shape(struct mains *m) {
    const struct mains_shape *shape = m->step ? &m->step->mains : &quiet;
    m->volts = mains_volts(shape, m->seed, m->now_us);
    m->hz = (double)shape->hz + 0.02 * sin((double)m->now_us * 1e-6 / 30);
    m->shaped_us = m->now_us;
}

/* What flows at this moment. */
static void renew_truth(struct mains *m) {
    const struct load_step *step = load_step_at(&m->load, m->now_us - m->start_us);
    bool closed = contact_closed(&m->contact, m->now_us);
    if (step != m->step || closed != m->powered)
        m->powered_us = m->now_us;
    if (step != m->step || m->now_us - m->shaped_us >= SHAPE_US) {
        m->step = step;
        renew_shape(m);
    }
    m->powered = closed;
    struct truth *t = &m->truth;
    const struct load_row *row = load_row_at(&m->load, m->now_us - m->start_us);
    t->volts = row ? (double)row->volts : m->volts;
    supply_follow(&m->supply, t->volts, m->now_us);
    t->hz = m->hz;
    t->watts = t->amps = 0;
    if (closed && row) {
        t->watts = (double)row->watts;
        t->amps = (double)row->amps;
    } else if (closed && step) {
        load_draw(&m->load, step, t->volts, (double)(m->now_us - m->powered_us) * 1e-6, &t->watts,
                  &t->amps);
    }
}

static uint64_t next_step(const struct mains *m, uint64_t until_us) {
    uint64_t end = (m->now_us / STEP_US + 1) * STEP_US;
    uint64_t contact = contact_next_us(&m->contact, m->now_us);
    end = contact < end ? contact : end;
    return until_us < end ? until_us : end;
}

static void run_pulses(struct mains *m, uint64_t end_us, const struct mains_outlet *out) {
    double now = (double)m->now_us * 1e-6, end = (double)end_us * 1e-6;
    bool is_cf;
    pulse_chip_feed(&m->pulse, m->truth.volts, m->truth.amps, m->truth.watts, now);
    while (pulse_chip_next(&m->pulse, &now, end, &is_cf))
        out->edge(out->context, (uint64_t)(now * 1e6), is_cf);
}

static void run_uart(struct mains *m, uint64_t end_us, const struct mains_outlet *out) {
    uint8_t byte;
    uint64_t at;
    uart_chip_feed(&m->uart, m->truth.volts, m->truth.amps, m->truth.watts, m->truth.hz,
                   (double)(end_us - m->now_us) * 1e-6);
    uart_chip_run(&m->uart, end_us);
    while (uart_chip_byte(&m->uart, end_us, &byte, &at))
        out->byte(out->context, at, byte);
}

void mains_run(struct mains *m, uint64_t until_us, const struct mains_outlet *out) {
    while (m->now_us < until_us) {
        renew_truth(m);
        uint64_t end = next_step(m, until_us);
        if (m->supply.off) {
            if (m->contact.coil) /* the relay falls off */
                contact_coil(&m->contact, m->always_on, m->now_us);
        } else if (m->meter == MAINS_PULSE_METER)
            run_pulses(m, end, out);
        else if (m->meter == MAINS_UART_METER)
            run_uart(m, end, out);
        m->truth.joules += m->truth.watts * (double)(end - m->now_us) * 1e-6;
        m->now_us = end;
    }
}
