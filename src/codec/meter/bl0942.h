/* BL0942: packet of 23 bytes on request, registers by read and write frames, all little-endian.
 * Source: Belling BL0942 datasheet; esphome/esphome (components/bl0942). */
#ifndef CODEC_METER_BL0942_H
#define CODEC_METER_BL0942_H
#include "codec/meter/belling_register.h"
#include "codec/meter/meter_stream.h"

enum { BL0942_PACKET = 23, BL0942_WRITE = 6, BL0942_READ = 0x58 /* command, address 0 */ };
enum bl0942_register {
    BL0942_FAST_CURRENT = 0x05,
    BL0942_FAST_CYCLES = 0x16, /* its window: half a cycle, 1, 2, 4, 8 */
    BL0942_MODE = 0x19,
    BL0942_GAIN = 0x1A,
    BL0942_SOFT_RESET = 0x1C,
    BL0942_WRITE_PROTECT = 0x1D,
    BL0942_ALL = 0xAA, /* asks for the packet */
};
enum {
    BL0942_UNLOCK = 0x55,
    BL0942_MODE_400MS = 0x87,
    BL0942_MODE_800MS = 0x8F,
    BL0942_MODE_60HZ = 0x20
};

struct bl0942_packet {
    uint32_t current, voltage, fast_current; /* raw */
    int32_t power;                           /* raw, negative when the current flows back */
    uint32_t pulses;                         /* energy, modulo 2^24 */
    uint16_t period;                         /* µs of the mains; 0: not measured */
    uint8_t status;
};

/* Packets answer to a chip at address 0 (the only one on the 10-pin package). */
extern const struct meter_format bl0942_format;
void bl0942_decode(const uint8_t packet[BL0942_PACKET], struct bl0942_packet *out);
void bl0942_encode(const struct bl0942_packet *in, uint8_t out[BL0942_PACKET]);
/* A write; belling_ask reads. Returns its length. */
size_t bl0942_write(uint8_t reg, uint32_t value, uint8_t out[BL0942_WRITE]);
#endif
