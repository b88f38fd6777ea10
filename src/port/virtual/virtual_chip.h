/* The virtual platform: a chip whose pins, PWM, ADC, flash, retained RAM and time are memory. Time
 * moves only when told to, and the power can be cut inside any flash operation, leaving it half
 * done as real NOR flash does. */
#ifndef PORT_VIRTUAL_CHIP_H
#define PORT_VIRTUAL_CHIP_H
#include "base/status.h"
#include "device/hal.h"

enum { VIRTUAL_PINS = 64, VIRTUAL_RETAINED = 1536, VIRTUAL_SECTORS = 512, VIRTUAL_UARTS = 2 };

struct virtual_pin {
    uint8_t mode; /* enum hal_pin_mode */
    bool out, driven_outside, outside;
    uint32_t duty, frequency_hz;
    int16_t adc;
};

struct virtual_uart {
    uint32_t baud; /* 0: closed */
    uint8_t parity, stop;
};

struct virtual_chip {
    struct hal hal;
    uint64_t now_us;
    uint32_t random;
    uint8_t mac[6];
    enum hal_reset_cause cause;
    bool restart_asked;
    uint32_t sleep_s; /* deep sleep asked for: seconds + 1 */
    struct virtual_pin pins[VIRTUAL_PINS];
    uint64_t pin_changes; /* outputs that changed level since start */
    uint8_t retained[VIRTUAL_RETAINED];
    void *stage; /* RAM for an image, from the first update on */
    char wifi_ssid[65];
    bool wifi_wanted, ap_wanted, wifi_asked;
    uint32_t address; /* IPv4 */
    struct virtual_uart uart[VIRTUAL_UARTS];
    /* Whatever hangs on the UARTs hears what the device sends. */
    void (*on_uart)(void *context, unsigned port, const uint8_t *data, size_t size);
    void *uart_context;

    /* Flash: a sector exists from the first program on; without, it reads erased. */
    uint8_t *sectors[VIRTUAL_SECTORS];
    uint32_t flash_size;
    uint32_t flash_steps;   /* program and erase operations since start */
    uint32_t cut_at;        /* power goes inside this step, counted from 1; 0: never */
    uint32_t cut_random;    /* how much of the cut step happens */
    bool dead;              /* power is off: nothing works until virtual_chip_power */
    uint32_t *erase_counts; /* per sector */
};

/* A chip with 2 MiB of flash by its OpenBeken name; false when the name is unknown. */
bool virtual_chip_init(struct virtual_chip *chip, const char *name);
void virtual_chip_free(struct virtual_chip *chip);
/* Power comes (back): RAM is lost unless the cause is warm. Pins go to high impedance unless warm
 * and the chip holds them. */
void virtual_chip_power(struct virtual_chip *chip, enum hal_reset_cause cause);
/* Level on a pin from outside; release takes the outside away again. */
void virtual_pin_set(struct virtual_chip *chip, unsigned pin, bool level);
void virtual_pin_release(struct virtual_chip *chip, unsigned pin);
bool virtual_pin_level(const struct virtual_chip *chip, unsigned pin);
/* Copies bytes into flash as a programmer would (erasing first). */
bool virtual_flash_write(struct virtual_chip *chip, uint32_t offset, const void *data, size_t size);
/* Flips one bit. */
void virtual_flash_damage(struct virtual_chip *chip, uint32_t offset, unsigned bit);
/* Bytes of flash that take memory now. */
size_t virtual_flash_memory(const struct virtual_chip *chip);
/* Whole flash from or to a file. */
enum status virtual_flash_load(struct virtual_chip *chip, const char *path);
enum status virtual_flash_save(const struct virtual_chip *chip, const char *path);
#endif
