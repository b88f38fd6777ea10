/* State of the meters that speak over a UART: bytes become packets, packets become samples once a
 * second. A chip that falls silent is asked again and, after a while, reported as lost. */
#ifndef DEVICE_METER_UART_METER_H
#define DEVICE_METER_UART_METER_H
#include "codec/meter/meter_stream.h"

enum { UART_METER_LOST_S = 10 };

struct uart_meter {
    struct meter_stream stream;
    uint8_t port;
    uint8_t silent_s;                 /* seconds without a good packet */
    bool fresh;                       /* a packet came since the last second */
    bool primed;                      /* the chip's energy counter was seen once */
    uint8_t packet[METER_PACKET_MAX]; /* the last good one */
    float raw[3];                     /* voltage, current, power of it */
    uint32_t pulses;                  /* the chip's energy counter */
    uint32_t bad;                     /* packets with a wrong sum, and noise */
    float frequency;
};
#endif
