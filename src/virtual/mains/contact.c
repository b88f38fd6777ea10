/* Delay and bounce; see contact.h. */
#include "virtual/mains/contact.h"

void contact_coil(struct contact *c, bool on, uint64_t now_us) {
    if (c->coil == on)
        return;
    c->coil = on;
    c->coil_us = now_us;
    c->operations++;
}

bool contact_closed(const struct contact *c, uint64_t now_us) {
    if (!c->operations)
        return c->coil;
    uint64_t since = now_us - c->coil_us;
    if (!c->coil)
        return since < CONTACT_OPENS_US;
    if (since < CONTACT_CLOSES_US)
        return false;
    uint64_t phase = (since - CONTACT_CLOSES_US) / CONTACT_BOUNCE_US;
    return phase >= 2 * CONTACT_BOUNCES || phase % 2 == 0;
}

uint64_t contact_next_us(const struct contact *c, uint64_t now_us) {
    uint64_t since = now_us - c->coil_us;
    if (!c->operations)
        return UINT64_MAX;
    if (!c->coil)
        return since < CONTACT_OPENS_US ? c->coil_us + CONTACT_OPENS_US : UINT64_MAX;
    if (since < CONTACT_CLOSES_US)
        return c->coil_us + CONTACT_CLOSES_US;
    uint64_t phase = (since - CONTACT_CLOSES_US) / CONTACT_BOUNCE_US + 1;
    return phase <= 2 * CONTACT_BOUNCES ? c->coil_us + CONTACT_CLOSES_US + phase * CONTACT_BOUNCE_US
                                        : UINT64_MAX;
}
