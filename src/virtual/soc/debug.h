/* What a debugger asks of the core: registers, memory, breakpoints, one step. */
#ifndef VIRTUAL_SOC_DEBUG_H
#define VIRTUAL_SOC_DEBUG_H
#include "virtual/soc/board.h"

#include <stddef.h>

enum { SOC_REGISTERS_COUNT = 17 }; /* r0 to r15, cpsr */

void debug_registers(struct board *b, uint32_t out[SOC_REGISTERS_COUNT]);
void debug_set_register(struct board *b, unsigned n, uint32_t value);
/* False when nothing is mapped there (and registers of peripherals are not read). */
bool debug_read(struct board *b, uint32_t address, uint8_t *out, size_t size);
bool debug_write(struct board *b, uint32_t address, const uint8_t *bytes, size_t size);
/* `width` of the instruction there: 4, or 2 for Thumb. False when there is no room or no memory. */
bool debug_break(struct board *b, uint32_t address, uint32_t width);
/* For core.c, at a breakpoint exception: is it one of ours? Then the board comes to a halt. */
bool debug_stops(struct board *b, uint32_t pc);
void debug_unbreak(struct board *b, uint32_t address);
/* One instruction; no interrupt is delivered meanwhile. */
void debug_step(struct board *b);
/* To be called before the guest goes on: the breakpoint it stands at does not hold it again. */
void debug_resume(struct board *b);
#endif
