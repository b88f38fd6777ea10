/* A Linux board as the plug's chip: GPIO lines through libgpiod, serial ports through termios,
 * flash as a file, the kernel's time. Edges carry the kernel's time stamp, so that pulses are
 * measured exactly however late this program is scheduled. Lines work where libgpiod was there at
 * build. */
#ifndef PORT_POSIX_BOARD_H
#define PORT_POSIX_BOARD_H
#include "device/device.h"

enum { BOARD_UARTS = 2 };

struct posix_board;
struct posix_board_options {
    const char *gpio;               /* "/dev/gpiochip0"; NULL: no GPIO */
    const char *uarts[BOARD_UARTS]; /* "/dev/ttyS1"; NULL: none */
    const char *flash;              /* file of 2 MiB, made when missing */
};

/* Fills the hal but for the stream functions, which are posix_net's. NULL with a reason in `why`.
 */
struct posix_board *posix_board_open(const struct posix_board_options *options, struct hal *hal,
                                     char *why, size_t size);
void posix_board_close(struct posix_board *board);
/* Hands on what has happened on lines and ports since the last call; never waits. */
void posix_board_deliver(struct posix_board *board, struct device *d);
/* The device asked for a restart; asked once, it is forgotten. */
bool posix_board_restart_asked(struct posix_board *board);
#endif
