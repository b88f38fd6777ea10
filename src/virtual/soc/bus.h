/* The address map: what stands where in the CPU's 4 GiB, and which register window answers. */
#ifndef VIRTUAL_SOC_BUS_H
#define VIRTUAL_SOC_BUS_H
#include "virtual/soc/board.h"

enum status bus_map(struct board *b);
#endif
