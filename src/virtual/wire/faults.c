/* The faults, a row each. */
#include "virtual/wire/faults.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/suggest.h"

static bool probability(const char *text, double *out) {
    char *end;
    double value = strtod(text, &end);
    if (end == text || (*end && *end != ':') || !(value >= 0 && value <= 1))
        return false;
    *out = value;
    return true;
}

static bool number(const char *text, uint64_t *out) {
    char *end;
    if (!isdigit((unsigned char)*text))
        return false;
    *out = strtoull(text, &end, 0);
    return *end == 0;
}

#define APPLY(name)                                                                                \
    static bool name(const char *a, struct wire_faults *wire, struct spi_flash_defects *flash)
#define UNUSED ((void)a, (void)wire, (void)flash)

APPLY(flip) {
    UNUSED;
    return probability(a, &wire->flip);
}
APPLY(lose) {
    UNUSED;
    return probability(a, &wire->lose);
}
APPLY(dup) {
    UNUSED;
    return probability(a, &wire->dup);
}
APPLY(late) {
    UNUSED;
    const char *ms = strchr(a, ':');
    uint64_t value = 50;
    if (ms && (!number(ms + 1, &value) || value > 60000))
        return false;
    wire->late_ms = (uint32_t)value;
    return probability(a, &wire->late);
}
APPLY(echo) {
    UNUSED;
    return wire->echo = true;
}
APPLY(silence) {
    UNUSED;
    return wire->silence = true;
}
APPLY(swapped) {
    UNUSED;
    return wire->swapped = true;
}
APPLY(logport) {
    UNUSED;
    return wire->log_port = true;
}
APPLY(noise) {
    UNUSED;
    wire->noise = strcmp(a, "log") == 0 ? WIRE_NOISE_LOG : WIRE_NOISE_MCU;
    return wire->noise == WIRE_NOISE_LOG || strcmp(a, "mcu") == 0;
}
APPLY(hum) {
    UNUSED;
    uint64_t value;
    if (!number(a, &value) || value < 1 || value > 100000)
        return false;
    wire->hum_per_s = (uint32_t)value;
    return true;
}
APPLY(pull) {
    UNUSED;
    return number(a, &wire->pull_at) && wire->pull_at > 0;
}
APPLY(max_baud) {
    UNUSED;
    uint64_t value;
    if (!number(a, &value) || value < 1200 || value > 10000000)
        return false;
    wire->max_baud = (uint32_t)value;
    return true;
}
APPLY(cut) {
    UNUSED;
    return number(a, &flash->cut_at) && flash->cut_at > 0;
}
APPLY(dip) {
    UNUSED;
    return number(a, &flash->dip_at_erase) && flash->dip_at_erase > 0;
}
APPLY(bad_sector) {
    UNUSED;
    uint64_t value;
    if (!number(a, &value) || value >= 64u << 20 || value % FLASH_SECTOR)
        return false;
    flash->bad_sector = (uint32_t)value;
    return true;
}
APPLY(locked_sr) {
    UNUSED;
    return flash->locked_sr = true;
}
APPLY(stuck_sr) {
    UNUSED;
    return flash->stuck_on_noop_sr = true;
}
APPLY(unreadable) {
    UNUSED;
    return flash->unreadable_first = true;
}
APPLY(unreachable) {
    UNUSED;
    return flash->unreachable = true;
}

const struct fault_row fault_rows[] = {
    {"flip", "P", "each byte has a bit flipped with probability P", flip},
    {"lose", "P", "each byte is lost with probability P", lose},
    {"dup", "P", "each byte comes twice with probability P", dup},
    {"late", "P[:MS]", "after a byte the line stalls for MS (50) with probability P", late},
    {"echo", NULL, "RX and TX are bridged: the host hears itself", echo},
    {"silence", NULL, "the chip's TX is not connected", silence},
    {"swapped", NULL, "RX and TX are exchanged", swapped},
    {"log-port", NULL, "the wires are on the log UART", logport},
    {"noise", "log|mcu", "the running application prints its log, or talks TuyaMCU", noise},
    {"hum", "N", "N random bytes a second", hum},
    {"max-baud", "N", "above N baud the line only makes garbage", max_baud},
    {"pull", "N", "the cable is pulled after N bytes", pull},
    {"cut", "N", "power is cut in the middle of flash operation N", cut},
    {"dip", "N", "the supply dips and resets the chip in the middle of erase N", dip},
    {"bad-sector", "ADDRESS", "the sector at ADDRESS does not hold its bits", bad_sector},
    {"locked-sr", NULL, "the flash's status register cannot be written", locked_sr},
    {"stuck-sr", NULL, "a status write that changes nothing locks the flash", stuck_sr},
    {"unreadable", NULL, "the first sector reads differently every time", unreadable},
    {"unreachable", NULL, "the flash does not answer: everything reads 00", unreachable},
    {0},
};

static const struct fault_row *find(const char *spec, size_t length) {
    for (const struct fault_row *row = fault_rows; row->name; row++)
        if (strlen(row->name) == length && strncmp(row->name, spec, length) == 0)
            return row;
    return NULL;
}

enum status fault_parse(const char *spec, struct wire_faults *wire, struct spi_flash_defects *flash,
                        char *error, size_t error_size) {
    size_t length = strcspn(spec, ":");
    const struct fault_row *row = find(spec, length);
    const char *argument = spec[length] ? spec + length + 1 : "";
    if (!row) {
        char name[32];
        snprintf(name, sizeof name, "%.*s", (int)(length < 31 ? length : 31), spec);
        struct suggestion near = suggest_start(name);
        for (row = fault_rows; row->name; row++)
            suggest_offer(&near, row->name);
        const char *best = suggest_result(&near);
        snprintf(error, error_size, "no fault \"%s\"%s%s", name, best ? "; did you mean " : "",
                 best ? best : "");
        return STATUS_BAD_ARGUMENT;
    }
    if ((!row->argument && spec[length]) || !row->apply(argument, wire, flash)) {
        snprintf(error, error_size, "fault %s: \"%s\" is not %s", row->name, argument,
                 row->argument ? row->argument : "expected (it takes no argument)");
        return STATUS_BAD_ARGUMENT;
    }
    return STATUS_OK;
}
