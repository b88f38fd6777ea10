/* GPIO at 0x00802800: one word a pin (0 input level, 1 output level, 2 input enable, 3 output
 * disable, 4 pull up, 5 pull enable, 6 second function) and an interrupt block, which buttons and
 * pulse meters use. Reading bit 0 follows the driven level, the outside, or the pull; waiting for
 * a pulled-up pin would never end otherwise. Source: vendor SDK driver/gpio. */
#include "virtual/soc/board.h"

enum {
    INT_ENABLE = 33 * 4,
    INT_LEVEL0 = 34 * 4,
    INT_LEVEL1 = 35 * 4,
    INT_STATUS = 36 * 4,
    SECOND_BANK = 48, /* word index of pin 32 */
    IN = 1 << 0,
    OUT = 1 << 1,
    OUT_DISABLE = 1 << 3,
    PULL_UP = 1 << 4,
    PULL = 1 << 5,
    SECOND_FUNCTION = 1 << 6,
    IRQ_GPIO = 7,
};

static int pin_of(uint32_t offset) {
    int index = (int)(offset / 4);
    return index < 32 ? index : index >= SECOND_BANK && index < SECOND_BANK + 8 ? index - 16 : -1;
}

int board_pin_level(const struct board *b, int pin) {
    uint32_t word = b->pin[pin].word;
    if (!(word & (OUT_DISABLE | SECOND_FUNCTION)))
        return word >> 1 & 1;
    if (b->pin[pin].external >= 0)
        return b->pin[pin].external;
    return word & PULL ? word >> 4 & 1 : 0;
}

int board_pin_listens(struct board *b, int pin) {
    uint32_t enabled = *board_word(b, soc_gpio.base + INT_ENABLE);
    return pin < 32 ? (int)(enabled >> pin & 1) : 0;
}

static uint32_t gpio_read(struct board *b, uint32_t offset) {
    int pin = pin_of(offset);
    if (pin >= 0)
        return (b->pin[pin].word & ~(uint32_t)IN) | (uint32_t)board_pin_level(b, pin);
    if (offset == INT_STATUS)
        return b->pin_int_status;
    return *board_word(b, soc_gpio.base + offset);
}

static void update(struct board *b) {
    uint32_t enabled = *board_word(b, soc_gpio.base + INT_ENABLE);
    board_irq(b, IRQ_GPIO, (b->pin_int_status & enabled) != 0);
}

static void gpio_write(struct board *b, uint32_t offset, uint32_t value) {
    int pin = pin_of(offset);
    if (pin >= 0) {
        uint32_t before = b->pin[pin].word;
        b->pin[pin].word = value & ~(uint32_t)IN;
        if (before != b->pin[pin].word && b->watch.pin)
            b->watch.pin(b->watch.context, board_us(b), pin, before, b->pin[pin].word);
        return;
    }
    if (offset == INT_STATUS)
        b->pin_int_status &= ~value;
    else
        *board_word(b, soc_gpio.base + offset) = value;
    update(b);
}

/* Two bits a pin: 0 low level, 1 high level, 2 rising, 3 falling edge. */
static int trigger_of(struct board *b, int pin) {
    uint32_t word = *board_word(b, soc_gpio.base + (pin < 16 ? INT_LEVEL0 : INT_LEVEL1));
    return word >> 2 * (pin % 16) & 3;
}

void board_pin_drive(struct board *b, int pin, int level) {
    int before = board_pin_level(b, pin);
    b->pin[pin].external = (int8_t)level;
    int after = board_pin_level(b, pin);
    if (before == after || pin >= 32)
        return;
    sleep_pin_moved(b, pin, after);
    int trigger = trigger_of(b, pin);
    bool fires = trigger == 0 ? !after : trigger == 3 ? !after : after;
    if (fires)
        b->pin_int_status |= 1u << pin;
    update(b);
}

static void gpio_reset(struct board *b) {
    for (int i = 0; i < SOC_PINS; i++)
        b->pin[i].word = OUT_DISABLE;
    b->pin_int_status = 0;
}

const struct peripheral soc_gpio = {.name = "gpio",
                                    .base = 0x802800,
                                    .size = 0x100,
                                    .read = gpio_read,
                                    .write = gpio_write,
                                    .reset = gpio_reset};
