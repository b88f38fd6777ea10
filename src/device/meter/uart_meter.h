/* What meters on a UART share: the port, packets out of bytes, the middle of three, the chip's
 * energy counter, and a chip that falls silent and is found again.
 *
 * A sum of one byte lets one spoilt packet in some hundreds pass. So a value is told only when it
 * is the middle of the last three packets; where there are fewer in a second, they count only on a
 * line without noise, or when they agree with what was told before. */
#ifndef DEVICE_METER_UART_METER_H
#define DEVICE_METER_UART_METER_H
#include "codec/meter/meter_stream.h"

struct device;
struct meter_driver;

enum {
    UART_METER_LOST_S = 10,    /* without a good packet: reported as lost */
    UART_METER_ASK_MS = 250,   /* between two questions */
    UART_METER_HURRY_MS = 120, /* the same while limits of protection are set */
    UART_METER_CLEAN_S = 10,   /* without noise: the line is trusted */
};

/* One packet in the chip's own numbers. */
struct uart_values {
    float raw[3]; /* voltage, current, power */
    float frequency;
    uint32_t pulses; /* the chip's energy counter */
    float pulse;     /* what the chip says a pulse is worth, in its own units; 0: it does not */
};

struct uart_meter {
    struct meter_stream stream;
    uint8_t port;
    uint8_t silent_s; /* seconds without a good packet */
    uint8_t count;    /* packets in `last` */
    uint8_t fresh;    /* packets since the last second */
    uint8_t clean_s;  /* seconds without noise */
    bool primed;      /* the chip's energy counter was seen once */
    bool quick;       /* the chip was told to renew its figures more often */
    struct uart_values last[3];
    struct uart_values told; /* last */
    uint32_t pulses;         /* counter as it was booked */
    uint32_t bad;            /* spoilt packets and bytes stepped over */
    uint32_t bad_before;
    uint64_t asked_ms, opened_ms;
    uint32_t baud;
    uint8_t parity; /* of chips that boards wire differently: which one is being tried */
    uint8_t reply[5], reply_size, turn; /* of chips that are asked register by register */
    struct uart_values gathering;       /* the round that runs */
};

/* A chip that sends whole packets. */
struct uart_meter_kind {
    const struct meter_driver *driver;
    const struct meter_format *format;
    /* False: the packet must not be used. */
    bool (*decode)(const uint8_t *packet, struct uart_values *out);
    uint32_t counter_mask;
    /* µWh of one pulse of the chip's counter. */
    double (*pulse_uwh)(const struct device *d, const struct uart_values *values);
};

void uart_meter_start(struct device *d, const struct meter_driver *driver, const char *arguments,
                      unsigned parity);
void uart_meter_stop(struct device *d);
/* The same line with another parity. */
void uart_meter_reopen(struct device *d, unsigned parity);
void uart_meter_send(struct device *d, const uint8_t *frame, size_t size);
void uart_meter_feed(struct device *d, const struct uart_meter_kind *kind, unsigned port,
                     const uint8_t *data, size_t size);
/* A good packet. */
void uart_meter_push(struct device *d, const struct uart_values *values);
/* Once a second: takes a sample, or notes that none came. */
void uart_meter_second(struct device *d, const struct uart_meter_kind *kind);
/* Does protection watch the load? */
bool uart_meter_hurries(const struct device *d);
/* Asks when it is time to; ms until the next time. */
uint32_t uart_meter_ask(struct device *d, void (*ask)(struct device *d));
/* For `struct meter_driver`. */
bool uart_meter_now(struct device *d, float *watts);
#endif
