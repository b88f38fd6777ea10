/* What meters on a UART share: the port, packets out of bytes, the middle of three, the chip's
 * energy counter, and a chip that falls silent and is found again.
 *
 * A sum of one byte lets one spoilt packet in some hundreds pass. So a value is told only when it
 * is the middle of the last three packets; on a line without noise one in a second is enough.
 * Protection looks at every packet by itself: a wrong one is not long enough to trip. */
#ifndef DEVICE_METER_UART_METER_H
#define DEVICE_METER_UART_METER_H
#include "codec/meter/meter_stream.h"
#include "device/meter/calibrated.h"
#include "device/meter/fast_current.h"

struct device;
struct meter_driver;

enum {
    UART_METER_LOST_S = 10,  /* without a good packet: reported as lost */
    UART_METER_ASK_MS = 250, /* between two packets asked for */
    UART_METER_CLEAN_S = 10, /* without noise: the line is trusted */
};

/* One packet in the chip's own numbers. */
struct uart_values {
    float raw[3];    /* voltage, current, power */
    bool running[3]; /* it may still become less: the chip waits for the end of a period */
    float fast;      /* current of the last cycle; chips without such a register: 0 */
    float frequency;
    uint32_t pulses; /* the chip's energy counter */
    uint64_t at_us;  /* as it was then */
    float pulse;     /* what the chip says a pulse is worth, in its own units; 0: it does not */
};

struct uart_meter {
    struct meter_stream stream;
    uint8_t port;
    uint8_t silent_s;   /* seconds without a good packet */
    uint8_t count;      /* packets in `last` */
    uint8_t fresh;      /* packets since the last second */
    uint8_t clean_s;    /* seconds without noise */
    uint8_t doubtful_s; /* seconds since the energy counter leapt */
    bool primed;        /* the chip's energy counter was seen once */
    bool quick;         /* the chip was told to renew its figures more often */
    bool by_register;   /* the last question was for one register */
    struct uart_values last[3];
    struct uart_values told; /* last */
    uint32_t pulses;         /* counter as it was booked */
    uint32_t bad;            /* spoilt packets and bytes stepped over */
    uint32_t bad_before;
    uint64_t asked_ms, opened_ms, packet_ms; /* last question; line opened; packet asked for */
    uint64_t looked_ms[2];                   /* of current and power: last moment told */
    struct fast_current fast;
    uint32_t baud;
    uint8_t parity; /* of chips that boards wire differently: which one is being tried */
    uint8_t reply[5], reply_size, turn; /* of chips that are asked register by register */
    struct uart_values gathering;       /* the round that runs */
    uint8_t reading, quick_reads;       /* its register asked for; those read between */
    bool between, answered;             /* the question is not one of the round; is answered */
    uint8_t refusals;                   /* of another pace */
    float pulse_uwh;                    /* of that counter */
    uint64_t counted_us;                /* when the chip's counter last moved */
    uint64_t paced_ms;                  /* when the chip last told its pace */
    float looked[2];                    /* current and power as protection last saw them, */
    uint8_t moved[2];                   /* and refreshes since they left where they were */
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
    /* What a packet says to protection. */
    void (*moment)(struct device *d, const struct uart_values *values);
    float least_amps; /* the chip measures no current below; 0: it does */
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
/* Books what flows between two samples in small steps, so that little is unsaved when the power
 * goes; ms until the next one. */
uint32_t uart_meter_book(struct device *d);
/* Values in V, A and W: of the last packet, or the middle of three `packets`. False: there are none
 * that are young enough. */
bool uart_meter_figures(const struct device *d, unsigned packets, struct slow_figures *out);
/* Tells protection what flowed at `at_ms`; `what` is METER_CAL_CURRENT or METER_CAL_POWER, whose
 * time runs, and a moment stands for `most_ms` at most. */
void uart_meter_tell(struct device *d, enum meter_calibrated what, struct load_moment *moment,
                     uint64_t at_ms, uint32_t most_ms);
#endif
