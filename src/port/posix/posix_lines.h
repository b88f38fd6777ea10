/* GPIO lines of a Linux board; see posix_board.h. */
#ifndef PORT_POSIX_LINES_H
#define PORT_POSIX_LINES_H
#include "device/device.h"

struct posix_lines;
/* NULL when the chip is not there or libgpiod was not there at build. */
struct posix_lines *posix_lines_open(const char *chip);
void posix_lines_close(struct posix_lines *lines);
unsigned posix_lines_count(const struct posix_lines *lines);
void posix_lines_mode(struct posix_lines *lines, unsigned pin, enum hal_pin_mode mode);
void posix_lines_write(struct posix_lines *lines, unsigned pin, bool level);
bool posix_lines_read(const struct posix_lines *lines, unsigned pin);
/* The next edge, with the time of the kernel's monotonic clock; false: none. */
bool posix_lines_edge(struct posix_lines *lines, unsigned *pin, bool *level, uint64_t *at_us);
#endif
