/* BL0940: packet of 35 bytes on request, all little-endian; BL0939 with two currents in the same
 * frame.
 * Source: Belling BL0940 datasheet; arendst/Tasmota (xnrg_14_bl09xx); esphome/esphome. */
#ifndef CODEC_METER_BL0940_H
#define CODEC_METER_BL0940_H
#include "codec/meter/belling_register.h"
#include "codec/meter/meter_stream.h"

enum {
    BL0940_PACKET = 35,
    BL0940_WRITE = 6,
    BL0940_INIT_FRAMES = 5,
    BL0940_READ = 0x50, /* command */
};
enum bl0940_register {
    BL0940_FAST_CURRENT = 0x00,
    BL0940_FAST_CONTROL = 0x10, /* threshold, and bit 15: a whole cycle, else half of one */
    BL0940_ALL = 0xAA,          /* asks for the packet */
};

struct bl0940_packet {
    uint32_t current, voltage, fast_current; /* raw; BL0939: of channel A */
    int32_t power;
    uint32_t pulses; /* energy, modulo 2^24 */
    uint32_t current_b;
    int32_t power_b; /* BL0939 only */
    uint32_t pulses_b;
    uint16_t temperature; /* raw TPS1 */
};

extern const struct meter_format bl0940_format, bl0939_format;
void bl0940_decode(const uint8_t packet[BL0940_PACKET], struct bl0940_packet *out);
void bl0939_decode(const uint8_t packet[BL0940_PACKET], struct bl0940_packet *out);
void bl0940_encode(const struct bl0940_packet *in, uint8_t out[BL0940_PACKET]);
size_t bl0940_write(uint8_t reg, uint32_t value, uint8_t out[BL0940_WRITE]);
/* The writes that set the chip up, 1 ms apart; n below BL0940_INIT_FRAMES. */
size_t bl0940_init(unsigned n, uint8_t out[BL0940_WRITE]);
/* Chip temperature in 1/10 °C. */
int32_t bl0940_temperature(uint16_t raw);
#endif
