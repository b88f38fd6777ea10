/* A tty or pty through termios2, which takes any baud rate, not only those that have a name. Ptys
 * have no modem lines and no rate: that is noted, not an error. */
#include "workbench/link/link.h"

#include "workbench/link/ports.h"
#include "workbench/link/system.h"

#include <asm/termbits.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/serial.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static enum status tty_set_baud(struct link *link, uint32_t baud) {
    struct termios2 t;
    if (link_system->ioctl(link->fd, TCGETS2, &t) != 0)
        return link_fail_errno(link, link->name, errno);
    t.c_cflag = (t.c_cflag & ~(tcflag_t)(CBAUD | CBAUD << 16)) | BOTHER;
    t.c_ispeed = t.c_ospeed = baud;
    if (link_system->ioctl(link->fd, TCSETS2, &t) != 0)
        return link_fail(link, STATUS_UNSUPPORTED, "%s: the adapter does not do %u baud",
                         link->name, (unsigned)baud);
    return STATUS_OK;
}

static enum status tty_set_lines(struct link *link, bool dtr, bool rts) {
    int on = (dtr ? TIOCM_DTR : 0) | (rts ? TIOCM_RTS : 0);
    int off = (TIOCM_DTR | TIOCM_RTS) & ~on;
    if ((on && link_system->ioctl(link->fd, TIOCMBIS, &on) != 0) ||
        (off && link_system->ioctl(link->fd, TIOCMBIC, &off) != 0))
        return link_fail(link, STATUS_UNSUPPORTED, "%s: no modem lines", link->name);
    return STATUS_OK;
}

static enum status tty_drain(struct link *link) {
    int result;
    while ((result = link_system->ioctl(link->fd, TCSBRK, (void *)1)) != 0 && errno == EINTR)
        ;
    return result == 0 ? STATUS_OK : link_fail_errno(link, link->name, errno);
}

static void tty_close(struct link *link) {
    if (link->fd >= 0)
        close(link->fd);
    link->fd = -1;
}

static const struct link_ops tty_ops = {
    .write = link_fd_write,
    .read = link_fd_read,
    .set_baud = tty_set_baud,
    .set_lines = tty_set_lines,
    .drain = tty_drain,
    .now_us = link_clock_us,
    .sleep_until = link_clock_sleep,
    .close = tty_close,
};

/* 8N1, raw, no flow control, 115200. */
static bool tty_configure(struct link *link) {
    struct termios2 t;
    if (link_system->ioctl(link->fd, TCGETS2, &t) != 0)
        return false;
    t.c_iflag = IGNBRK;
    t.c_oflag = 0;
    t.c_lflag = 0;
    t.c_cflag = CS8 | CREAD | CLOCAL | BOTHER;
    t.c_ispeed = t.c_ospeed = 115200;
    memset(t.c_cc, 0, sizeof t.c_cc);
    t.c_cc[VMIN] = 1;
    return link_system->ioctl(link->fd, TCSETS2, &t) == 0;
}

/* FTDI adapters hold short answers back for 16 ms unless asked not to; others do not know this. */
static void ask_low_latency(int fd) {
    struct serial_struct serial;
    if (link_system->ioctl(fd, TIOCGSERIAL, &serial) == 0) {
        serial.flags = (int)((unsigned)serial.flags | ASYNC_LOW_LATENCY);
        link_system->ioctl(fd, TIOCSSERIAL, &serial);
    }
}

bool link_tty_open(struct link *link, const char *path) {
    link->fd = link_system->open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (link->fd < 0 || !tty_configure(link) || link_system->ioctl(link->fd, TIOCEXCL, NULL) != 0) {
        link_fail_errno(link, path, errno);
        tty_close(link);
        return false;
    }
    link->ops = &tty_ops;
    link->has_lines = link_set_lines(link, false, false) == STATUS_OK;
    link->has_baud = link->has_lines; /* a pty takes any rate and has none */
    ask_low_latency(link->fd);
    link_system->ioctl(link->fd, TCFLSH, (void *)TCIOFLUSH);
    ports_adapter_name(path, link->adapter, sizeof link->adapter);
    return true;
}
