/* Giving up rights before guest code runs. */
#ifndef VIRTUAL_SOC_SANDBOX_H
#define VIRTUAL_SOC_SANDBOX_H
#include <stdbool.h>

/* Limits memory, processor time and files, then allows only the system calls that the emulator
 * needs from here on (memory, writing to what is already open, forking for experiments). Any
 * other call ends the process. False when the kernel refuses. */
bool sandbox_enter(void);
#endif
