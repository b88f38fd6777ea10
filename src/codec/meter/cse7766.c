/* Packets of the CSE7766; see cse7766.h. */
#include "codec/meter/cse7766.h"

#include "base/bytes.h"

enum { SECOND = 0x5A, ALL_VALID = 0x55, NOT_CALIBRATED = 0xAA, ABNORMAL = 0xF0 };

static bool begins(const uint8_t *data, size_t used) {
    bool first = data[0] == ALL_VALID || data[0] == NOT_CALIBRATED || (data[0] & 0xF0) == ABNORMAL;
    return first && (used < 2 || data[1] == SECOND);
}

static bool whole(const uint8_t *data) {
    return data[23] == meter_sum(0, data + 2, 21);
}

const struct meter_format cse7766_format = {"CSE7766", CSE7766_PACKET, begins, whole};

static uint32_t load_be24(const uint8_t *p) {
    return (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
}

static void put_be24(uint8_t *p, uint32_t value) {
    p[0] = (uint8_t)(value >> 16);
    p[1] = (uint8_t)(value >> 8);
    p[2] = (uint8_t)value;
}

void cse7766_decode(const uint8_t p[CSE7766_PACKET], struct cse7766_packet *out) {
    *out = (struct cse7766_packet){.state = p[0],
                                   .adjust = p[20],
                                   .voltage_coefficient = load_be24(p + 2),
                                   .voltage_cycle = load_be24(p + 5),
                                   .current_coefficient = load_be24(p + 8),
                                   .current_cycle = load_be24(p + 11),
                                   .power_coefficient = load_be24(p + 14),
                                   .power_cycle = load_be24(p + 17),
                                   .pulses = load_be16(p + 21)};
}

void cse7766_encode(const struct cse7766_packet *in, uint8_t out[CSE7766_PACKET]) {
    out[0] = in->state;
    out[1] = SECOND;
    put_be24(out + 2, in->voltage_coefficient);
    put_be24(out + 5, in->voltage_cycle);
    put_be24(out + 8, in->current_coefficient);
    put_be24(out + 11, in->current_cycle);
    put_be24(out + 14, in->power_coefficient);
    put_be24(out + 17, in->power_cycle);
    out[20] = in->adjust;
    out[21] = (uint8_t)(in->pulses >> 8);
    out[22] = (uint8_t)in->pulses;
    out[23] = meter_sum(0, out + 2, 21);
}

static unsigned flags_of(const struct cse7766_packet *p) {
    return (p->state & 0xF0) == ABNORMAL ? p->state & 0x0F : 0;
}

bool cse7766_usable(const struct cse7766_packet *p) {
    unsigned bad = CSE7766_VOLTAGE_OVER | CSE7766_CURRENT_OVER | CSE7766_BAD_COEFFICIENTS;
    return p->state != NOT_CALIBRATED && !(flags_of(p) & bad) && p->voltage_cycle &&
           p->current_cycle && p->power_cycle;
}

bool cse7766_no_power(const struct cse7766_packet *p) {
    return (flags_of(p) & CSE7766_POWER_OVER) != 0;
}
