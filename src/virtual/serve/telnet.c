/* RFC 2217 as clients use it: baud rate, DTR and RTS, purge; the rest is confirmed and ignored. */
#include "virtual/serve/telnet.h"

#include <string.h>

#include "base/bytes.h"

enum { IAC = 255, DONT = 254, DO = 253, WONT = 252, WILL = 251, SB = 250, SE = 240 };
enum { BINARY = 0, SUPPRESS_GO_AHEAD = 3, COM_PORT = 44, SERVER = 100 };
enum { SIGNATURE = 0, SET_BAUD, SET_DATA, SET_PARITY, SET_STOP, SET_CONTROL };
enum { LINE_MASK = 10, MODEM_MASK = 11, PURGE = 12 };
enum { QUERY_DTR = 7, DTR_ON, DTR_OFF, QUERY_RTS, RTS_ON, RTS_OFF };
enum { STATE_DATA, STATE_COMMAND, STATE_VERB, STATE_SUB, STATE_SUB_COMMAND };

void telnet_start(struct telnet *telnet, uint32_t baud) {
    memset(telnet, 0, sizeof *telnet);
    telnet->baud = baud;
}

static void reply(struct telnet *telnet, const uint8_t *bytes, size_t size) {
    if (telnet->answer_size + size <= sizeof telnet->answer) {
        memcpy(telnet->answer + telnet->answer_size, bytes, size);
        telnet->answer_size += size;
    }
}

/* Agrees once to what it knows, refuses the rest; never answers a refusal. */
static void negotiate(struct telnet *telnet, uint8_t option) {
    bool known = option == BINARY || option == SUPPRESS_GO_AHEAD || option == COM_PORT;
    bool asks_us = telnet->verb == DO;
    uint32_t *agreed = asks_us ? &telnet->agreed_do : &telnet->agreed_will;
    uint32_t bit = option == COM_PORT ? 4 : option == BINARY ? 1 : 2;
    if (telnet->verb == WONT || telnet->verb == DONT || (known && *agreed & bit))
        return;
    if (known)
        *agreed |= bit;
    const uint8_t yes = asks_us ? WILL : DO, no = asks_us ? WONT : DONT;
    const uint8_t bytes[3] = {IAC, known ? yes : no, option};
    reply(telnet, bytes, sizeof bytes);
}

static void confirm(struct telnet *telnet, uint8_t command, const uint8_t *value, size_t size) {
    uint8_t bytes[32] = {IAC, SB, COM_PORT, (uint8_t)(SERVER + command)};
    size_t at = 4 + telnet_escape(value, size, bytes + 4);
    bytes[at++] = IAC;
    bytes[at++] = SE;
    reply(telnet, bytes, at);
}

static enum telnet_event set_baud(struct telnet *telnet) {
    uint32_t asked = telnet->sub_size >= 6 ? load_be32(telnet->sub + 2) : 0;
    uint8_t value[4];
    if (asked)
        telnet->baud = asked;
    store_be32(value, telnet->baud);
    confirm(telnet, SET_BAUD, value, sizeof value);
    telnet->value = telnet->baud;
    return asked ? TELNET_BAUD : TELNET_NONE;
}

static enum telnet_event set_control(struct telnet *telnet, uint8_t value) {
    bool line = value == DTR_ON || value == DTR_OFF || value == RTS_ON || value == RTS_OFF;
    if (value == DTR_ON || value == DTR_OFF)
        telnet->dtr = value == DTR_ON;
    if (value == RTS_ON || value == RTS_OFF)
        telnet->rts = value == RTS_ON;
    if (value == QUERY_DTR)
        value = telnet->dtr ? DTR_ON : DTR_OFF;
    else if (value == QUERY_RTS)
        value = telnet->rts ? RTS_ON : RTS_OFF;
    else if (!line)
        value = 1; /* no flow control, no break */
    confirm(telnet, SET_CONTROL, &value, 1);
    return line ? TELNET_LINES : TELNET_NONE;
}

static enum telnet_event take_sub(struct telnet *telnet) {
    uint8_t command = telnet->sub_size > 1 ? telnet->sub[1] : 255;
    uint8_t value = telnet->sub_size > 2 ? telnet->sub[2] : 0;
    if (telnet->sub_size < 2 || telnet->sub[0] != COM_PORT)
        return TELNET_NONE;
    switch (command) {
    case SIGNATURE:
        confirm(telnet, SIGNATURE, (const uint8_t *)"plugsmith", 9);
        return TELNET_NONE;
    case SET_BAUD:
        return set_baud(telnet);
    case SET_DATA:
        value = 8;
        break;
    case SET_PARITY:
    case SET_STOP:
        value = 1;
        break;
    case SET_CONTROL:
        return set_control(telnet, value);
    case LINE_MASK:
    case MODEM_MASK:
    case PURGE:
        break;
    default:
        return TELNET_NONE;
    }
    confirm(telnet, command, &value, 1);
    return command == PURGE && value != 2 ? TELNET_PURGE : TELNET_NONE;
}

static enum telnet_event data(struct telnet *telnet, uint8_t byte) {
    telnet->state = STATE_DATA;
    telnet->value = byte;
    return TELNET_DATA;
}

static enum telnet_event take_command(struct telnet *telnet, uint8_t byte) {
    if (byte == IAC)
        return data(telnet, byte);
    telnet->state = byte == SB ? STATE_SUB : byte >= WILL ? STATE_VERB : STATE_DATA;
    telnet->verb = byte;
    telnet->sub_size = 0;
    return TELNET_NONE;
}

static void keep(struct telnet *telnet, uint8_t byte) {
    if (telnet->sub_size < sizeof telnet->sub)
        telnet->sub[telnet->sub_size++] = byte;
}

enum telnet_event telnet_feed(struct telnet *telnet, uint8_t byte) {
    telnet->answer_size = 0;
    switch (telnet->state) {
    case STATE_COMMAND:
        return take_command(telnet, byte);
    case STATE_VERB:
        telnet->state = STATE_DATA;
        negotiate(telnet, byte);
        return TELNET_NONE;
    case STATE_SUB:
        if (byte == IAC)
            telnet->state = STATE_SUB_COMMAND;
        else
            keep(telnet, byte);
        return TELNET_NONE;
    case STATE_SUB_COMMAND:
        telnet->state = byte == IAC ? STATE_SUB : STATE_DATA;
        if (byte == IAC)
            keep(telnet, byte);
        return byte == SE ? take_sub(telnet) : TELNET_NONE;
    default:
        if (byte != IAC)
            return data(telnet, byte);
        telnet->state = STATE_COMMAND;
        return TELNET_NONE;
    }
}

size_t telnet_escape(const uint8_t *bytes, size_t size, uint8_t *out) {
    size_t at = 0;
    for (size_t i = 0; i < size; i++) {
        out[at++] = bytes[i];
        if (bytes[i] == IAC)
            out[at++] = IAC;
    }
    return at;
}
