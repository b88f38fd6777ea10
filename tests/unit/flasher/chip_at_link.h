/* A virtual chip at the far end of a link, as a test of the flasher wants it: opened by the words
 * of a virtual port, its flash and chip in sight, and a hand on the wire that may change what the
 * host sends. */
#ifndef TESTS_CHIP_AT_LINK_H
#define TESTS_CHIP_AT_LINK_H
#include "base/crc.h"
#include "cli/port_open.h"
#include "codec/beken/uart.h"
#include "virtual/chip/chip.h"
#include "virtual/port.h"
#include "virtual/random.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct {
    struct link link;
    struct link_ops ops;
    const struct link_ops *below;
    struct chip *chip;
    struct spi_flash *flash;
    void (*mangle)(uint8_t *frame, size_t size); /* may change a frame on its way; NULL: nobody */
    unsigned mangled;                            /* counted by `mangle` */
    unsigned sr_writes;                          /* status register writes that were sent */
} at_link;

static inline enum status chip_at_link_write(struct link *link, const uint8_t *data, size_t size) {
    uint8_t frame[8192];
    if (size > sizeof frame)
        return at_link.below->write(link, data, size);
    memcpy(frame, data, size);
    at_link.sr_writes += size > 7 && frame[3] == 0xFF && frame[7] == BEKEN_FLASH_WRITE_SR;
    if (at_link.mangle)
        at_link.mangle(frame, size);
    return at_link.below->write(link, frame, size);
}

/* `line`: further words of the port, each with a comma before it. */
static inline void chip_at_link_open(const char *chip, const char *line) {
    char port[300];
    snprintf(port, sizeof port, "virtual:%s,size=2M,start=download%s", chip, line);
    memset(&at_link, 0, sizeof at_link);
    if (!port_open(&at_link.link, port)) {
        fprintf(stderr, "%s\n", at_link.link.why);
        abort();
    }
    at_link.below = at_link.link.ops;
    at_link.ops = *at_link.below;
    at_link.ops.write = chip_at_link_write;
    at_link.link.ops = &at_link.ops;
    at_link.chip = virtual_port_chip(at_link.link.self);
    at_link.flash = at_link.chip->flash;
}

static inline void chip_at_link_close(void) {
    at_link.link.ops->close(&at_link.link);
}
#endif
