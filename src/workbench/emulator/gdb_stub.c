/* Packets `$body#sum`, and what each asks for: a row per command. */
#include "workbench/emulator/gdb_stub.h"

#include "base/bytes.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INTERRUPT = 3, ANSWER_MAX = GDB_PACKET_MAX, READ_MAX = (ANSWER_MAX - 8) / 2 };

static const char description[] =
    "l<?xml version=\"1.0\"?><!DOCTYPE target SYSTEM \"gdb-target.dtd\">"
    "<target><architecture>armv5te</architecture><feature name=\"org.gnu.gdb.arm.core\">"
    "<reg name=\"r0\" bitsize=\"32\"/><reg name=\"r1\" bitsize=\"32\"/>"
    "<reg name=\"r2\" bitsize=\"32\"/><reg name=\"r3\" bitsize=\"32\"/>"
    "<reg name=\"r4\" bitsize=\"32\"/><reg name=\"r5\" bitsize=\"32\"/>"
    "<reg name=\"r6\" bitsize=\"32\"/><reg name=\"r7\" bitsize=\"32\"/>"
    "<reg name=\"r8\" bitsize=\"32\"/><reg name=\"r9\" bitsize=\"32\"/>"
    "<reg name=\"r10\" bitsize=\"32\"/><reg name=\"r11\" bitsize=\"32\"/>"
    "<reg name=\"r12\" bitsize=\"32\"/><reg name=\"sp\" bitsize=\"32\" type=\"data_ptr\"/>"
    "<reg name=\"lr\" bitsize=\"32\"/><reg name=\"pc\" bitsize=\"32\" type=\"code_ptr\"/>"
    "<reg name=\"cpsr\" bitsize=\"32\"/></feature></target>";

static void answer(struct gdb_stub *stub, const char *body) {
    char out[ANSWER_MAX + 8];
    uint8_t sum = 0;
    for (const char *c = body; *c; c++)
        sum = (uint8_t)(sum + (uint8_t)*c);
    int size = snprintf(out, sizeof out, "$%s#%02x", body, sum);
    stub->put(stub->context, out, (size_t)size);
}

static void answer_hex(struct gdb_stub *stub, const uint8_t *bytes, size_t size) {
    char out[ANSWER_MAX];
    for (size_t i = 0; i < size; i++)
        snprintf(out + 2 * i, 3, "%02x", bytes[i]);
    out[2 * size] = '\0';
    answer(stub, size ? out : "E01");
}

/* Bytes of hex digits at `text`. */
static size_t unhex(const char *text, uint8_t *out, size_t most) {
    size_t size = 0;
    for (; size < most && text_hex_digit(text[0]) >= 0 && text_hex_digit(text[1]) >= 0; text += 2)
        out[size++] = (uint8_t)(text_hex_digit(text[0]) << 4 | text_hex_digit(text[1]));
    return size;
}

static bool read_registers(struct gdb_stub *stub, char *arguments) {
    uint32_t words[SOC_LIVE_REGISTERS];
    uint8_t bytes[sizeof words];
    (void)arguments;
    if (!soc_live_registers(stub->live, words))
        return false;
    for (size_t i = 0; i < SOC_LIVE_REGISTERS; i++)
        store_le32(bytes + 4 * i, words[i]);
    answer_hex(stub, bytes, sizeof bytes);
    return true;
}

static bool write_registers(struct gdb_stub *stub, char *arguments) {
    uint8_t bytes[4 * SOC_LIVE_REGISTERS];
    size_t size = unhex(arguments, bytes, sizeof bytes);
    for (size_t i = 0; i + 4 <= size; i += 4)
        if (!soc_live_set_register(stub->live, (unsigned)(i / 4), load_le32(bytes + i)))
            return false;
    answer(stub, "OK");
    return true;
}

static bool read_register(struct gdb_stub *stub, char *arguments) {
    uint32_t words[SOC_LIVE_REGISTERS];
    uint8_t bytes[4];
    unsigned long n = strtoul(arguments, NULL, 16);
    if (!soc_live_registers(stub->live, words))
        return false;
    store_le32(bytes, n < SOC_LIVE_REGISTERS ? words[n] : 0);
    answer_hex(stub, bytes, n < SOC_LIVE_REGISTERS ? 4 : 0);
    return true;
}

static bool write_register(struct gdb_stub *stub, char *arguments) {
    uint8_t bytes[4];
    unsigned long n = strtoul(arguments, &arguments, 16);
    bool good = *arguments == '=' && unhex(arguments + 1, bytes, 4) == 4 && n < SOC_LIVE_REGISTERS;
    if (good && !soc_live_set_register(stub->live, (unsigned)n, load_le32(bytes)))
        return false;
    answer(stub, good ? "OK" : "E01");
    return true;
}

static bool read_memory(struct gdb_stub *stub, char *arguments) {
    uint8_t bytes[READ_MAX];
    uint32_t address = (uint32_t)strtoul(arguments, &arguments, 16);
    size_t size = *arguments == ',' ? strtoul(arguments + 1, NULL, 16) : 0;
    size = size < sizeof bytes ? size : sizeof bytes;
    size = soc_live_read(stub->live, address, bytes, size);
    answer_hex(stub, bytes, size);
    return true;
}

static bool write_memory(struct gdb_stub *stub, char *arguments) {
    uint8_t bytes[READ_MAX];
    uint32_t address = (uint32_t)strtoul(arguments, &arguments, 16);
    const char *data = strchr(arguments, ':');
    size_t size = data ? unhex(data + 1, bytes, sizeof bytes) : 0;
    answer(stub, data && soc_live_write(stub->live, address, bytes, size) ? "OK" : "E01");
    return true;
}

/* "TYPE,ADDRESS,WIDTH"; types 0 and 1 are breakpoints, others (watchpoints) are not offered. */
static bool insert(struct gdb_stub *stub, char *arguments) {
    if (*arguments > '1' || strncmp(arguments + 1, ",", 1) != 0) {
        answer(stub, "");
        return true;
    }
    uint32_t address = (uint32_t)strtoul(arguments + 2, &arguments, 16);
    unsigned width = *arguments == ',' ? (unsigned)strtoul(arguments + 1, NULL, 16) : 4;
    if (stub->breakpoint_count == SOC_LIVE_BREAKPOINTS) {
        answer(stub, "E01");
        return true;
    }
    if (!soc_live_break(stub->live, address, width))
        return false;
    if (!soc_live_refused(stub->live))
        stub->breakpoints[stub->breakpoint_count++] = address;
    answer(stub, soc_live_refused(stub->live) ? "E01" : "OK");
    return true;
}

static bool take_out(struct gdb_stub *stub, char *arguments) {
    if (*arguments > '1' || strncmp(arguments + 1, ",", 1) != 0) {
        answer(stub, "");
        return true;
    }
    uint32_t address = (uint32_t)strtoul(arguments + 2, NULL, 16);
    for (int i = 0; i < stub->breakpoint_count; i++)
        if (stub->breakpoints[i] == address)
            stub->breakpoints[i--] = stub->breakpoints[--stub->breakpoint_count];
    if (!soc_live_unbreak(stub->live, address))
        return false;
    answer(stub, "OK");
    return true;
}

/* "c" and "s" may carry an address to go on at. */
static bool jump(struct gdb_stub *stub, const char *arguments) {
    return !*arguments ||
           soc_live_set_register(stub->live, SOC_LIVE_PC, (uint32_t)strtoul(arguments, NULL, 16));
}

static bool step(struct gdb_stub *stub, char *arguments) {
    if (!jump(stub, arguments) || !soc_live_step(stub->live))
        return false;
    answer(stub, "S05");
    return true;
}

static bool go_on(struct gdb_stub *stub, char *arguments) {
    stub->running = true; /* the answer comes when it stops */
    return jump(stub, arguments);
}

static bool why_stopped(struct gdb_stub *stub, char *arguments) {
    (void)arguments;
    answer(stub, "S05");
    return true;
}

static bool detach(struct gdb_stub *stub, char *arguments) {
    (void)arguments;
    answer(stub, "OK");
    gdb_stub_detach(stub);
    return true;
}

static bool kill_guest(struct gdb_stub *stub, char *arguments) {
    (void)stub;
    (void)arguments;
    return false;
}

static bool agree(struct gdb_stub *stub, char *arguments) {
    (void)arguments;
    answer(stub, "OK");
    return true;
}

static bool query(struct gdb_stub *stub, char *arguments) {
    char features[64];
    if (strncmp(arguments, "Supported", 9) == 0) {
        snprintf(features, sizeof features, "PacketSize=%x;qXfer:features:read+;QStartNoAckMode+",
                 GDB_PACKET_MAX - 8);
        answer(stub, features);
    } else if (strncmp(arguments, "Xfer:features:read:target.xml", 29) == 0) {
        answer(stub, description); /* short enough to go at once */
    } else if (strncmp(arguments, "Attached", 8) == 0) {
        answer(stub, "1");
    } else
        answer(stub, strcmp(arguments, "fThreadInfo") == 0   ? "m1"
                     : strcmp(arguments, "sThreadInfo") == 0 ? "l"
                     : strcmp(arguments, "C") == 0           ? "QC1"
                                                             : "");
    return true;
}

static bool set(struct gdb_stub *stub, char *arguments) {
    bool quiet = strcmp(arguments, "StartNoAckMode") == 0;
    answer(stub, quiet ? "OK" : "");
    stub->no_acks |= quiet;
    return true;
}

static const struct {
    char letter;
    bool (*obey)(struct gdb_stub *stub, char *arguments);
} commands[] = {
    {'?', why_stopped},
    {'g', read_registers},
    {'G', write_registers},
    {'p', read_register},
    {'P', write_register},
    {'m', read_memory},
    {'M', write_memory},
    {'Z', insert},
    {'z', take_out},
    {'s', step},
    {'c', go_on},
    {'D', detach},
    {'k', kill_guest},
    {'H', agree},
    {'T', agree},
    {'q', query},
    {'Q', set},
};

static bool obey(struct gdb_stub *stub) {
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (commands[i].letter == stub->packet[0])
            return commands[i].obey(stub, stub->packet + 1);
    answer(stub, "");
    return true;
}

static bool end_of_packet(struct gdb_stub *stub) {
    bool good = stub->sum == stub->told;
    stub->state = GDB_IDLE;
    stub->packet[stub->size] = '\0';
    if (!stub->no_acks)
        stub->put(stub->context, good ? "+" : "-", 1);
    return !good || obey(stub);
}

static void start_or_interrupt(struct gdb_stub *stub, char byte) {
    if (byte == '$') {
        stub->state = GDB_BODY;
        stub->size = 0;
        stub->sum = 0;
    } else if (byte == INTERRUPT && stub->running) {
        stub->running = false;
        answer(stub, "S02");
    }
}

bool gdb_stub_feed(struct gdb_stub *stub, char byte) {
    int digit = text_hex_digit(byte);
    switch (stub->state) {
    case GDB_BODY:
        if (byte == '#') {
            stub->state = GDB_SUM_HIGH;
        } else if (stub->size < GDB_PACKET_MAX - 1) {
            stub->packet[stub->size++] = byte;
            stub->sum = (uint8_t)(stub->sum + (uint8_t)byte);
        }
        return true;
    case GDB_SUM_HIGH:
        stub->told = (uint8_t)((digit & 15) << 4);
        stub->state = GDB_SUM_LOW;
        return true;
    case GDB_SUM_LOW:
        stub->told = (uint8_t)(stub->told | (digit & 15));
        return end_of_packet(stub);
    case GDB_IDLE:
    default:
        start_or_interrupt(stub, byte);
        return true;
    }
}

void gdb_stub_after_run(struct gdb_stub *stub) {
    if (!stub->running || !soc_live_stopped(stub->live))
        return;
    stub->running = false;
    answer(stub, "S05");
}

void gdb_stub_start(struct gdb_stub *stub, struct soc_live *live,
                    void (*put)(void *context, const char *bytes, size_t size), void *context) {
    *stub = (struct gdb_stub){.live = live, .put = put, .context = context};
}

void gdb_stub_attach(struct gdb_stub *stub) {
    stub->running = stub->no_acks = false;
    stub->state = GDB_IDLE;
}

void gdb_stub_detach(struct gdb_stub *stub) {
    while (stub->breakpoint_count)
        soc_live_unbreak(stub->live, stub->breakpoints[--stub->breakpoint_count]);
    stub->running = true;
}
