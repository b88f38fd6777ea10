/* CSE7766, CSE7759B, HLW8032: 24 bytes sent unasked about every 55 ms (4800 baud, even parity), all
 * big-endian. Values are quotients of a coefficient and a measured cycle.
 * Source: Chipsea CSE7766 datasheet; esphome/esphome (components/cse7766). */
#ifndef CODEC_METER_CSE7766_H
#define CODEC_METER_CSE7766_H
#include "codec/meter/meter_stream.h"

enum { CSE7766_PACKET = 24 };

/* Bits of `state` when its high half is F: a cycle is over its range, that is, the value is small.
 */
enum {
    CSE7766_BAD_COEFFICIENTS = 1,
    CSE7766_POWER_OVER = 2,
    CSE7766_CURRENT_OVER = 4,
    CSE7766_VOLTAGE_OVER = 8,
};
/* Bits of `adjust`. */
enum { CSE7766_POWER_VALID = 16, CSE7766_CURRENT_VALID = 32, CSE7766_VOLTAGE_VALID = 64 };

struct cse7766_packet {
    uint8_t state; /* 55, AA: not calibrated, or F0 with bits above */
    uint8_t adjust;
    uint32_t voltage_coefficient, voltage_cycle;
    uint32_t current_coefficient, current_cycle;
    uint32_t power_coefficient, power_cycle;
    uint16_t pulses; /* energy, modulo 65536 */
};

extern const struct meter_format cse7766_format;
void cse7766_decode(const uint8_t packet[CSE7766_PACKET], struct cse7766_packet *out);
void cse7766_encode(const struct cse7766_packet *in, uint8_t out[CSE7766_PACKET]);
/* False when the packet's values must not be used: the chip is not calibrated, or voltage, current
 * or coefficients are out of range. Power over its range alone means 0 W. */
bool cse7766_usable(const struct cse7766_packet *packet);
bool cse7766_no_power(const struct cse7766_packet *packet);
#endif
