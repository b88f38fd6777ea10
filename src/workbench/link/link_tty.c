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

static int tty_ioctl(int fd, unsigned long request, void *argument) {
    int result;
    while ((result = link_system->ioctl(fd, request, argument)) != 0 && errno == EINTR)
        ;
    return result;
}

/* What a driver says about a rate or line that it does not have, ptys among them. */
static bool means_unsupported(int number) {
    return number == EINVAL || number == ENOTTY || number == ENOSYS || number == EOPNOTSUPP ||
           number == ERANGE;
}

static enum status tty_set_baud(struct link *link, uint32_t baud) {
    struct termios2 t;
    if (tty_ioctl(link->fd, TCGETS2, &t) != 0)
        return link_fail_errno(link, link->name, errno);
    t.c_cflag = (t.c_cflag & ~(tcflag_t)(CBAUD | CBAUD << 16)) | BOTHER;
    t.c_ispeed = t.c_ospeed = baud;
    if (tty_ioctl(link->fd, TCSETS2, &t) == 0)
        return STATUS_OK;
    if (!means_unsupported(errno))
        return link_fail_errno(link, link->name, errno);
    return link_fail(link, STATUS_UNSUPPORTED, "%s: the adapter does not do %u baud", link->name,
                     (unsigned)baud);
}

static enum status tty_set_lines(struct link *link, bool dtr, bool rts) {
    int on = (dtr ? TIOCM_DTR : 0) | (rts ? TIOCM_RTS : 0);
    int off = (TIOCM_DTR | TIOCM_RTS) & ~on;
    if ((!on || tty_ioctl(link->fd, TIOCMBIS, &on) == 0) &&
        (!off || tty_ioctl(link->fd, TIOCMBIC, &off) == 0))
        return STATUS_OK;
    if (!means_unsupported(errno))
        return link_fail_errno(link, link->name, errno);
    return link_fail(link, STATUS_UNSUPPORTED, "%s: no modem lines", link->name);
}

static enum status tty_drain(struct link *link) {
    return tty_ioctl(link->fd, TCSBRK, (void *)1) == 0 ? STATUS_OK
                                                       : link_fail_errno(link, link->name, errno);
}

static const struct link_ops tty_ops = {
    .write = link_fd_write,
    .read = link_fd_read,
    .set_baud = tty_set_baud,
    .set_lines = tty_set_lines,
    .drain = tty_drain,
    .now_us = link_clock_us,
    .close = link_fd_close,
};

/* 8N1, raw, no flow control, 115200. */
static bool tty_configure(struct link *link) {
    struct termios2 t;
    if (tty_ioctl(link->fd, TCGETS2, &t) != 0)
        return false;
    t.c_iflag = IGNBRK;
    t.c_oflag = 0;
    t.c_lflag = 0;
    t.c_cflag = CS8 | CREAD | CLOCAL | BOTHER;
    t.c_ispeed = t.c_ospeed = 115200;
    memset(t.c_cc, 0, sizeof t.c_cc);
    t.c_cc[VMIN] = 1;
    return tty_ioctl(link->fd, TCSETS2, &t) == 0;
}

/* FTDI adapters hold short answers back for 16 ms unless asked not to; others do not know this. */
static void ask_low_latency(int fd) {
    struct serial_struct serial;
    if (tty_ioctl(fd, TIOCGSERIAL, &serial) == 0) {
        serial.flags = (int)((unsigned)serial.flags | ASYNC_LOW_LATENCY);
        tty_ioctl(fd, TIOCSSERIAL, &serial);
    }
}

bool link_tty_open(struct link *link, const char *path) {
    link->fd = link_system->open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (link->fd < 0 || !tty_configure(link) || tty_ioctl(link->fd, TIOCEXCL, NULL) != 0) {
        link_fail_errno(link, path, errno);
        link_fd_drop(link);
        return false;
    }
    link->ops = &tty_ops;
    enum status lines = link_set_lines(link, false, false);
    if (lines == STATUS_IO) { /* it went away meanwhile */
        link_fd_drop(link);
        return false;
    }
    link->has_lines = lines == STATUS_OK;
    link->has_baud = link->has_lines; /* a pty takes any rate and has none */
    ask_low_latency(link->fd);
    tty_ioctl(link->fd, TCFLSH, (void *)TCIOFLUSH);
    ports_adapter_name(path, link->adapter, sizeof link->adapter);
    return true;
}
