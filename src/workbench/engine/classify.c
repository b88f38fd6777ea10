/* Counting the marks that each kind of traffic leaves, and the table of what each means. */
#include "workbench/engine/classify.h"

#include <string.h>

static const struct {
    const char *name, *text, *advice;
} kinds[HEARD_COUNT] = {
    [HEARD_SILENCE] = {"silence", "nothing is heard",
                       "swap TX and RX once; check common ground and 3.3 V; use UART1 (RX1, TX1); "
                       "then touch CEN to GND for a quarter of a second while this runs"},
    [HEARD_ECHO] = {"echo", "our own bytes come back", "TX and RX touch: separate them"},
    [HEARD_BOOT_LOG] = {"boot-log", "the chip prints its boot text",
                        "this is the log port (UART2), or the moment after reset was missed: use "
                        "the pair RX1, TX1 and reset again (CEN to GND)"},
    [HEARD_TUYA_MCU] = {"tuya-mcu", "the application talks to a TuyaMCU (55 AA frames)",
                        "the second controller drives the same pins: lift its RX and TX, then "
                        "reset (CEN to GND)"},
    [HEARD_APPLICATION] = {"application", "a program is running and prints text",
                           "reset the chip while this runs: CEN to GND for a quarter of a second, "
                           "or switch its 3.3 V off and on"},
    [HEARD_DAMAGED] = {"damaged", "pieces of answers come, but damaged",
                       "shorten the wires, check ground, and feed 3.3 V from a supply that gives "
                       "300 mA and more"},
    [HEARD_STUCK] = {"stuck", "the line is held low",
                     "something pulls our RX down: TX of the chip is not connected, the module "
                     "has no 3.3 V, or a part of the board sits on that pin"},
    [HEARD_HUM] = {"hum", "bursts at mains frequency",
                   "no common ground, or the board hangs on the mains: UNPLUG IT, never connect a "
                   "computer to a board on mains"},
    [HEARD_NOISE] = {"noise", "bytes without sense",
                     "something talks at another baud rate, or there is no common ground"},
    [HEARD_CHIP] = {"chip", "the chip answers", "nothing to do"},
};

const char *heard_name(enum heard heard) {
    return kinds[heard < HEARD_COUNT ? heard : HEARD_NOISE].name;
}
const char *heard_text(enum heard heard) {
    return kinds[heard < HEARD_COUNT ? heard : HEARD_NOISE].text;
}
const char *heard_advice(enum heard heard) {
    return kinds[heard < HEARD_COUNT ? heard : HEARD_NOISE].advice;
}

static void note_text(struct classify *c, uint8_t byte) {
    static const char *const marks[] = {"V:BK7231",    "BK7231N_", "BK7231S_",  "J 0x10000",
                                        "prvHeapInit", "bk_misc_", "bootloader"};
    if (c->text_length == sizeof c->text - 1) {
        memmove(c->text, c->text + sizeof c->text / 2, sizeof c->text / 2);
        c->text_length -= sizeof c->text / 2;
    }
    c->text[c->text_length++] = (char)byte;
    c->text[c->text_length] = '\0';
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        size_t length = strlen(marks[i]);
        if (c->text_length >= length && strcmp(c->text + c->text_length - length, marks[i]) == 0)
            c->boot_text = true;
    }
}

/* Mains noise comes in bursts 8 to 10 ms (half wave) or 16 to 20 ms apart. */
static void note_burst(struct classify *c, uint64_t now_us) {
    uint64_t since = now_us - c->burst_us;
    if (now_us - c->last_us < 3000)
        return;
    if ((since > 7500 && since < 10800) || (since > 15500 && since < 21000))
        c->bursts++;
    c->burst_us = now_us;
}

static void feed_byte(struct classify *c, uint8_t byte) {
    c->bytes++;
    c->zeros += byte == 0;
    c->tail = c->tail << 8 | byte;
    bool printable = (byte >= 0x20 && byte < 0x7F) || byte == '\r' || byte == '\n' || byte == '\t';
    c->printable += printable;
    if (printable)
        note_text(c, byte);
    /* 01 E0 FC inside an answer follows 04 0E LEN; bare it is our own request. */
    bool mark = (c->tail & 0xFFFFFF) == 0x01E0FC;
    bool answer = mark && (c->tail >> 32 & 0xFFFF) == 0x040E;
    c->requests += mark && !answer;
    c->fragments += answer || (c->tail & 0xFFFF) == 0x040E;
    c->answers += c->tail == 0x040E0501E0FC0100u;
    c->tuya_frames += (c->tail >> 16 & 0xFFFF) == 0x55AA && (c->tail >> 8 & 0xFF) <= 3;
}

void classify_feed(struct classify *c, const uint8_t *data, size_t size, uint64_t now_us) {
    if (!size)
        return;
    note_burst(c, now_us);
    c->last_us = now_us;
    for (size_t i = 0; i < size; i++)
        feed_byte(c, data[i]);
}

enum heard classify_verdict(const struct classify *c) {
    if (c->bytes == 0)
        return HEARD_SILENCE;
    if (c->answers)
        return HEARD_CHIP;
    if (c->boot_text)
        return HEARD_BOOT_LOG;
    if (c->requests >= 2 && c->requests * 10 >= c->bytes)
        return HEARD_ECHO;
    if (c->tuya_frames >= 1 && c->tuya_frames * 40 >= c->bytes)
        return HEARD_TUYA_MCU;
    if (c->printable * 10 >= c->bytes * 9 && c->bytes >= 4)
        return HEARD_APPLICATION;
    if (c->fragments)
        return HEARD_DAMAGED;
    if (c->zeros * 10 >= c->bytes * 9)
        return HEARD_STUCK;
    return c->bursts >= 8 ? HEARD_HUM : HEARD_NOISE;
}
