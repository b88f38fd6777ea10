/* Parsing the description of a virtual port: one row per option. */
#include "virtual/port_spec.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/suggest.h"
#include "base/text.h"
#include "codec/beken/keys.h"

#define OPTION(name) static bool name(const char *v, struct port_spec *spec)

/* Decimal or 0x; K and M multiply. */
static bool number(const char *text, uint64_t most, uint64_t *out) {
    char *end;
    if (!isdigit((unsigned char)*text))
        return false;
    uint64_t value = strtoull(text, &end, 0);
    unsigned shift = *end == 'k' || *end == 'K' ? 10 : *end == 'm' || *end == 'M' ? 20 : 0;
    end += shift > 0;
    *out = value << shift;
    return *end == 0 && value <= most >> shift;
}

OPTION(flash) {
    size_t n = strlen(v);
    if (n == 0 || n >= sizeof spec->flash_path)
        return false;
    memcpy(spec->flash_path, v, n + 1);
    return true;
}
OPTION(size) {
    uint64_t value;
    if (!number(v, 64u << 20, &value) || value < 65536 || (value & (value - 1)))
        return false;
    spec->size = (uint32_t)value;
    return true;
}
OPTION(id) {
    char *end;
    spec->id = (uint32_t)strtoul(v, &end, 16);
    return strlen(v) == 6 && *end == 0;
}
OPTION(key) {
    return spec->key_given = beken_key_parse(v, &spec->key);
}
OPTION(latency) {
    uint64_t ms;
    if (!number(v, 255, &ms))
        return false;
    spec->latency_ns = ms * 1000000;
    return true;
}
OPTION(reset) {
    static const char *const words[] = {"none", "rts", "dtr", "both"};
    for (unsigned i = 0; i < 4; i++)
        if (strcmp(v, words[i]) == 0) {
            spec->reset = (enum wire_reset)i;
            return true;
        }
    return false;
}
OPTION(time) {
    spec->real_time = strcmp(v, "real") == 0;
    return spec->real_time || strcmp(v, "virtual") == 0;
}
OPTION(hand) {
    uint64_t ms;
    spec->hand_ns = CHIP_NEVER;
    if (strcmp(v, "never") == 0)
        return true;
    if (!number(v, 600000, &ms))
        return false;
    spec->hand_ns = ms * 1000000;
    return true;
}
OPTION(start) {
    static const char *const words[] = {"application", "download", "off"};
    for (unsigned i = 0; i < 3; i++)
        if (strcmp(v, words[i]) == 0) {
            spec->start = (enum port_start)i;
            return true;
        }
    return false;
}
OPTION(crc_rate) {
    uint64_t value;
    if (!number(v, 1000000000, &value) || value < 1000)
        return false;
    spec->crc_rate = (uint32_t)value;
    return true;
}
OPTION(seed) {
    return number(v, UINT64_MAX, &spec->seed);
}
OPTION(readonly) {
    return spec->readonly = !*v;
}
OPTION(is_protected) {
    return spec->is_protected = !*v;
}
OPTION(paced) {
    return spec->paced = !*v;
}
OPTION(console) {
    return spec->console = !*v;
}

struct option_row {
    const char *name;
    const char *wants; /* words for a message */
    bool (*set)(const char *value, struct port_spec *spec);
};

static const struct option_row options[] = {
    {"flash", "a file name", flash},
    {"readonly", "no value", readonly},
    {"size", "a power of two between 64K and 64M", size},
    {"id", "six hex digits", id},
    {"key", "tuya, none or 32 hex digits", key},
    {"protected", "no value", is_protected},
    {"paced", "no value", paced},
    {"latency", "milliseconds up to 255", latency},
    {"reset", "rts, dtr, both or none", reset},
    {"time", "virtual or real", time},
    {"hand", "milliseconds or never", hand},
    {"start", "application, download or off", start},
    {"console", "no value", console},
    {"crc-rate", "bytes per second", crc_rate},
    {"seed", "a number", seed},
    {"fault", "a fault", NULL},
};

static const struct option_row *find(const char *name) {
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        if (strcmp(options[i].name, name) == 0)
            return &options[i];
    return NULL;
}

static enum status no_option(const char *name, char *error, size_t error_size) {
    struct suggestion near = suggest_start(name);
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        suggest_offer(&near, options[i].name);
    const char *best = suggest_result(&near);
    snprintf(error, error_size, "virtual port: no option \"%s\"%s%s", name,
             best ? "; did you mean " : "", best ? best : "");
    return STATUS_BAD_ARGUMENT;
}

static enum status take(char *word, struct port_spec *spec, char *error, size_t error_size) {
    char *value = strchr(word, '=');
    if (value)
        *value++ = 0;
    const struct option_row *row = find(word);
    if (!row)
        return no_option(word, error, error_size);
    if (!row->set)
        return fault_parse(value ? value : "", &spec->faults, &spec->defects, error, error_size);
    if (row->set(value ? value : "", spec))
        return STATUS_OK;
    snprintf(error, error_size, "virtual port: %s=%s: expected %s", word, value ? value : "",
             row->wants);
    return STATUS_BAD_ARGUMENT;
}

static enum status take_chip(const char *name, struct port_spec *spec, char *error,
                             size_t error_size) {
    spec->kind = chip_kind_find(name);
    if (spec->kind)
        return STATUS_OK;
    struct suggestion near = suggest_start(name);
    for (const struct chip_kind *kind = chip_kinds; kind->name; kind++)
        suggest_offer(&near, kind->name);
    const char *best = suggest_result(&near);
    snprintf(error, error_size, "virtual port: no chip \"%s\"; %s%s", name,
             best ? "did you mean " : "for example ", best ? best : "bk7231n");
    return STATUS_BAD_ARGUMENT;
}

enum status port_spec_parse(const char *text, struct port_spec *out, char *error,
                            size_t error_size) {
    char words[4096];
    enum status status = STATUS_OK;
    memset(out, 0, sizeof *out);
    out->defects.bad_sector = SPI_FLASH_NOWHERE;
    if (text_starts(text, "virtual:"))
        text += strlen("virtual:");
    if (strlen(text) >= sizeof words) {
        snprintf(error, error_size, "virtual port: description too long");
        return STATUS_BAD_ARGUMENT;
    }
    memcpy(words, text, strlen(text) + 1);
    for (char *word = words, *next; word && status == STATUS_OK; word = next) {
        next = strchr(word, ',');
        if (next)
            *next++ = 0;
        status = out->kind ? take(word, out, error, error_size)
                           : take_chip(word, out, error, error_size);
    }
    return status;
}
