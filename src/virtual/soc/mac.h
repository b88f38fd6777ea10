/* The Wi-Fi MAC's two register pages, at offsets 0 and 0x8000 from 0xC0000000. */
#ifndef VIRTUAL_SOC_MAC_H
#define VIRTUAL_SOC_MAC_H
#include "virtual/soc/board.h"

#include <string.h>

uint32_t mac_read(struct board *b, uint32_t offset);
void mac_write(struct board *b, uint32_t offset, uint32_t value);
#endif
