/* Any bytes into a virtual chip: the first byte picks the chip and the line, the rest is sent. It
 * must not crash or hang, and afterwards a reset and a LinkCheck must still work. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "virtual/chip/chip.h"
#include "virtual/port.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void still_alive(struct virtual_port *port) {
    uint8_t answer[64];
    virtual_port_set_baud(port, BEKEN_FIRST_BAUD);
    chip_reset(virtual_port_chip(port), true);
    if (virtual_port_chip(port)->state == CHIP_DEAD)
        return; /* it was told to erase its own bootloader */
    virtual_port_discard(port);
    virtual_port_write(port, (const uint8_t *)"\x01\xE0\xFC\x01", 5);
    virtual_port_advance(port, virtual_port_now_us(port) + 20000);
    size_t n = virtual_port_read(port, answer, sizeof answer);
    if (n < 8 || memcmp(answer + n - 8, "\x04\x0E\x05\x01\xE0\xFC\x01", 8) != 0)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const lines[] = {"", ",paced,latency=1", ",protected", ",hand=never"};
    char spec[96], error[128];
    if (size < 2)
        return 0;
    snprintf(spec, sizeof spec, "%s,size=128K,start=download%s", chip_kinds[data[0] % 11].name,
             lines[data[0] / 11 % 4]);
    struct virtual_port *port = virtual_port_open(spec, NULL, error, sizeof error);
    if (!port)
        abort();
    virtual_port_write(port, (const uint8_t *)"\x01\xE0\xFC\x01", 5);
    virtual_port_write(port, data + 1, size - 1);
    virtual_port_advance(port, virtual_port_now_us(port) + 2000000);
    uint8_t heard[256];
    while (virtual_port_read(port, heard, sizeof heard))
        continue;
    still_alive(port);
    virtual_port_close(port);
    return 0;
}
