/* One parser for all packet meters; see meter_stream.h. */
#include "codec/meter/meter_stream.h"

#include <string.h>

uint32_t meter_le24(const uint8_t *p) {
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16;
}

int32_t meter_le24_signed(const uint8_t *p) {
    uint32_t value = meter_le24(p);
    return value & 0x800000 ? (int32_t)value - 0x1000000 : (int32_t)value;
}

void meter_put_le24(uint8_t *p, uint32_t value) {
    p[0] = (uint8_t)value;
    p[1] = (uint8_t)(value >> 8);
    p[2] = (uint8_t)(value >> 16);
}

uint8_t meter_sum(uint8_t start, const uint8_t *data, size_t size) {
    uint8_t sum = start;
    while (size--)
        sum = (uint8_t)(sum + *data++);
    return sum;
}

/* Steps over the first byte, and all after it that begin no packet either. */
static void step_over(struct meter_stream *s, const struct meter_format *format) {
    do {
        s->used--;
        memmove(s->data, s->data + 1, s->used);
    } while (s->used && !format->begins(s->data, s->used));
}

enum meter_event meter_stream_feed(struct meter_stream *s, const struct meter_format *format,
                                   uint8_t byte) {
    if (s->used == format->size)
        s->used = 0; /* a packet that was handed out */
    s->data[s->used++] = byte;
    if (!format->begins(s->data, s->used)) {
        step_over(s, format);
        return METER_NOISE;
    }
    if (s->used < format->size)
        return METER_NOTHING;
    if (format->whole(s->data))
        return METER_PACKET;
    step_over(s, format);
    return METER_NOISE;
}

void meter_stream_reset(struct meter_stream *s) {
    s->used = 0;
}
