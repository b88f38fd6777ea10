/* The server's side of Telnet with COM port control (RFC 854, RFC 2217): takes the bytes of a
 * client apart into data and requests, and builds the answers. Pure: no socket here. */
#ifndef VIRTUAL_SERVE_TELNET_H
#define VIRTUAL_SERVE_TELNET_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum telnet_event {
    TELNET_NONE,
    TELNET_DATA,  /* `value` is a byte for the serial line */
    TELNET_BAUD,  /* `value` is the rate asked for */
    TELNET_LINES, /* dtr or rts changed */
    TELNET_PURGE, /* received bytes are to be thrown away */
};

struct telnet {
    uint8_t state, verb;
    uint8_t sub[32];
    size_t sub_size;
    uint32_t agreed_do, agreed_will; /* options answered already, one bit each */
    uint32_t baud;
    bool dtr, rts;
    uint32_t value;
    uint8_t answer[64]; /* to send back, after each event */
    size_t answer_size;
};

void telnet_start(struct telnet *telnet, uint32_t baud);
enum telnet_event telnet_feed(struct telnet *telnet, uint8_t byte);
/* Doubles the FF bytes; returns the length written (at most 2 * size). */
size_t telnet_escape(const uint8_t *bytes, size_t size, uint8_t *out);
#endif
