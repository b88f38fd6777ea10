/* RN8209C: one register at a time, big-endian, sum inverted.
 * Source: Renergy RN8209C user manual. */
#ifndef CODEC_METER_RN8209_H
#define CODEC_METER_RN8209_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum rn8209_register {
    RN8209_CURRENT_A = 0x22,
    RN8209_CURRENT_B = 0x23,
    RN8209_VOLTAGE = 0x24,
    RN8209_FREQUENCY = 0x25,
    RN8209_POWER_A = 0x26,
    RN8209_POWER_B = 0x27,
    RN8209_ENERGY = 0x29,
    RN8209_CONTROL_2 = 0x17, /* EMUCON2, written only while unlocked */
    RN8209_ID = 0x7F,
    RN8209_COMMAND = 0x6A,
};
/* Of EMUCON2, UPMODE: RMS and power are renewed 13.982 times a second instead of 3.495. */
enum { RN8209_QUICK = 1 << 5 };
enum {
    RN8209_UNLOCK = 0xE5,
    RN8209_LOCK = 0xDC,
    RN8209_CHANNEL_A = 0x5A,
    RN8209_CHANNEL_B = 0xA5,
    RN8209_RESET = 0xFA,
    RN8209_REPLY_MAX = 5,
    RN8209_WRITE_MAX = 6,
};

/* Data bytes of a register, 0: not known. */
size_t rn8209_size(uint8_t reg);
/* Value of a reply of rn8209_size + 1 bytes to a read of `reg`; false when the sum is wrong. Power
 * is signed; a current or voltage with its top bit set is 0. */
bool rn8209_decode(uint8_t reg, const uint8_t *reply, size_t size, int32_t *value);
/* The chip's reply; returns its length. */
size_t rn8209_encode(uint8_t reg, int32_t value, uint8_t out[RN8209_REPLY_MAX]);
/* Writes a register; returns the length of the frame, 0: not known. */
size_t rn8209_write(uint8_t reg, uint32_t value, uint8_t out[RN8209_WRITE_MAX]);
/* A special command (unlock, lock, channel, reset): 3 bytes. */
size_t rn8209_command(uint8_t command, uint8_t out[3]);
#endif
