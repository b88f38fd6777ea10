/* Finding pins by trying: when the guest has come to rest, every input is pulled to its other level
 * for a moment in a copy of the machine, and what moves is told. The first trial presses nothing;
 * what moves there moves by itself. Stock firmware waits for a second click, so it acts up to 400
 * ms after the release. */
#include "virtual/soc/copies.h"
#include "virtual/soc/report.h"

#include <inttypes.h>

enum {
    PRESS_MS = 300,
    SETTLE_MS = 700,
    INPUT_MASK = 0x4C, /* second function, output disable, input enable */
    INPUT = 0x0C,
    EXPERIMENT_CONTROL = SOC_PINS, /* instead of a pin: nothing is pressed */
    EXPERIMENT_PULSES = SOC_PINS + 1,
};

static bool is_input(const struct session *s, int pin) {
    return (s->board->pin[pin].word & INPUT_MASK) == INPUT;
}

static void run_ms(struct session *s, uint64_t ms) {
    board_run(s->board, s->board->now + ms * 1000 * s->board->ticks_per_us);
}

static void try_pin(struct session *s, int pin) {
    struct board *b = s->board;
    bool control = pin == EXPERIMENT_CONTROL;
    int rest = control ? 0 : board_pin_level(b, pin);
    report_line("press %" PRIu64 " %d %d %d", board_us(b), pin, rest, !rest);
    s->quiet = true;
    if (!control)
        board_pin_drive(b, pin, !rest);
    run_ms(s, PRESS_MS);
    if (!control)
        board_pin_drive(b, pin, -1);
    run_ms(s, SETTLE_MS);
}

static void try_pulses(struct session *s, int pin) {
    report_line("press %" PRIu64 " %d 0 0", board_us(s->board), EXPERIMENT_PULSES);
    s->quiet = true;
    pulses_try(s, pin);
}

void session_experiment(struct session *s) {
    struct trial trials[1 + 2 * SOC_PINS] = {{try_pin, EXPERIMENT_CONTROL}};
    int count = 1;
    for (int pin = 0; pin < SOC_PINS; pin++)
        if (is_input(s, pin)) {
            trials[count++] = (struct trial){try_pin, pin};
            if (board_pin_listens(s->board, pin))
                trials[count++] = (struct trial){try_pulses, pin};
        }
    copies_run(s, trials, count);
}
