/* The virtual port: a chip, its flash and a line, on one clock. */
#include "virtual/port.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "virtual/flash/flash_file.h"
#include "virtual/port_spec.h"
#include "virtual/random.h"

/* USB adapters hand over once a frame anyway; a dozen ports in one process must not wake up for
 * every byte. */
#define ADAPTER_FRAME_NS 500000u

struct virtual_port {
    struct spi_flash flash;
    struct chip chip;
    struct wire wire;
    char flash_path[1024];
    bool readonly;
    bool real_time;
    uint64_t started_ns; /* of the host's clock, with real time */
};

static uint64_t clock_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static uint64_t now_ns(const struct virtual_port *port) {
    return port->real_time ? clock_ns() - port->started_ns : port->wire.now_ns;
}

/* Size of the flash: as asked for, else of the file, else of the chip. */
static enum status pick_size(const struct port_spec *spec, uint32_t *size, char *error,
                             size_t error_size) {
    uint64_t file_size = 0;
    enum status status = STATUS_NOT_FOUND;
    *size = spec->size;
    if (spec->flash_path[0])
        status = flash_file_size(spec->flash_path, &file_size);
    if (status == STATUS_IO) {
        snprintf(error, error_size, "%s: cannot read", spec->flash_path);
        return STATUS_IO;
    }
    if (status == STATUS_OK && *size == 0) {
        *size = 65536;
        while (*size < file_size && *size < 64u << 20)
            *size *= 2;
        const struct flash_chip *part = flash_chip_find(spec->id ? spec->id : spec->kind->flash_id);
        if (part && part->size > *size && file_size < part->size)
            *size = part->size;
    }
    if (file_size > 64u << 20 || (*size && file_size > *size)) {
        snprintf(error, error_size, "%s: %llu bytes do not fit the flash", spec->flash_path,
                 (unsigned long long)file_size);
        return STATUS_BAD_LENGTH;
    }
    return STATUS_OK;
}

/* The usual id of the chip, with its capacity byte made to fit the size. */
static uint32_t pick_id(const struct port_spec *spec, uint32_t size) {
    uint32_t id = spec->id ? spec->id : spec->kind->flash_id;
    const struct flash_chip *part = flash_chip_find(id);
    if (spec->id || size == 0 || (part && part->size == size))
        return id;
    unsigned capacity = 0;
    while (1u << capacity < size)
        capacity++;
    return 0x0B4000u | capacity; /* XT25F family, every size of which the table knows */
}

static enum status open_flash(struct virtual_port *port, const struct port_spec *spec, char *error,
                              size_t error_size) {
    uint32_t size;
    uint64_t file_size;
    enum status status = pick_size(spec, &size, error, error_size);
    if (status != STATUS_OK)
        return status;
    if (!spi_flash_init(&port->flash, pick_id(spec, size), size)) {
        snprintf(error, error_size, "virtual port: cannot make a flash of this id and size");
        return STATUS_BAD_ARGUMENT;
    }
    if (spec->flash_path[0] && flash_file_size(spec->flash_path, &file_size) == STATUS_OK &&
        file_size > 0 && flash_file_load(&port->flash, spec->flash_path) != STATUS_OK) {
        snprintf(error, error_size, "%s: cannot read", spec->flash_path);
        return STATUS_IO;
    }
    port->flash.defects = spec->defects;
    port->flash.timed = spec->paced;
    port->flash.random = spec->seed ^ 0x5EED;
    if (spec->flash_path[0])
        flash_file_load_sr(&port->flash, spec->flash_path);
    const struct flash_protection *p = port->flash.part ? port->flash.part->protection : NULL;
    if (spec->is_protected)
        port->flash.sr |= p ? p->all : 0x1C;
    return STATUS_OK;
}

static void open_chip(struct virtual_port *port, const struct port_spec *spec,
                      const struct log_sink *log) {
    struct chip *chip = &port->chip;
    chip_init(chip, spec->kind, &port->flash);
    chip->log = log;
    chip->timed = spec->paced;
    chip->console = spec->console;
    if (spec->key_given)
        chip->key = spec->key;
    if (spec->crc_rate)
        chip->crc_bytes_per_s = spec->crc_rate;
    chip_adopt_flash(chip);
    if (spec->start == PORT_START_OFF)
        chip->state = CHIP_DEAD;
    else
        chip_reset(chip, true);
    if (spec->start == PORT_START_APPLICATION && chip->state == CHIP_LISTENING)
        chip->state = CHIP_APPLICATION;
}

static void open_wire(struct virtual_port *port, const struct port_spec *spec) {
    struct wire *wire = &port->wire;
    wire_init(wire, &port->chip, spec->seed);
    wire->faults = spec->faults;
    wire->paced = spec->paced;
    wire->latency_ns = spec->latency_ns;
    wire->hand_ns = spec->hand_ns;
    wire->reset = spec->reset;
    wire->host_baud = BEKEN_FIRST_BAUD;
}

struct virtual_port *virtual_port_open(const char *spec, const struct log_sink *log, char *error,
                                       size_t error_size) {
    struct port_spec parsed;
    if (port_spec_parse(spec, &parsed, error, error_size) != STATUS_OK)
        return NULL;
    struct virtual_port *port = calloc(1, sizeof *port);
    if (!port) {
        snprintf(error, error_size, "virtual port: out of memory");
        return NULL;
    }
    memcpy(port->flash_path, parsed.flash_path, sizeof port->flash_path);
    port->readonly = parsed.readonly;
    port->real_time = parsed.real_time;
    port->started_ns = parsed.real_time ? clock_ns() : 0;
    if (open_flash(port, &parsed, error, error_size) != STATUS_OK) {
        spi_flash_free(&port->flash);
        free(port);
        return NULL;
    }
    open_chip(port, &parsed, log);
    open_wire(port, &parsed);
    return port;
}

enum status virtual_port_save(struct virtual_port *port) {
    if (!port->flash_path[0] || port->readonly)
        return STATUS_OK;
    if (flash_file_save_sr(&port->flash, port->flash_path) != STATUS_OK)
        return STATUS_IO;
    if (!port->flash.changed)
        return STATUS_OK;
    enum status status = flash_file_save(&port->flash, port->flash_path);
    if (status == STATUS_OK)
        port->flash.changed = false;
    return status;
}

enum status virtual_port_close(struct virtual_port *port) {
    if (!port)
        return STATUS_OK;
    enum status status = virtual_port_save(port);
    wire_free(&port->wire);
    spi_flash_free(&port->flash);
    free(port);
    return status;
}

/* Catches up with the host's clock. */
static void catch_up(struct virtual_port *port) {
    wire_run(&port->wire, now_ns(port), false);
}

enum status virtual_port_write(struct virtual_port *port, const uint8_t *data, size_t size) {
    catch_up(port);
    if (!wire_write(&port->wire, data, size))
        return STATUS_IO;
    wire_run(&port->wire, port->wire.now_ns, false);
    return STATUS_OK;
}

size_t virtual_port_read(struct virtual_port *port, uint8_t *buffer, size_t size) {
    catch_up(port);
    return wire_read(&port->wire, buffer, size);
}

void virtual_port_discard(struct virtual_port *port) {
    catch_up(port);
    wire_discard(&port->wire);
}

uint64_t virtual_port_drained_us(const struct virtual_port *port) {
    return (port->wire.host_free_ns + 999) / 1000;
}

enum status virtual_port_set_baud(struct virtual_port *port, uint32_t baud) {
    catch_up(port);
    if (port->wire.pulled)
        return STATUS_IO;
    port->wire.host_baud = baud;
    return STATUS_OK;
}

enum status virtual_port_set_lines(struct virtual_port *port, bool dtr, bool rts) {
    catch_up(port);
    if (port->wire.pulled)
        return STATUS_IO;
    wire_set_lines(&port->wire, dtr, rts);
    return STATUS_OK;
}

uint64_t virtual_port_now_us(const struct virtual_port *port) {
    return now_ns(port) / 1000;
}

uint64_t virtual_port_next_us(const struct virtual_port *port) {
    uint64_t next = wire_next_ns(&port->wire);
    return next == CHIP_NEVER ? VIRTUAL_PORT_NEVER : (next + 999) / 1000;
}

static void sleep_ns(uint64_t ns) {
    struct timespec pause = {(time_t)(ns / 1000000000u), (long)(ns % 1000000000u)};
    nanosleep(&pause, NULL);
}

bool virtual_port_wait(struct virtual_port *port, uint64_t until_us) {
    uint64_t until = until_us > UINT64_MAX / 1000 ? CHIP_NEVER : until_us * 1000;
    if (!port->real_time) {
        wire_run(&port->wire, until, true);
        return port->wire.visible > 0;
    }
    for (;;) {
        catch_up(port);
        uint64_t now = now_ns(port), next = wire_next_ns(&port->wire);
        if (port->wire.visible || now >= until || port->wire.pulled)
            return port->wire.visible > 0;
        if (next < now + ADAPTER_FRAME_NS)
            next = now + ADAPTER_FRAME_NS;
        next = next < until ? next : until;
        if (next > now)
            sleep_ns(next - now);
    }
}

void virtual_port_advance(struct virtual_port *port, uint64_t until_us) {
    if (port->real_time) {
        while (now_ns(port) < until_us * 1000)
            sleep_ns(until_us * 1000 - now_ns(port));
        catch_up(port);
        return;
    }
    wire_run(&port->wire, until_us * 1000, false);
}

bool virtual_port_is_pulled(const struct virtual_port *port) {
    return port->wire.pulled;
}

struct chip *virtual_port_chip(struct virtual_port *port) {
    return &port->chip;
}
