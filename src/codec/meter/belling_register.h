/* One register of a Belling chip (BL0942, BL0940), read by itself: two bytes ask, three of data and
 * a sum answer. That takes 15 ms at 4800 baud, a whole packet 54 ms and more.
 * Source: Belling BL0942 and BL0940 datasheets (UART read operation). */
#ifndef CODEC_METER_BELLING_REGISTER_H
#define CODEC_METER_BELLING_REGISTER_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BELLING_ASK = 2, BELLING_REPLY = 4 };

/* `command` reads (58 or 50, and the chip's address). */
size_t belling_ask(uint8_t command, uint8_t reg, uint8_t out[BELLING_ASK]);
/* False: the sum is wrong. */
bool belling_reply_decode(uint8_t command, uint8_t reg, const uint8_t reply[BELLING_REPLY],
                          uint32_t *value);
size_t belling_reply_encode(uint8_t command, uint8_t reg, uint32_t value,
                            uint8_t out[BELLING_REPLY]);
#endif
