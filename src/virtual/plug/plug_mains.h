/* The virtual plug's wiring to the mains: the relay's coil, the meter chip that its firmware
 * expects, and what the device says to that chip. A device that runs no meter driver reads an ideal
 * meter, once a second. */
#ifndef VIRTUAL_PLUG_MAINS_H
#define VIRTUAL_PLUG_MAINS_H
#include "virtual/plug/plug.h"

void plug_mains_wire(struct plug *plug);
void plug_mains_free(struct plug *plug);
/* Moves the chip's clock and the mains, with all edges and bytes on the way. */
void plug_mains_run(struct plug *plug, uint64_t until_us);
void plug_mains_second(struct plug *plug);
/* Is there an ideal meter that wants its second? */
bool plug_mains_ideal(const struct plug *plug);
#endif
