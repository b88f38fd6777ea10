/* A plug with a relay, a meter and limits behind modelled mains, and how long it takes until its
 * relay opens: for tests and the table of the bench. */
#ifndef TEST_PROTECTED_PLUG_H
#define TEST_PROTECTED_PLUG_H
#include "base/text.h"
#include "device/script/command.h"
#include "virtual/plug/plug.h"
#include "virtual/random.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const metering_chips[] = {"BL0937", "BL0942", "BL0940", "CSE7766", "RN8209"};
enum { METERING_CHIPS = sizeof metering_chips / sizeof *metering_chips };

/* NULL: out of memory. */
static inline struct plug *protected_plug(const char *driver, const char *limits) {
    enum { RELAY = 26, CF = 6, CF1 = 7, SEL = 8 };
    char start[32];
    struct plug *plug = malloc(sizeof *plug);
    if (!plug || !plug_init(plug, "BK7231N"))
        abort();
    struct device *d = &plug->device;
    board_set_role(d, RELAY, OBK_ROLE_RELAY);
    board_set_channel(d, RELAY, 1);
    board_set_role(d, CF, OBK_ROLE_BL0937CF);
    board_set_role(d, CF1, OBK_ROLE_BL0937CF1);
    board_set_role(d, SEL, OBK_ROLE_BL0937SEL);
    settings_save(d);
    snprintf(start, sizeof start, "startDriver %s", driver);
    command_run(d, start, 0);
    if (command_run(d, limits, 0) != COMMAND_OK)
        abort();
    channel_set(d, 1, 1, 0);
    return plug;
}

static inline void protected_plug_free(struct plug *plug) {
    plug_free(plug);
    free(plug);
}

static inline bool relay_closed(const struct plug *plug) {
    return plug->device.channels.value[1] != 0;
}

/* Milliseconds from `at_ms` until the relay opens; -1: it does not within ten seconds. */
static inline int trip_ms(struct plug *plug, uint64_t at_ms) {
    while (plug_now_ms(plug) < at_ms + 10000) {
        plug_frame(plug);
        if (!relay_closed(plug))
            return (int)(plug_now_ms(plug) - at_ms);
    }
    return -1;
}

/* An overload: what flows before it and in it, in the words of a load. */
struct overload {
    const char *limit, *before, *after;
};

/* Twice the limit and a little more in every way it can come about. */
static const struct overload overloads[] = {
    {"Protection power 1500", "900W", "3000W"},
    {"Protection power 300", "150W", "600W"},
    {"Protection power 140", "20W", "280W"},
    {"Protection power 100", "50W", "200W"},
    {"Protection power 3000", "off", "6000W"},
    {"Protection power 1000", "5W pf=0.5", "2000W"},
    {"Protection power 700", "600W pf=0.6", "1400W pf=0.6"},
    {"Protection current 8", "60W", "3680W"},
    {"Protection current 10", "off", "4600W"},
};
enum { OVERLOADS = sizeof overloads / sizeof *overloads };
/* The power alone does not tell: it stays below what the current limit allows. */
static const struct overload idle_current = {"Protection current 10", "200W pf=0.5",
                                             "2150W pf=0.45"};

/* When trips come: milliseconds; a trial that tripped before its overload, or not at all, is bad.
 */
struct trip_times {
    int worst, sum;
    unsigned trials, bad, late; /* late: after more than 300 ms */
};

/* `trials` overloads that begin at moments spread over the chip's refreshes and packets. */
static inline void trip_trials(const char *driver, const struct overload *o, unsigned trials,
                               struct trip_times *out) {
    enum { SETTLE_MS = 6000, SPREAD = 97 /* frames; no fraction of a refresh */ };
    struct plug *plug = protected_plug(driver, o->limit);
    uint64_t random = 1;
    for (unsigned i = 0; i < trials; i++) {
        char load[96];
        unsigned begins = SETTLE_MS + (unsigned)(random_next(&random) % SPREAD) * 10;
        snprintf(load, sizeof load, "0s %s; %ums %s", o->before, begins, o->after);
        uint64_t at = plug_now_ms(plug) + begins;
        plug_set_load(plug, load);
        plug_run_ms(plug, 1000);
        channel_set(&plug->device, 1, 1, 0);
        plug_run_ms(plug, begins - 1010);
        bool held = relay_closed(plug);
        int ms = held ? trip_ms(plug, at) : -1;
        out->trials++;
        out->bad += ms <= 0;
        out->sum += ms;
        out->late += ms > 300;
        out->worst = ms > out->worst ? ms : out->worst;
    }
    protected_plug_free(plug);
}

/* Starts of motors that run within both limits (3000 W, 16 A) and begin with three to eight times
 * as much; returns how many tripped, with the load of the last one. */
static inline unsigned motor_trips(const char *driver, unsigned starts, char load[64]) {
    uint32_t random = 1;
    unsigned trips = 0;
    struct plug *plug = protected_plug(driver, "Protection power 3000");
    command_run(&plug->device, "Protection current 16", 0);
    for (unsigned i = 0; i < starts; i++) {
        char next[64];
        random = random * 1664525U + 1013904223U;
        unsigned watts = 200 + random % 2500, inrush = 3 + (random >> 12) % 6;
        snprintf(next, sizeof next, "0s 40W; 1s motor %uW inrush=%u", watts, inrush);
        plug_set_load(plug, next);
        plug_run_ms(plug, 4000 + (random >> 20) % 100 * 10);
        if (relay_closed(plug))
            continue;
        trips++;
        memcpy(load, next, sizeof next);
        channel_set(&plug->device, 1, 1, 0);
    }
    protected_plug_free(plug);
    return trips;
}
#endif
