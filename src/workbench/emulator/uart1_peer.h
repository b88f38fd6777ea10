/* Who the firmware talks to on UART1, told by what it sends: a TuyaMCU microcontroller, or a
 * metering chip, which is asked for its registers. Formats: Tuya's serial protocol; data sheets of
 * BL0942 and BL0940 (Shanghai Belling) and RN8209C (Renergy). */
#ifndef WORKBENCH_EMULATOR_UART1_PEER_H
#define WORKBENCH_EMULATOR_UART1_PEER_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { UART1_KEPT = 512, UART1_RATES = 8 };

enum uart1_peer {
    UART1_NOBODY,
    UART1_TUYA_MCU,
    UART1_BL0942,
    UART1_BL0940,
    UART1_RN8209,
    UART1_METER_LISTENED, /* nothing is sent, but a rate is set that metering chips talk at */
    UART1_UNKNOWN
};

struct uart1 {
    uint8_t sent[UART1_KEPT]; /* the first bytes */
    int count;
    /* The first rates and when they were set: bytes are told later than the rate that follows them,
     * and firmware that looks for the right one changes it all the time. */
    struct {
        uint64_t us;
        uint32_t baud;
    } rate[UART1_RATES];
    int rates;
    uint32_t baud, sent_baud; /* last one, and that of the first byte; 0: not set */
};

void uart1_take_baud(struct uart1 *u, uint64_t us, uint32_t baud);
void uart1_take_sent(struct uart1 *u, uint64_t us, const uint8_t *bytes, size_t size);
/* Who it is, and how sure that is in per cent. */
enum uart1_peer uart1_find(const struct uart1 *u, int *confidence);
/* "TuyaMCU", "metering chip BL0942", …; "" for nobody. */
const char *uart1_peer_name(enum uart1_peer peer);
/* The rate that firmware meant: dividers hit the usual ones to a few in a thousand. */
uint32_t uart1_usual_baud(uint32_t baud);
#endif
