/* The Linux board; see posix_board.h. */
#include "port/posix/posix_board.h"

#include "device/service/update/boot_record.h"
#include "port/posix/posix_lines.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum { FLASH_SIZE = 0x200000, STORE = 0x1D3000, STORE_SIZE = 0x18000, RETAINED = 2048, READ = 512 };

struct posix_board {
    struct posix_lines *lines;
    const char *paths[BOARD_UARTS];
    int uarts[BOARD_UARTS], flash;
    bool restart;
    uint64_t edge_us; /* while an edge is handed on: when it was */
    uint8_t retained[RETAINED];
};

static uint64_t now_us(void *context) {
    const struct posix_board *b = context;
    struct timespec t;
    if (b->edge_us)
        return b->edge_us;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

static uint32_t random_number(void *context) {
    uint32_t value = 0;
    if (getrandom(&value, sizeof value, GRND_NONBLOCK) != (ssize_t)sizeof value)
        value = (uint32_t)now_us(context);
    return value;
}

static void pin_mode(void *context, unsigned pin, enum hal_pin_mode mode) {
    posix_lines_mode(((struct posix_board *)context)->lines, pin, mode);
}

static void pin_write(void *context, unsigned pin, bool level) {
    posix_lines_write(((struct posix_board *)context)->lines, pin, level);
}

static bool pin_read(void *context, unsigned pin) {
    return posix_lines_read(((struct posix_board *)context)->lines, pin);
}

/* --- serial ports --- */

static const struct {
    uint32_t baud;
    speed_t speed;
} speeds[] = {{1200, B1200},   {2400, B2400},     {4800, B4800},
              {9600, B9600},   {19200, B19200},   {38400, B38400},
              {57600, B57600}, {115200, B115200}, {230400, B230400}};

static bool set_up(int fd, uint32_t baud, unsigned parity, unsigned stop) {
    struct termios t;
    size_t i = 0;
    while (i < sizeof speeds / sizeof *speeds && speeds[i].baud != baud)
        i++;
    if (i == sizeof speeds / sizeof *speeds || tcgetattr(fd, &t) != 0)
        return false;
    cfmakeraw(&t);
    t.c_cflag |= CLOCAL | CREAD;
    t.c_cflag &= (tcflag_t) ~(PARENB | PARODD | CSTOPB);
    if (parity)
        t.c_cflag |= PARENB | (parity == 1 ? PARODD : 0U);
    if (stop == 2)
        t.c_cflag |= CSTOPB;
    return cfsetspeed(&t, speeds[i].speed) == 0 && tcsetattr(fd, TCSANOW, &t) == 0;
}

static bool uart_open(void *context, unsigned port, uint32_t baud, unsigned parity, unsigned stop) {
    struct posix_board *b = context;
    if (port >= BOARD_UARTS || !b->paths[port])
        return false;
    if (b->uarts[port] < 0)
        b->uarts[port] = open(b->paths[port], O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    return b->uarts[port] >= 0 && set_up(b->uarts[port], baud, parity, stop);
}

static size_t uart_write(void *context, unsigned port, const uint8_t *data, size_t size) {
    const struct posix_board *b = context;
    ssize_t sent =
        port < BOARD_UARTS && b->uarts[port] >= 0 ? write(b->uarts[port], data, size) : 0;
    return sent > 0 ? (size_t)sent : 0;
}

/* --- flash: a file that behaves as NOR does --- */

static bool inside(uint32_t offset, size_t size) {
    return offset <= FLASH_SIZE && size <= FLASH_SIZE - offset;
}

static bool flash_read(void *context, uint32_t offset, void *data, size_t size) {
    const struct posix_board *b = context;
    return inside(offset, size) && pread(b->flash, data, size, offset) == (ssize_t)size;
}

static bool flash_program(void *context, uint32_t offset, const void *data, size_t size) {
    const struct posix_board *b = context;
    const uint8_t *from = data;
    uint8_t piece[READ];
    while (size) {
        size_t part = size < sizeof piece ? size : sizeof piece;
        if (!flash_read(context, offset, piece, part))
            return false;
        for (size_t i = 0; i < part; i++)
            piece[i] &= from[i];
        if (pwrite(b->flash, piece, part, offset) != (ssize_t)part)
            return false;
        from += part;
        offset += (uint32_t)part;
        size -= part;
    }
    return true;
}

static bool flash_erase(void *context, uint32_t offset) {
    const struct posix_board *b = context;
    uint8_t blank[HAL_FLASH_SECTOR];
    memset(blank, 0xFF, sizeof blank);
    offset -= offset % HAL_FLASH_SECTOR;
    return inside(offset, sizeof blank) &&
           pwrite(b->flash, blank, sizeof blank, offset) == (ssize_t)sizeof blank;
}

static bool flash_open(struct posix_board *b, const char *path) {
    b->flash = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (b->flash < 0)
        return false;
    off_t size = lseek(b->flash, 0, SEEK_END);
    for (uint32_t at = 0; size == 0 && at < FLASH_SIZE; at += HAL_FLASH_SECTOR)
        if (!flash_erase(b, at))
            return false;
    return size == 0 || size == FLASH_SIZE;
}

/* --- the rest --- */

static void restart(void *context) {
    ((struct posix_board *)context)->restart = true;
}

static void *retained(void *context, size_t *size) {
    struct posix_board *b = context;
    *size = sizeof b->retained;
    return b->retained;
}

static void fill(struct posix_board *b, struct hal *hal) {
    hal->context = b;
    hal->chip = (struct hal_chip){.name = "BK7231N",
                                  .pins = b->lines ? (uint8_t)posix_lines_count(b->lines) : 0,
                                  .store_offset = STORE,
                                  .store_size = STORE_SIZE,
                                  .erase_cycles = 100000};
    if (b->lines) {
        hal->pin_mode = pin_mode;
        hal->pin_write = pin_write;
        hal->pin_read = pin_read;
    }
    hal->uart_open = uart_open;
    hal->uart_write = uart_write;
    hal->flash_read = flash_read;
    hal->flash_program = flash_program;
    hal->flash_erase = flash_erase;
    hal->now_us = now_us;
    hal->random = random_number;
    hal->restart = restart;
    hal->retained = retained;
}

struct posix_board *posix_board_open(const struct posix_board_options *options, struct hal *hal,
                                     char *why, size_t size) {
    struct posix_board *b = calloc(1, sizeof *b);
    if (!b)
        return NULL;
    b->flash = -1;
    for (unsigned i = 0; i < BOARD_UARTS; i++) {
        b->uarts[i] = -1;
        b->paths[i] = options->uarts[i];
    }
    errno = 0;
    if (!flash_open(b, options->flash))
        snprintf(why, size, "%s: %s", options->flash,
                 errno ? strerror(errno) : "a flash file has 2 MiB");
    else if (options->gpio && !(b->lines = posix_lines_open(options->gpio)))
        snprintf(why, size, "%s: no such GPIO chip, or built without libgpiod", options->gpio);
    else {
        fill(b, hal);
        return b;
    }
    posix_board_close(b);
    return NULL;
}

void posix_board_close(struct posix_board *board) {
    if (!board)
        return;
    posix_lines_close(board->lines);
    for (unsigned i = 0; i < BOARD_UARTS; i++)
        if (board->uarts[i] >= 0)
            close(board->uarts[i]);
    if (board->flash >= 0)
        close(board->flash);
    free(board);
}

void posix_board_deliver(struct posix_board *board, struct device *d) {
    uint8_t data[READ];
    unsigned pin;
    bool level;
    while (board->lines && posix_lines_edge(board->lines, &pin, &level, &board->edge_us))
        device_on_edge(d, pin, level);
    board->edge_us = 0;
    for (unsigned i = 0; i < BOARD_UARTS; i++) {
        ssize_t got = board->uarts[i] >= 0 ? read(board->uarts[i], data, sizeof data) : 0;
        if (got > 0)
            device_on_uart(d, i, data, (size_t)got);
    }
}

bool posix_board_restart_asked(struct posix_board *board) {
    bool asked = board->restart;
    board->restart = false;
    return asked;
}
