/* The contact of a relay: it follows its coil some milliseconds late, and bounces when it closes.
 */
#ifndef VIRTUAL_CONTACT_H
#define VIRTUAL_CONTACT_H
#include <stdbool.h>
#include <stdint.h>

enum {
    CONTACT_CLOSES_US = 8000,
    CONTACT_OPENS_US = 4000,
    CONTACT_BOUNCE_US = 700,
    CONTACT_BOUNCES = 3, /* times it opens again */
};

struct contact {
    bool coil;
    uint64_t coil_us; /* when the coil changed */
    uint64_t operations;
};

/* The coil is on or off from now on. */
void contact_coil(struct contact *c, bool on, uint64_t now_us);
bool contact_closed(const struct contact *c, uint64_t now_us);
/* When it changes next; UINT64_MAX: not without the coil. */
uint64_t contact_next_us(const struct contact *c, uint64_t now_us);
#endif
