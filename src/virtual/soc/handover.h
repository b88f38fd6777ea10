/* What stands in for a bootloader when the image has none. */
#ifndef VIRTUAL_SOC_HANDOVER_H
#define VIRTUAL_SOC_HANDOVER_H
#include "virtual/soc/board.h"

/* Puts exception vectors at address 0 of the flash view. */
void handover_install(struct board *b);
#endif
