/* Which word is what, and the keys it came from. */
#include "codec/tuya/wake_pins.h"

#include "base/bytes.h"

#include <stddef.h>

enum { GPIO_COUNT = 40, LEVEL_UNKNOWN = 2 };

static const struct {
    uint8_t word;   /* of the pin; its level follows */
    uint16_t place; /* in struct wake_pins */
    const char *pin, *level;
} rows[] = {
    {0, offsetof(struct wake_pins, status_led), "status_led_pin", "status_led_lv"},
    {2, offsetof(struct wake_pins, network_led), "netled_pin", "netled_lv"},
    {4, offsetof(struct wake_pins, button), "bt_pin", "bt_lv"},
    {6, offsetof(struct wake_pins, sensor), "basic_pin_pin", "basic_pin_lv"},
    {9, offsetof(struct wake_pins, tamper), "tamper_pin_pin", "tamper_pin_lv"},
};
enum { ROWS = sizeof rows / sizeof *rows, SENSOR_STATE = 8, TAMPER_STATE = 11 };

static bool is_pair(uint32_t gpio, uint32_t level) {
    return gpio == WAKE_PINS_NONE ? level <= LEVEL_UNKNOWN : gpio < GPIO_COUNT && level <= 1;
}

enum status wake_pins_decode(const uint8_t *data, size_t size, struct wake_pins *out,
                             struct fault *fault) {
    int known = 0;
    if (size < WAKE_PINS_SIZE)
        return fault_at(fault, STATUS_TRUNCATED, size, "a list of wake pins");
    *out = (struct wake_pins){.sensor_state = data[4 * SENSOR_STATE],
                              .tamper_state = data[4 * TAMPER_STATE]};
    for (int i = 0; i < ROWS; i++) {
        const uint8_t *at = data + 4 * rows[i].word;
        uint32_t gpio = load_le32(at), level = load_le32(at + 4);
        if (!is_pair(gpio, level))
            return fault_at(fault, STATUS_BAD_VALUE, 4 * rows[i].word, "a pin and its level");
        struct wake_pin *pin = (struct wake_pin *)(void *)((uint8_t *)out + rows[i].place);
        *pin = (struct wake_pin){(uint8_t)gpio, (uint8_t)level};
        known += gpio != WAKE_PINS_NONE;
    }
    return known ? STATUS_OK : STATUS_NOT_FOUND;
}

static void member(struct text *out, const char *key, unsigned value) {
    text_add(out, key);
    text_char(out, ':');
    text_uint(out, value);
    text_char(out, ',');
}

void wake_pins_text(const struct wake_pins *pins, struct text *out) {
    text_char(out, '{');
    for (int i = 0; i < ROWS; i++) {
        const struct wake_pin *pin =
            (const struct wake_pin *)(const void *)((const uint8_t *)pins + rows[i].place);
        if (pin->gpio == WAKE_PINS_NONE)
            continue;
        member(out, rows[i].pin, pin->gpio);
        member(out, rows[i].level, pin->level);
    }
    member(out, "basic_st", pins->sensor_state);
    member(out, "tamper_st", pins->tamper_state);
    text_char(out, '}');
}
