/* Holding a button until the plug shows that it wants to be paired: most stock firmware takes a
 * press of 3 to 10 seconds for it, forgets its network, restarts, and blinks an LED. In a copy of
 * the machine the button is held until a pin blinks; it is let go when the chip restarts or after
 * the longest time that firmware asks for. The trial ends when a pin has blinked three times, and
 * in any case after HOLD_MOST_US + AFTER_US of guest time. */
#include "virtual/soc/copies.h"
#include "virtual/soc/report.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    HOLD_MOST_US = 10500000,
    AFTER_US = 9000000, /* from the release on: restart, scan, blink */
    SLICE_US = 20000,
    HELD_AT_ONCE = 4, /* buttons of one request */
    EDGES = 6,        /* of three periods */
    SHORTEST_US = 40000,
    LONGEST_US = 850000, /* between two edges; a meter's SEL changes once a second */
    LINES = SOC_PINS + SOC_PWMS,
};

/* Edges of one pin, or of one PWM channel between dark and not. */
struct line {
    bool on;
    int edges; /* even ones in a row */
    uint64_t last_us, gap_us;
};

struct hold {
    struct line line[LINES];
    uint64_t began_us, let_go_us; /* 0: held still */
    unsigned resets;
    bool blinks;
};

static void edge(struct hold *h, int index, uint64_t us) {
    struct line *l = &h->line[index];
    uint64_t gap = us - l->last_us;
    bool usual = gap >= SHORTEST_US && gap <= LONGEST_US;
    bool even = usual && l->edges && gap * 4 > l->gap_us * 3 && gap * 3 < l->gap_us * 4;
    l->edges = even ? l->edges + 1 : usual;
    l->gap_us = gap;
    l->last_us = us;
    h->blinks |= l->edges >= EDGES;
}

static void level(struct hold *h, int index, bool on, uint64_t us) {
    if (on != h->line[index].on)
        edge(h, index, us);
    h->line[index].on = on;
}

void hold_pin(struct hold *h, uint64_t us, int pin, uint32_t word) {
    bool output = !(word & 0x48); /* neither second function nor output disabled */
    if (output)
        level(h, pin, word >> 1 & 1, us);
}

void hold_pwm(struct hold *h, uint64_t us, int channel, uint32_t duty) {
    level(h, SOC_PINS + channel, duty > 0, us);
}

static void let_go(struct session *s, struct hold *h, int pin) {
    board_pin_drive(s->board, pin, -1);
    h->let_go_us = board_us(s->board);
}

static bool over(const struct session *s, const struct hold *h) {
    return h->blinks || (h->let_go_us && board_us(s->board) - h->let_go_us >= AFTER_US);
}

static void tell(const struct session *s, const struct hold *h) {
    uint64_t held = (h->let_go_us ? h->let_go_us : board_us(s->board)) - h->began_us;
    for (int i = 0; i < LINES; i++)
        if (h->line[i].edges >= EDGES)
            report_line("blinks %" PRIu64 " %d %" PRIu64 " %" PRIu64, board_us(s->board), i,
                        h->line[i].gap_us, held);
}

static void try_hold(struct session *s, int pin) {
    struct board *b = s->board;
    static struct hold h; /* of this copy */
    h = (struct hold){.began_us = board_us(b), .resets = b->resets};
    for (int i = 0; i < SOC_PINS; i++)
        h.line[i].on = b->pin[i].word >> 1 & 1;
    report_line("hold %" PRIu64 " %d", board_us(b), pin);
    s->hold = &h;
    s->quiet = true;
    board_pin_drive(b, pin, !board_pin_level(b, pin));
    while (!over(s, &h) && !board_run(b, b->now + (uint64_t)SLICE_US * b->ticks_per_us)) {
        bool enough = board_us(b) - h.began_us >= HOLD_MOST_US || b->resets > h.resets;
        if (enough && !h.let_go_us)
            let_go(s, &h, pin);
    }
    tell(s, &h);
}

/* "hold PIN PIN ..." */
static void obey(struct session *s, const char *line) {
    struct trial trials[HELD_AT_ONCE];
    int count = 0;
    char *end;
    for (const char *at = line + strlen("hold"); count < HELD_AT_ONCE; at = end) {
        long pin = strtol(at, &end, 10);
        if (end == at)
            break;
        if (pin >= 0 && pin < SOC_PINS)
            trials[count++] = (struct trial){try_hold, (int)pin};
    }
    copies_run(s, trials, count);
}

void session_holds(struct session *s) {
    char line[64];
    for (;;) {
        report_line("rest %" PRIu64, board_us(s->board));
        report_flush();
        if (!fgets(line, sizeof line, stdin) || strncmp(line, "hold ", 5) != 0)
            return;
        obey(s, line);
    }
}
