/* The address map: what stands where in the CPU's 4 GiB, and which register window answers. */
#ifndef VIRTUAL_SOC_BUS_H
#define VIRTUAL_SOC_BUS_H
#include "virtual/soc/board.h"

enum status bus_map(struct board *b);
/* RAM starts as data only, which makes stores fast; this maps it again with the right to execute.
 * False when it had that right already. */
bool bus_let_ram_execute(struct board *b);
#endif
