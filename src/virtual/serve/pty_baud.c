/* The rate set at a pty, any number included: that needs the kernel's own termios structure, whose
 * header cannot live beside <termios.h>. */
#include <asm/termbits.h>
#include <sys/ioctl.h>

#include "virtual/serve/endpoint.h"

uint32_t pty_baud(int fd) {
    struct termios2 settings;
    if (ioctl(fd, TCGETS2, &settings) != 0)
        return 0;
    return settings.c_ospeed;
}
