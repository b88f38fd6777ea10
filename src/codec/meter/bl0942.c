/* Frames of the BL0942; see bl0942.h. */
#include "codec/meter/bl0942.h"

#include <string.h>

enum { WRITE = 0xA8, HEADER = 0x55 };

static bool begins(const uint8_t *data, size_t used) {
    (void)used;
    return data[0] == HEADER;
}

static uint8_t packet_sum(const uint8_t *data) {
    return (uint8_t)~meter_sum(BL0942_READ, data, BL0942_PACKET - 1);
}

static bool whole(const uint8_t *data) {
    return data[BL0942_PACKET - 1] == packet_sum(data);
}

const struct meter_format bl0942_format = {"BL0942", BL0942_PACKET, begins, whole};

void bl0942_decode(const uint8_t p[BL0942_PACKET], struct bl0942_packet *out) {
    *out = (struct bl0942_packet){.current = meter_le24(p + 1),
                                  .voltage = meter_le24(p + 4),
                                  .fast_current = meter_le24(p + 7),
                                  .power = meter_le24_signed(p + 10),
                                  .pulses = meter_le24(p + 13),
                                  .period = (uint16_t)(p[16] | p[17] << 8),
                                  .status = p[19]};
}

void bl0942_encode(const struct bl0942_packet *in, uint8_t out[BL0942_PACKET]) {
    memset(out, 0, BL0942_PACKET);
    out[0] = HEADER;
    meter_put_le24(out + 1, in->current);
    meter_put_le24(out + 4, in->voltage);
    meter_put_le24(out + 7, in->fast_current);
    meter_put_le24(out + 10, (uint32_t)in->power);
    meter_put_le24(out + 13, in->pulses);
    out[16] = (uint8_t)in->period;
    out[17] = (uint8_t)(in->period >> 8);
    out[19] = in->status;
    out[BL0942_PACKET - 1] = packet_sum(out);
}

size_t bl0942_write(uint8_t reg, uint32_t value, uint8_t out[BL0942_WRITE]) {
    out[0] = WRITE;
    out[1] = reg;
    meter_put_le24(out + 2, value);
    out[5] = (uint8_t)~meter_sum(0, out, 5);
    return BL0942_WRITE;
}
