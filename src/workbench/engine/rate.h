/* Changing the rate of the line without losing the chip: the chip switches at once and echoes the
 * command at the new rate, our end follows in between; then the rate is proven by questions. One
 * that does not work (TIMEOUT) leaves both ends at 115200, one that the adapter does not have
 * leaves them where they were. */
#ifndef WORKBENCH_ENGINE_RATE_H
#define WORKBENCH_ENGINE_RATE_H
#include "workbench/engine/linkup.h"

/* The change alone. TIMEOUT when no echo came, UNSUPPORTED when the adapter refused: then only the
 * chip has changed. */
struct rate_change {
    struct line *line;
    uint32_t baud;
    /* within */
    struct step (*then)(struct rate_change *c, uint64_t now_us, enum status last);
    uint8_t frame[16];
    size_t size;
    struct beken_uart uart;
    uint64_t until_us;
    bool echoed;
};
struct machine rate_change_machine(struct rate_change *c);

/* Change, proof, and the way back. */
struct rate {
    struct line *line;
    uint32_t baud;
    /* within */
    struct step (*then)(struct rate *r, enum status last);
    int proofs, returns;
    bool refused; /* by the adapter */
    struct calm calm;
    struct rate_change change;
    struct inquiry check;
    struct linkup linkup;
};
struct machine rate_machine(struct rate *r);
#endif
