/* Finds out which adapter lines reset the chip, by pulling them: a chip that was reset is back at
 * 115200, one that was not still listens at the other rate. It is linked before and after. */
#ifndef WORKBENCH_ENGINE_RESET_SEARCH_H
#define WORKBENCH_ENGINE_RESET_SEARCH_H
#include "workbench/engine/rate.h"

struct reset_search {
    struct line *line;
    const char *wiring; /* "RTS"; NULL: none does */
    /* within */
    struct step (*then)(struct reset_search *r, enum status last);
    unsigned at;
    uint32_t first_baud, before; /* when it began, before this pulse */
    struct ear ear;
    struct pulse pulse;
    struct flood flood;
    struct settling settling;
    struct rate rate;
    struct linkup linkup;
};
struct machine reset_search_machine(struct reset_search *r);
#endif
