/* The flash functions that the virtual chip gives its device. */
#ifndef PORT_VIRTUAL_FLASH_H
#define PORT_VIRTUAL_FLASH_H
#include "port/virtual/virtual_chip.h"

bool virtual_flash_read(void *context, uint32_t offset, void *data, size_t size);
bool virtual_flash_program(void *context, uint32_t offset, const void *data, size_t size);
bool virtual_flash_erase(void *context, uint32_t offset);
#endif
