/* The packets of UART power meters, found in a stream of bytes. Each chip's packet has a fixed
 * size, a beginning that can be recognised and a sum; bytes that fit none of these are stepped over
 * one by one, so that a lost, wrong or extra byte costs one packet and never yields a wrong one. */
#ifndef CODEC_METER_METER_STREAM_H
#define CODEC_METER_METER_STREAM_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { METER_PACKET_MAX = 35 };

struct meter_format {
    const char *chip;
    uint8_t size; /* bytes of a packet */
    /* Can a packet begin with these `used` bytes? */
    bool (*begins)(const uint8_t *data, size_t used);
    /* Is the sum of these `size` bytes right? */
    bool (*whole)(const uint8_t *data);
};

struct meter_stream {
    uint8_t data[METER_PACKET_MAX];
    uint8_t used;
};

enum meter_event { METER_NOTHING, METER_PACKET, METER_NOISE };

/* Takes one byte. METER_PACKET: `stream->data` holds a packet until the next call. METER_NOISE: a
 * byte was stepped over, or a packet had a wrong sum. */
enum meter_event meter_stream_feed(struct meter_stream *stream, const struct meter_format *format,
                                   uint8_t byte);
/* Forgets a packet begun: after a gap in time nothing more of it will come. */
void meter_stream_reset(struct meter_stream *stream);

/* Signed 24-bit little-endian, as Belling's chips send active power. */
int32_t meter_le24_signed(const uint8_t *p);
uint32_t meter_le24(const uint8_t *p);
void meter_put_le24(uint8_t *p, uint32_t value);
/* Sum of bytes, modulo 256. */
uint8_t meter_sum(uint8_t start, const uint8_t *data, size_t size);
#endif
