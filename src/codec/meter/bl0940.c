/* Frames of BL0940 and BL0939; see bl0940.h. */
#include "codec/meter/bl0940.h"

#include <string.h>

enum { READ_0939 = 0x55, WRITE = 0xA0, HEADER = 0x55 };

static bool begins(const uint8_t *data, size_t used) {
    (void)used;
    return data[0] == HEADER;
}

static uint8_t packet_sum(uint8_t command, const uint8_t *data) {
    return (uint8_t)~meter_sum(command, data, BL0940_PACKET - 1);
}

static bool whole_0940(const uint8_t *data) {
    return data[BL0940_PACKET - 1] == packet_sum(BL0940_READ, data);
}

static bool whole_0939(const uint8_t *data) {
    return data[BL0940_PACKET - 1] == packet_sum(READ_0939, data);
}

const struct meter_format bl0940_format = {"BL0940", BL0940_PACKET, begins, whole_0940};
const struct meter_format bl0939_format = {"BL0939", BL0940_PACKET, begins, whole_0939};

void bl0940_decode(const uint8_t p[BL0940_PACKET], struct bl0940_packet *out) {
    *out = (struct bl0940_packet){.fast_current = meter_le24(p + 1),
                                  .current = meter_le24(p + 4),
                                  .voltage = meter_le24(p + 10),
                                  .power = meter_le24_signed(p + 16),
                                  .pulses = meter_le24(p + 22),
                                  .temperature = (uint16_t)(p[28] | p[29] << 8)};
}

void bl0939_decode(const uint8_t p[BL0940_PACKET], struct bl0940_packet *out) {
    bl0940_decode(p, out);
    out->current_b = meter_le24(p + 7);
    out->power_b = meter_le24_signed(p + 19);
    out->pulses_b = meter_le24(p + 25);
}

void bl0940_encode(const struct bl0940_packet *in, uint8_t out[BL0940_PACKET]) {
    memset(out, 0, BL0940_PACKET);
    out[0] = HEADER;
    meter_put_le24(out + 1, in->fast_current);
    meter_put_le24(out + 4, in->current);
    meter_put_le24(out + 10, in->voltage);
    meter_put_le24(out + 16, (uint32_t)in->power);
    meter_put_le24(out + 22, in->pulses);
    meter_put_le24(out + 28, in->temperature);
    out[BL0940_PACKET - 1] = packet_sum(BL0940_READ, out);
}

size_t bl0940_write(uint8_t reg, uint32_t value, uint8_t out[BL0940_WRITE]) {
    out[0] = WRITE;
    out[1] = reg;
    meter_put_le24(out + 2, value);
    out[5] = (uint8_t)~meter_sum(0, out, 5);
    return BL0940_WRITE;
}

size_t bl0940_init(unsigned n, uint8_t out[BL0940_WRITE]) {
    static const struct {
        uint8_t reg;
        uint32_t value;
    } writes[BL0940_INIT_FRAMES] = {
        {0x19, 0x5A5A5A},                /* soft reset */
        {0x1A, 0x000055},                /* unlock */
        {0x18, 0x001000},                /* mode: 50 Hz */
        {0x1B, 0x0047FF},                /* temperature: internal */
        {BL0940_FAST_CONTROL, 0x00181C}, /* fast current over half a cycle; threshold */
    };
    return n < BL0940_INIT_FRAMES ? bl0940_write(writes[n].reg, writes[n].value, out) : 0;
}

int32_t bl0940_temperature(uint16_t raw) {
    /* (170 / 448) * (raw / 2 - 32) - 45 degrees, in tenths */
    return (1700 * ((int32_t)raw - 64) / 2 + 224) / 448 - 450;
}
