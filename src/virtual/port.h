/* A serial port with a virtual chip at its other end, inside the process: no file, no socket, and
 * by default no waiting either, because time is the port's own and jumps to whatever happens next.
 * It is what stands behind `-p virtual:bk7231n,flash=FILE,…` wherever a port is expected.
 *
 * A specification is a chip name followed by options, separated by commas:
 *
 *   flash=FILE      contents of the SPI flash; missing file: blank chip. Written back on close
 *                   (through a temporary name) when they changed; the status register is kept in
 *                   FILE.sr while it is not the usual one
 *   readonly        never write FILE back
 *   size=2M         flash size; default: of the file, else of the chip family
 *   id=EB6015       JEDEC id of the SPI flash; default: a common one of that size
 *   key=tuya|none|HEX   eFuse key: four words of 8 hex digits, separated by blanks or none
 *   protected       the flash starts with all block-protection bits set
 *   paced           bytes take the time they take at the current baud rate (always on the clock of
 *                   the port); without it the line is infinitely fast, but garbage at a wrong baud
 *                   rate stays
 *   latency=MS      latency timer of the USB adapter: what arrives is handed over after so long, or
 *                   when 62 bytes are there (paced only)
 *   reset=rts|dtr|both|none   which adapter line is wired to CEN; default none
 *   time=virtual|real   default virtual: virtual_port_wait returns at once and moves the clock
 *   hand=MS|never   a helping hand cycles the power when LinkChecks have gone unanswered by the
 *                   running application for so long; default 0
 *   start=download|application|off   state at the start; default application
 *   console         the application reboots on the text line "reboot"
 *   crc-rate=N      bytes per second of CheckCRC
 *   seed=N          seed of every fault
 *   fault=NAME:…    a fault, repeatable; `plugsmith chip --help` lists them
 *
 * Times are microseconds since the port was opened. A port is used by one thread at a time; ports
 * share nothing, so a dozen may live in one process. */
#ifndef VIRTUAL_PORT_H
#define VIRTUAL_PORT_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/log.h"
#include "base/status.h"

#define VIRTUAL_PORT_PREFIX "virtual:"
#define VIRTUAL_PORT_NEVER  UINT64_MAX

struct virtual_port;
struct chip; /* virtual/chip/chip.h */

/* Opens from a specification, with or without the prefix "virtual:". NULL on failure, with one
 * line that names the wrong option in error. `log`, which may be NULL, hears what the chip does. */
struct virtual_port *virtual_port_open(const char *spec, const struct log_sink *log, char *error,
                                       size_t error_size);
/* Writes the flash back when it changed (STATUS_IO when that fails) and frees everything. */
enum status virtual_port_close(struct virtual_port *port);

/* Hands bytes to the adapter; they leave at the current baud rate after those handed over before.
 * STATUS_IO once the cable is pulled (a fault), else all are taken. */
enum status virtual_port_write(struct virtual_port *port, const uint8_t *data, size_t size);
/* Takes up to `size` bytes that have arrived by now; 0: none. */
size_t virtual_port_read(struct virtual_port *port, uint8_t *buffer, size_t size);
/* Throws away what has arrived, as flushing a real port does. */
void virtual_port_discard(struct virtual_port *port);
/* Time at which everything written will have left the adapter (tcdrain on a real port). */
uint64_t virtual_port_drained_us(const struct virtual_port *port);

/* Switches the adapter's rate, at once: bytes still in its queue leave at the new rate. */
enum status virtual_port_set_baud(struct virtual_port *port, uint32_t baud);
/* Modem lines; true: asserted (electrically low, so a wired CEN is held in reset). */
enum status virtual_port_set_lines(struct virtual_port *port, bool dtr, bool rts);

uint64_t virtual_port_now_us(const struct virtual_port *port);
/* When something happens next by itself (a byte arrives, a time-out); VIRTUAL_PORT_NEVER. */
uint64_t virtual_port_next_us(const struct virtual_port *port);
/* Lets time pass until a byte can be read or until_us is reached, whichever is first; returns true
 * when a byte can be read. With time=virtual nobody waits. */
bool virtual_port_wait(struct virtual_port *port, uint64_t until_us);
/* Lets time pass to until_us, come what may. */
void virtual_port_advance(struct virtual_port *port, uint64_t until_us);

/* The cable was pulled (a fault): nothing will ever arrive again. */
bool virtual_port_is_pulled(const struct virtual_port *port);
/* Saves the flash contents now, as virtual_port_close does. */
enum status virtual_port_save(struct virtual_port *port);

/* The chip behind, for tests: its flash, registers and counters. */
struct chip *virtual_port_chip(struct virtual_port *port);
#endif
