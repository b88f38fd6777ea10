/* Flash as the CPU sees it: the 2 CRC bytes after every 32 removed and the rest decrypted. */
#ifndef VIRTUAL_SOC_FLASH_VIEW_H
#define VIRTUAL_SOC_FLASH_VIEW_H
#include "virtual/soc/board.h"

enum status flash_view_build(struct board *b);
/* Renews the view of the physical range that was programmed or erased. */
void flash_view_refresh(struct board *b, uint32_t offset, uint32_t size);
#endif
