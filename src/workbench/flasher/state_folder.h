/* Where the workbench remembers things between runs: $XDG_STATE_HOME/plugsmith, or
 * ~/.local/state/plugsmith. Losing it loses nothing but time. */
#ifndef WORKBENCH_FLASHER_STATE_FOLDER_H
#define WORKBENCH_FLASHER_STATE_FOLDER_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Path of a file in it; creates the folder. False when there is no place. */
bool state_path(const char *name, char *path, size_t size);
/* The best rate an adapter was proven at, 0 when it was never met. */
uint32_t rates_recall(const char *adapter);
void rates_remember(const char *adapter, uint32_t baud);
#endif
