/* Pins, time, reset and radio of the virtual chip; see virtual_chip.h. */
#include "port/virtual/virtual_chip.h"

#include "codec/openbeken/obk_config.h"
#include "device/service/update/boot_record.h"
#include "port/virtual/virtual_flash.h"

#include <stdlib.h>
#include <string.h>

static void pin_mode(void *context, unsigned pin, enum hal_pin_mode mode) {
    struct virtual_chip *chip = context;
    if (pin >= VIRTUAL_PINS)
        return;
    chip->pins[pin].mode = (uint8_t)mode;
    chip->pins[pin].duty = 0;
    chip->pins[pin].frequency_hz = 0;
}

static void pin_write(void *context, unsigned pin, bool level) {
    struct virtual_chip *chip = context;
    if (pin >= VIRTUAL_PINS)
        return;
    chip->pin_changes += chip->pins[pin].mode == HAL_PIN_OUTPUT && chip->pins[pin].out != level;
    chip->pins[pin].out = level;
}

bool virtual_pin_level(const struct virtual_chip *chip, unsigned pin) {
    const struct virtual_pin *p = &chip->pins[pin % VIRTUAL_PINS];
    if (p->mode == HAL_PIN_OUTPUT)
        return p->out;
    return p->driven_outside ? p->outside : p->mode == HAL_PIN_INPUT_PULL_UP;
}

static bool pin_read(void *context, unsigned pin) {
    return virtual_pin_level(context, pin);
}

static void pwm_set(void *context, unsigned pin, uint32_t frequency_hz, uint32_t duty) {
    struct virtual_chip *chip = context;
    if (pin >= VIRTUAL_PINS)
        return;
    chip->pins[pin].mode = HAL_PIN_OUTPUT;
    chip->pins[pin].frequency_hz = frequency_hz;
    chip->pins[pin].duty = duty;
}

static int adc_read(void *context, unsigned pin) {
    struct virtual_chip *chip = context;
    return pin < VIRTUAL_PINS ? chip->pins[pin].adc : 0;
}

static bool uart_open(void *context, unsigned port, uint32_t baud, unsigned parity, unsigned stop) {
    struct virtual_chip *chip = context;
    if (port >= VIRTUAL_UARTS)
        return false;
    chip->uart[port] = (struct virtual_uart){baud, (uint8_t)parity, (uint8_t)stop};
    return true;
}

static size_t uart_write(void *context, unsigned port, const uint8_t *data, size_t size) {
    struct virtual_chip *chip = context;
    if (port >= VIRTUAL_UARTS)
        return 0;
    if (chip->on_uart)
        chip->on_uart(chip->uart_context, port, data, size);
    return size;
}

static uint64_t now_us(void *context) {
    struct virtual_chip *chip = context;
    return chip->now_us;
}

static uint32_t random_number(void *context) {
    struct virtual_chip *chip = context;
    uint32_t x = chip->random; /* xorshift32 */
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    return chip->random = x;
}

static enum hal_reset_cause reset_cause(void *context) {
    struct virtual_chip *chip = context;
    return chip->cause;
}

static void restart(void *context) {
    struct virtual_chip *chip = context;
    chip->restart_asked = true;
}

static void deep_sleep(void *context, uint32_t seconds, uint64_t wake_pins, uint64_t wake_high) {
    struct virtual_chip *chip = context;
    (void)wake_pins, (void)wake_high;
    chip->sleep_s = seconds + 1;
}

static void *retained(void *context, size_t *size) {
    struct virtual_chip *chip = context;
    *size = sizeof chip->retained;
    return chip->retained;
}

static void *stage(void *context, size_t size) {
    struct virtual_chip *chip = context;
    if (!chip->stage)
        chip->stage = malloc(size);
    return chip->stage;
}

static void wifi_mac(void *context, uint8_t mac[6]) {
    struct virtual_chip *chip = context;
    memcpy(mac, chip->mac, 6);
}

static bool wifi_connect(void *context, const char *ssid, const char *password) {
    struct virtual_chip *chip = context;
    (void)password;
    strncpy(chip->wifi_ssid, ssid, sizeof chip->wifi_ssid - 1);
    chip->wifi_wanted = chip->wifi_asked = ssid[0] != 0;
    return true;
}

static bool wifi_access_point(void *context, const char *ssid, const char *password) {
    struct virtual_chip *chip = context;
    (void)ssid, (void)password;
    chip->ap_wanted = true;
    return true;
}

static uint32_t wifi_address(void *context) {
    struct virtual_chip *chip = context;
    return chip->address;
}

static const struct hal functions = {
    .pin_mode = pin_mode,
    .pin_write = pin_write,
    .pin_read = pin_read,
    .pwm_set = pwm_set,
    .adc_read = adc_read,
    .uart_open = uart_open,
    .uart_write = uart_write,
    .flash_read = virtual_flash_read,
    .flash_program = virtual_flash_program,
    .flash_erase = virtual_flash_erase,
    .now_us = now_us,
    .random = random_number,
    .reset_cause = reset_cause,
    .restart = restart,
    .deep_sleep = deep_sleep,
    .retained = retained,
    .stage = stage,
    .wifi_mac = wifi_mac,
    .wifi_connect = wifi_connect,
    .wifi_access_point = wifi_access_point,
    .wifi_address = wifi_address,
};

enum {
    FLASH_SIZE = 0x200000,
    STORE_SIZE = 0x18000,
    STORE_FALLBACK = 0x1D3000,
    OBK_VARS = 0x1E5000,
    OBK_VARS_SIZE = 0x8000,
};
enum { SLOT_0 = 0x11000, SLOT_1 = 0x12A000, SLOT_SIZE = 0xA4000 };

bool virtual_chip_init(struct virtual_chip *chip, const char *name) {
    const struct obk_chip *kind = obk_chip_find(name);
    if (!kind)
        return false;
    *chip = (struct virtual_chip){.hal = functions,
                                  .random = 0x2545F491,
                                  .address = 0x7F000001, /* 127.0.0.1 */
                                  .mac = {0x02, 0x00, 0xEE, 0xCA, 0xFF, 0xEE},
                                  .flash_size = FLASH_SIZE};
    chip->hal.context = chip;
    uint32_t config = kind->config_offset;
    bool beken = config >= 0x1D0000 && config < 0x1E2000;
    chip->hal.chip = (struct hal_chip){
        .name = kind->name,
        .pins = kind->pins,
        .pwm_pins = 1U << 6 | 1U << 7 | 1U << 8 | 1U << 9 | 1U << 24 | 1U << 26,
        .adc_pins = 1U << 4 | 1U << 5 | 1U << 23 | 1U << 2 | 1U << 3 | 1U << 12 | 1U << 13,
        .store_offset = beken ? config + 0x2000 : STORE_FALLBACK,
        .store_size = STORE_SIZE,
        .obk_offset = beken ? config : 0,
        .obk_vars_offset = OBK_VARS,
        .obk_vars_size = beken ? OBK_VARS_SIZE : 0,
        .erase_cycles = 100000,
        .slot_offset = {SLOT_0, SLOT_1},
        .slot_size = SLOT_SIZE,
        .boot_offset = SLOT_1 + SLOT_SIZE,
        .holds_pins = true,
    };
    return true;
}

void virtual_chip_free(struct virtual_chip *chip) {
    for (unsigned i = 0; i < VIRTUAL_SECTORS; i++) {
        free(chip->sectors[i]);
        chip->sectors[i] = NULL;
    }
    free(chip->stage);
    chip->stage = NULL;
}

void virtual_chip_power(struct virtual_chip *chip, enum hal_reset_cause cause) {
    bool warm =
        cause == HAL_RESET_SOFTWARE || cause == HAL_RESET_WATCHDOG || cause == HAL_RESET_CRASH;
    chip->cause = cause;
    chip->restart_asked = false;
    if (!warm) { /* a cut that is due, or has happened, outlasts a warm restart */
        chip->dead = false;
        chip->cut_at = 0;
    }
    chip->sleep_s = 0;
    chip->hal.chip.slot_running = (uint8_t)boot_record_choose(&chip->hal);
    if (!warm)
        memset(chip->retained, 0xA5, sizeof chip->retained);
    for (unsigned i = 0; i < VIRTUAL_PINS && !(warm && chip->hal.chip.holds_pins); i++) {
        chip->pins[i].mode = HAL_PIN_OFF;
        chip->pins[i].out = false;
    }
}

void virtual_pin_set(struct virtual_chip *chip, unsigned pin, bool level) {
    if (pin >= VIRTUAL_PINS)
        return;
    chip->pins[pin].driven_outside = true;
    chip->pins[pin].outside = level;
}

void virtual_pin_release(struct virtual_chip *chip, unsigned pin) {
    if (pin < VIRTUAL_PINS)
        chip->pins[pin].driven_outside = false;
}
