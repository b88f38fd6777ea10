/* Trials in copies of the whole process: a copy runs the guest on from where it stands, and nothing
 * that happens in it is felt by the others. As many run at once as there are processors; what they
 * report is told in the order of the list, so that the output does not depend on how many. */
#ifndef VIRTUAL_SOC_COPIES_H
#define VIRTUAL_SOC_COPIES_H
#include "virtual/soc/session.h"

struct trial {
    void (*run)(struct session *s, int pin);
    int pin;
};

/* Runs them all. A copy that dies leaves what it had reported. */
void copies_run(struct session *s, const struct trial *trials, int count);
#endif
