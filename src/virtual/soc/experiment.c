/* Finding pins by trying: when the guest has come to rest, every input is pulled to its other level
 * for half a second in a copy of the whole process, and what moves is told. Copies make the trials
 * independent of each other: no press can confuse the next one. */
#include "virtual/soc/report.h"
#include "virtual/soc/session.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    PRESS_MS = 300,
    SETTLE_MS = 300,
    INPUT_MASK = 0x4C, /* second function, output disable, input enable */
    INPUT = 0x0C,
    PULL = 0x20,
};

static bool is_input(const struct session *s, int pin) {
    return (s->board->pin[pin].word & INPUT_MASK) == INPUT;
}

static void run_ms(struct session *s, uint64_t ms) {
    board_run(s->board, s->board->now + ms * 1000 * s->board->ticks_per_us);
}

static void try_pin(struct session *s, int pin) {
    struct board *b = s->board;
    int rest = board_pin_level(b, pin);
    report_line("press %" PRIu64 " %d %d %d", board_us(b), pin, rest, !rest);
    s->quiet = true;
    board_pin_drive(b, pin, !rest);
    run_ms(s, PRESS_MS);
    board_pin_drive(b, pin, -1);
    run_ms(s, SETTLE_MS);
}

void session_experiment(struct session *s) {
    for (int pin = 0; pin < SOC_PINS; pin++) {
        if (!is_input(s, pin))
            continue;
        fflush(stdout);
        pid_t child = fork();
        if (child == 0) {
            try_pin(s, pin);
            fflush(stdout);
            _exit(0);
        }
        if (child > 0)
            waitpid(child, NULL, 0);
    }
}
