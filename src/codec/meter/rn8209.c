/* Registers of the RN8209C; see rn8209.h. */
#include "codec/meter/rn8209.h"

#include "codec/meter/meter_stream.h"

enum { WRITE = 0x80 };

size_t rn8209_size(uint8_t reg) {
    switch (reg) {
    case RN8209_CURRENT_A:
    case RN8209_CURRENT_B:
    case RN8209_VOLTAGE:
    case RN8209_ENERGY:
    case RN8209_ID:
        return 3;
    case RN8209_FREQUENCY:
    case RN8209_CONTROL_2:
        return 2;
    case RN8209_POWER_A:
    case RN8209_POWER_B:
        return 4;
    default:
        return 0;
    }
}

static bool is_rms(uint8_t reg) {
    return reg == RN8209_CURRENT_A || reg == RN8209_CURRENT_B || reg == RN8209_VOLTAGE;
}

static uint8_t sum_of(uint8_t reg, const uint8_t *data, size_t length) {
    return meter_sum(reg, data, length) ^ 0xFF;
}

bool rn8209_decode(uint8_t reg, const uint8_t *reply, size_t size, int32_t *value) {
    size_t length = rn8209_size(reg);
    if (length == 0 || size != length + 1 || reply[length] != sum_of(reg, reply, length))
        return false;
    uint32_t raw = 0;
    for (size_t i = 0; i < length; i++)
        raw = raw << 8 | reply[i];
    *value = is_rms(reg) && raw & 0x800000 ? 0 : (int32_t)raw;
    return true;
}

size_t rn8209_encode(uint8_t reg, int32_t value, uint8_t out[RN8209_REPLY_MAX]) {
    size_t length = rn8209_size(reg);
    for (size_t i = 0; i < length; i++)
        out[i] = (uint8_t)((uint32_t)value >> 8 * (length - 1 - i));
    out[length] = sum_of(reg, out, length);
    return length ? length + 1 : 0;
}

size_t rn8209_write(uint8_t reg, uint32_t value, uint8_t out[RN8209_WRITE_MAX]) {
    size_t length = rn8209_size(reg);
    out[0] = reg | WRITE;
    for (size_t i = 0; i < length; i++)
        out[1 + i] = (uint8_t)(value >> 8 * (length - 1 - i));
    out[1 + length] = sum_of(0, out, 1 + length);
    return length ? length + 2 : 0;
}

size_t rn8209_command(uint8_t command, uint8_t out[3]) {
    out[0] = RN8209_COMMAND | WRITE;
    out[1] = command;
    out[2] = sum_of(0, out, 2);
    return 3;
}
