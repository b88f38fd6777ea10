/* What is found out about lights: frames on two wires, made bit by bit as firmware does, the order
 * in which PWM pads are set up, and the output that enables the lamp. */
#include "codec/openbeken/roles.h"
#include "workbench/emulator/recovery.h"

#include <stdlib.h>

#include "check.h"

static struct findings f;
static uint64_t now_us;
static uint32_t words[FINDING_PINS];

static void record(enum soc_kind kind, uint32_t a, uint32_t b, uint32_t c, const char *text) {
    struct soc_record r = {.kind = kind,
                           .us = ++now_us,
                           .a = a,
                           .b = b,
                           .c = c,
                           .text = text,
                           .text_size = strlen(text)};
    findings_take(&f, &r);
}

static void mode(uint32_t pin, uint32_t word) {
    record(SOC_PIN, pin, words[pin], word, "");
    words[pin] = word;
}

static void begin(const char *line) {
    findings_start(&f);
    now_us = 1000;
    for (int i = 0; i < FINDING_PINS; i++)
        words[i] = 0x08;
    record(SOC_LOG, 2, 0, 0, line);
}

static void end(void) {
    for (uint32_t i = 0; i < FINDING_PINS; i++)
        record(SOC_LEVEL, i, words[i], words[i] >> 1 & 1, "");
    findings_conclude(&f);
}

/* A line is low when driven, high when let go. */
static void line(uint32_t pin, bool high) {
    mode(pin, high ? 0x3C : 0x00);
}

static void send(uint32_t data, uint32_t clock, const uint8_t *bytes, size_t count, bool clumsy) {
    line(data, false);
    line(clock, false);
    for (size_t i = 0; i < count; i++)
        for (int bit = 8; bit >= 0; bit--) { /* the last one for the acknowledgement */
            line(data, bit ? bytes[i] >> (bit - 1) & 1 : 1);
            line(clock, true);
            if (i + 1 < count || bit || !clumsy)
                line(clock, false);
        }
    line(data, false); /* clumsy: while the clock is high */
    line(clock, true);
    line(data, true);
}

static void send_often(uint32_t data, uint32_t clock, const uint8_t *bytes, size_t count) {
    line(data, true);
    line(clock, true);
    for (int i = 0; i < 6; i++)
        send(data, clock, bytes, count, i % 2);
}

static void the_chip_is_known_by_its_frames(void **state) {
    (void)state;
    static const struct {
        const char *chip;
        uint8_t frame[17];
        size_t size;
        int color, white;
    } rows[] = {
        {"SM2135", {0xC0, 0x38, 0x80, 0, 0, 0, 0, 0x90}, 8, 25, 50},
        {"SM2235", {0xD8, 0x24, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0xFF}, 12, 2, 4},
        {"BP5758D", {0xB0, 0x1F, 14, 14, 14, 20, 20, 0, 0, 0, 0, 0, 0, 31, 31, 0, 0}, 17, 14, 20},
        {"BP1658CJ", {0xB0, 0x36, 0, 0, 0, 0, 0, 0, 31, 31, 0, 0}, 12, 3, 6},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        begin("boot");
        send_often(24, 26, rows[i].frame, rows[i].size);
        end();
        assert_int_equal(f.pin[24].kind, FINDING_LED_DATA);
        assert_int_equal(f.pin[26].kind, FINDING_LED_CLOCK);
        assert_string_equal(f.bus.chip, rows[i].chip);
        assert_int_equal(f.bus.broken, 0);
        assert_int_equal(f.bus.color, rows[i].color);
        assert_int_equal(f.bus.white, rows[i].white);
        assert_true(f.pin[24].confidence >= 90);
    }
}

static void a_bus_becomes_roles_and_currents(void **state) {
    (void)state;
    static const uint8_t frame[] = {0xC0, 0x28, 0x80, 0, 0, 0, 0, 0x41};
    struct tuya_config *config = malloc(sizeof *config);
    begin("boot");
    send_often(26, 8, frame, sizeof frame);
    end();
    tuya_config_start(config);
    found_pins_read(&f, config);
    assert_string_equal(tuya_config_get(config, "campere"), "20");
    assert_string_equal(tuya_config_get(config, "wampere"), "50");
    assert_int_equal(config->pin_count, 2);
    for (size_t i = 0; i < 2; i++) {
        const struct tuya_pin *pin = &config->pins[i];
        assert_int_equal(pin->role, pin->gpio == 26 ? OBK_ROLE_SM2135DAT : OBK_ROLE_SM2135CLK);
        assert_int_equal(pin->certainty, TUYA_SURE);
    }
    free(config);
}

static void other_traffic_is_no_led_chip(void **state) {
    (void)state;
    static const uint8_t frame[] = {0x46, 0x01, 0x02};
    begin("boot");
    send_often(7, 8, frame, sizeof frame);
    end();
    assert_null(f.bus.chip);
    assert_true(f.pin[7].confidence < 90);
    begin("boot"); /* pins that toggle without sense */
    for (uint32_t i = 0; i < 600; i++)
        mode(i % 3 + 7, i * 2654435761u >> 17 & 1 ? 0x3C : 0x00);
    end();
    assert_int_equal(f.bus.data, -1);
}

static void pads(const uint32_t *pins, const uint32_t *channels, int count, int lit) {
    for (int i = 0; i < count; i++)
        mode(pins[i], 0x48);
    for (int i = 0; i < count; i++)
        record(SOC_PWM, channels[i], 26000, i == lit ? 9000 : 0, "");
}

static void pads_get_their_colour_by_the_order_of_setting_up(void **state) {
    (void)state;
    begin("oem_bk7231n_light_ty:1.3.21");
    pads((const uint32_t[]){26, 24, 6, 8, 7}, (const uint32_t[]){5, 4, 0, 2, 1}, 5, 3);
    end();
    static const int gpio[] = {26, 24, 6, 8, 7};
    for (int i = 0; i < 5; i++) {
        assert_int_equal(f.pin[gpio[i]].color, i);
        assert_in_range(f.pin[gpio[i]].confidence, 65, 89); /* likely, never sure */
    }
    begin("oem_bk7231s_light_ty");
    pads((const uint32_t[]){7, 6}, (const uint32_t[]){1, 0}, 2, 1);
    end();
    assert_int_equal(f.pin[7].color, 3);
    assert_int_equal(f.pin[6].color, 4);
    begin("a fan"); /* PWM alone makes no light */
    pads((const uint32_t[]){7, 6}, (const uint32_t[]){1, 0}, 2, 1);
    end();
    assert_int_equal(f.pin[7].color, -1);
}

static void a_colour_at_start_makes_the_order_doubtful(void **state) {
    (void)state;
    begin("light5");
    pads((const uint32_t[]){26, 24, 6, 8, 7}, (const uint32_t[]){5, 4, 0, 2, 1}, 5, 3);
    end();
    int usual = f.pin[26].confidence;
    begin("light5");
    pads((const uint32_t[]){26, 24, 6, 8, 7}, (const uint32_t[]){5, 4, 0, 2, 1}, 5, 0);
    end();
    assert_true(f.pin[26].confidence < usual);
}

static void the_output_that_enables_the_lamp_is_found(void **state) {
    (void)state;
    begin("light_ty");
    mode(14, 0x00);
    now_us += 20000;
    mode(14, 0x02);
    pads((const uint32_t[]){7, 6}, (const uint32_t[]){1, 0}, 2, 1);
    end();
    assert_int_equal(f.pin[14].kind, FINDING_ENABLE);
    assert_int_equal(f.pin[14].active, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_chip_is_known_by_its_frames),
        cmocka_unit_test(a_bus_becomes_roles_and_currents),
        cmocka_unit_test(other_traffic_is_no_led_chip),
        cmocka_unit_test(pads_get_their_colour_by_the_order_of_setting_up),
        cmocka_unit_test(a_colour_at_start_makes_the_order_doubtful),
        cmocka_unit_test(the_output_that_enables_the_lamp_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
