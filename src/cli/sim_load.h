/* Truth beside reading: what really flows behind the relay of a virtual plug, and what its meter
 * makes of it. */
#ifndef CLI_SIM_LOAD_H
#define CLI_SIM_LOAD_H
#include "virtual/plug/plug.h"

/* A meter for a plug that has none: BL0937 at P6, P7 and P8. */
void sim_load_meter(struct plug *plug);
/* Plugs in what `text` describes, or the file of that name. False with one line in `why`. */
bool sim_load(struct plug *plug, const char *text, char *why, size_t why_size);
/* Runs `seconds` of virtual time and prints a table. */
void sim_load_table(struct plug *plug, uint64_t seconds);
#endif
