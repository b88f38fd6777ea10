/* The mains in software: voltage and frequency with slow drift, ripple and brown-outs, what is
 * plugged in, the relay's contact, and the meter chip behind it. It moves in steps of at most 10
 * ms and tells edges and bytes at their exact times. The same seed gives the same run. What really
 * flowed is always known. */
#ifndef VIRTUAL_MAINS_H
#define VIRTUAL_MAINS_H
#include "virtual/mains/contact.h"
#include "virtual/mains/load.h"
#include "virtual/mains/pulse_chip.h"
#include "virtual/mains/supply.h"
#include "virtual/mains/uart_chip.h"

/* What really flows. */
struct truth {
    double volts, amps, watts, hz;
    double joules; /* through the meter since the start */
};

enum mains_meter { MAINS_NO_METER, MAINS_PULSE_METER, MAINS_UART_METER };

/* Where edges and bytes go; the time is that of the edge or byte. */
struct mains_outlet {
    void *context;
    void (*edge)(void *context, uint64_t now_us, bool is_cf);
    void (*byte)(void *context, uint64_t now_us, uint8_t byte);
};

struct mains {
    uint64_t seed, now_us;
    uint64_t start_us; /* when the load's time began */
    struct load_profile load;
    struct contact contact;
    bool always_on;      /* no relay, or one that stays as it is without power */
    bool powered;        /* the load had power in the last step */
    uint64_t powered_us; /* since when, on this step of the load */
    const struct load_step *step;
    struct truth truth;
    struct supply supply; /* of plug and meter chip */
    enum mains_meter meter;
    struct pulse_chip pulse;
    struct uart_chip uart;
    uint64_t shaped_us; /* voltage and frequency are renewed every 100 ms */
    double volts, hz;
};

/* A pulse chip that fits OpenBeken's factors, no load, relay closed. */
void mains_init(struct mains *m, uint64_t seed);
void mains_free(struct mains *m);
enum status mains_set_load(struct mains *m, const char *text, struct fault *fault);
/* Moves to `until_us`. */
void mains_run(struct mains *m, uint64_t until_us, const struct mains_outlet *out);
/* Voltage at a time: a pure function of seed, shape and time. */
double mains_volts(const struct mains_shape *shape, uint64_t seed, uint64_t now_us);
#endif
