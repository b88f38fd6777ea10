/* Telling peers apart by the shape of the requests. */
#include "workbench/emulator/uart1_peer.h"

#include "codec/meter/rn8209.h"

#include <string.h>

enum {
    METER_BAUD = 4800,
    BAUD_STEP = 100,
    MCU_HEAD = 6, /* 55 AA version command length length */
    SURE = 95,
    LIKELY = 80,
    MAYBE = 45,
    BELLING_FULL_PACKET = 0xAA,
    BL0942_READ = 0x58, /* with the chip's address in the low bits */
    BL0940_READ = 0x50,
    RN8209_WRITE = 0x80,
    ASKED_MIN = 2,
};

const char *uart1_peer_name(enum uart1_peer peer) {
    static const char *const names[] = {
        "",
        "TuyaMCU",
        "metering chip BL0942",
        "metering chip BL0940",
        "metering chip RN8209",
        "a metering chip that talks by itself (CSE7766, HLW8032)?",
        "something unknown",
    };
    return names[peer];
}

uint32_t uart1_usual_baud(uint32_t baud) {
    static const uint32_t usual[] = {1200,  2400,  4800,   9600,   19200,
                                     38400, 57600, 115200, 230400, 921600};
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
        if (baud > usual[i] - usual[i] / 50 && baud < usual[i] + usual[i] / 50)
            return usual[i];
    return baud / BAUD_STEP * BAUD_STEP;
}

void uart1_take_baud(struct uart1 *u, uint64_t us, uint32_t baud) {
    u->baud = baud;
    if (u->rates == UART1_RATES)
        return;
    u->rate[u->rates].us = us;
    u->rate[u->rates++].baud = baud;
}

static uint32_t baud_at(const struct uart1 *u, uint64_t us) {
    uint32_t baud = u->rates ? u->rate[0].baud : u->baud;
    for (int i = 0; i < u->rates && u->rate[i].us <= us; i++)
        baud = u->rate[i].baud;
    return baud;
}

void uart1_take_sent(struct uart1 *u, uint64_t us, const uint8_t *bytes, size_t size) {
    size_t room = (size_t)(UART1_KEPT - u->count);
    if (!u->count && size)
        u->sent_baud = baud_at(u, us);
    memcpy(u->sent + u->count, bytes, size < room ? size : room);
    u->count += (int)(size < room ? size : room);
}

/* Frames whose sum is right. */
static int mcu_frames(const struct uart1 *u) {
    int frames = 0;
    for (int at = 0; at + MCU_HEAD < u->count; at++) {
        const uint8_t *p = u->sent + at;
        int length = MCU_HEAD + (p[4] << 8 | p[5]);
        uint8_t sum = 0;
        if (p[0] != 0x55 || p[1] != 0xAA || at + length >= u->count)
            continue;
        for (int i = 0; i < length; i++)
            sum = (uint8_t)(sum + p[i]);
        frames += sum == p[length];
    }
    return frames;
}

static int pairs(const struct uart1 *u, uint8_t first, uint8_t mask, uint8_t second) {
    int found = 0;
    for (int at = 0; at + 1 < u->count; at++)
        found += (u->sent[at] & mask) == first && u->sent[at + 1] == second;
    return found;
}

/* Unlocking, or nothing but numbers of registers. */
static bool is_rn8209(const struct uart1 *u) {
    if (pairs(u, RN8209_COMMAND | RN8209_WRITE, 0xFF, RN8209_UNLOCK))
        return true;
    for (int i = 0; i < u->count; i++)
        if (!rn8209_size(u->sent[i]))
            return false;
    return u->count >= 4 * ASKED_MIN && uart1_usual_baud(u->sent_baud) == METER_BAUD;
}

static bool is_text(const struct uart1 *u) {
    int odd = 0;
    for (int i = 0; i < u->count; i++)
        odd += u->sent[i] >= 0x7F || (u->sent[i] < 0x20 && !strchr("\t\r\n", u->sent[i]));
    return odd * 8 <= u->count;
}

enum uart1_peer uart1_find(const struct uart1 *u, int *confidence) {
    static const struct {
        uint8_t read, mask;
        enum uart1_peer peer;
    } belling[] = {{BL0942_READ, 0xFC, UART1_BL0942}, {BL0940_READ, 0xFF, UART1_BL0940}};
    *confidence = SURE;
    if (mcu_frames(u))
        return UART1_TUYA_MCU;
    *confidence = LIKELY;
    for (size_t i = 0; i < sizeof belling / sizeof *belling; i++)
        if (pairs(u, belling[i].read, belling[i].mask, BELLING_FULL_PACKET) >= ASKED_MIN)
            return belling[i].peer;
    if (u->count && is_rn8209(u))
        return UART1_RN8209;
    *confidence = MAYBE;
    if (u->count)
        return is_text(u) ? UART1_NOBODY : UART1_UNKNOWN; /* a log goes to whoever listens */
    return uart1_usual_baud(u->baud) == METER_BAUD ? UART1_METER_LISTENED : UART1_NOBODY;
}
