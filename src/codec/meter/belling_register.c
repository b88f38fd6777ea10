/* Question, answer and sum; see belling_register.h. */
#include "codec/meter/belling_register.h"

#include "codec/meter/meter_stream.h"

static uint8_t sum_of(uint8_t command, uint8_t reg, const uint8_t *data) {
    return (uint8_t)~meter_sum((uint8_t)(command + reg), data, BELLING_REPLY - 1);
}

size_t belling_ask(uint8_t command, uint8_t reg, uint8_t out[BELLING_ASK]) {
    out[0] = command;
    out[1] = reg;
    return BELLING_ASK;
}

bool belling_reply_decode(uint8_t command, uint8_t reg, const uint8_t reply[BELLING_REPLY],
                          uint32_t *value) {
    *value = meter_le24(reply);
    return reply[BELLING_REPLY - 1] == sum_of(command, reg, reply);
}

size_t belling_reply_encode(uint8_t command, uint8_t reg, uint32_t value,
                            uint8_t out[BELLING_REPLY]) {
    meter_put_le24(out, value);
    out[BELLING_REPLY - 1] = sum_of(command, reg, out);
    return BELLING_REPLY;
}
