/* SARADC at 0x00802C00. Starting a conversion fills the FIFO with samples that mean about 30 °C;
 * the empty flag is what every image polls before its first log line. Older layouts keep the flag
 * in bit 30 of the configuration word (the first of all in bit 28), the 7238 class in a status word
 * at 0x0C.
 * Source: vendor SDK driver/saradc. */
#include "virtual/soc/board.h"

enum {
    CONFIG = 0x00,
    DATA = 0x04,
    STATUS = 0x0C,
    DATA_SATURATED = 0x10,
    START = 1 << 2,
    INT_CLEAR = 1 << 8,
    FIFO_EMPTY = 1 << 30,
    FIRST_FIFO_EMPTY = 1 << 28,
    SAMPLE_30_CELSIUS = 330,
    SAMPLES = 32,
    IRQ_SARADC = 11,
};

static uint32_t take_sample(struct board *b) {
    if (b->adc_samples > 0)
        b->adc_samples--;
    board_irq(b, IRQ_SARADC, b->adc_samples > 0);
    return SAMPLE_30_CELSIUS;
}

static uint32_t adc_read(struct board *b, uint32_t offset) {
    uint32_t word = *board_word(b, soc_adc.base + offset);
    uint32_t empty = b->adc_samples ? 0 : (uint32_t)FIFO_EMPTY;
    bool status_layout = b->chip->adc[0] == 's';
    if (b->chip->adc[0] == 'f' && empty)
        empty |= FIRST_FIFO_EMPTY;
    switch (offset) {
    case CONFIG:
        return status_layout ? word & ~(uint32_t)INT_CLEAR
                             : ((word & ~(uint32_t)(INT_CLEAR | FIFO_EMPTY)) | empty);
    case STATUS:
        return status_layout ? empty : word;
    case DATA:
    case DATA_SATURATED:
        return take_sample(b);
    default:
        return word;
    }
}

static void adc_write(struct board *b, uint32_t offset, uint32_t value) {
    *board_word(b, soc_adc.base + offset) = value;
    if (offset != CONFIG)
        return;
    if (!(value & START))
        b->adc_samples = 0;
    else if (b->adc_samples == 0)
        b->adc_samples = SAMPLES;
    board_irq(b, IRQ_SARADC, b->adc_samples > 0);
}

static void adc_reset(struct board *b) {
    b->adc_samples = 0;
}

const struct peripheral soc_adc = {.name = "saradc",
                                   .base = 0x802C00,
                                   .size = 0x80,
                                   .read = adc_read,
                                   .write = adc_write,
                                   .reset = adc_reset};
