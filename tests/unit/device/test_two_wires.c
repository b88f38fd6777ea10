/* LED chips and sensors, bit by bit: what the device says on two wires, and what it makes of the
 * answers. Frames are those of the chips' data sheets and public drivers. */
#include "codec/openbeken/roles.h"
#include "device/script/command.h"

#include "i2c_listener.h"

#include "check.h"

enum { CLOCK = 7, DATA = 8, S = I2C_STARTED, P = I2C_STOPPED };

static struct plug plug;

static struct device *dev(void) {
    return &plug.device;
}

static void wired(unsigned clock_role, unsigned data_role) {
    assert_true(plug_init(&plug, "BK7231N"));
    board_set_role(dev(), CLOCK, clock_role);
    board_set_role(dev(), DATA, data_role);
    board_set_channel(dev(), DATA, 1);
    board_set_channel2(dev(), DATA, 2);
    plug_run_ms(&plug, 2000);
    listen_at(&plug, CLOCK, DATA);
    plug_restart(&plug, HAL_RESET_POWER);
}

static void command(const char *line) {
    assert_int_equal(command_run(dev(), line, COMMAND_FROM_CONSOLE), COMMAND_OK);
}

/* The frames of one command alone. */
#define assert_frames(line, ...)                                                                   \
    do {                                                                                           \
        static const uint16_t wanted[] = {__VA_ARGS__};                                            \
        listener.count = 0;                                                                        \
        command(line);                                                                             \
        assert_in_range(listener.count, sizeof wanted / 2, I2C_HEARD);                             \
        /* a command may send more than once: the last time counts */                              \
        assert_memory_equal(listener.heard + listener.count - sizeof wanted / 2, wanted,           \
                            sizeof wanted);                                                        \
    } while (0)

static void sm2135_gets_eight_bits_and_currents(void **state) {
    (void)state;
    wired(OBK_ROLE_SM2135CLK, OBK_ROLE_SM2135DAT);
    command("SM2135_Current 20 50");
    command("led_gammaCtrl gamma 1");
    command("led_enableAll 1");
    assert_frames("led_basecolor_rgb FF8000", S, 0xC0, 0x28, 0x00, 255, 128, 0, 0, 0, P);
    assert_frames("LED_Map 2 1 0 4 3", S, 0xC0, 0x28, 0x00, 0, 128, 255, 0, 0, P);
    command("SetFlag 9 1");
    assert_frames("led_basecolor_rgb 0000FF", S, 0xC0, 0x28, 0x00, 255, 0, 0, P);
    assert_frames("led_temperature 154", S, 0xC0, 0x28, 0x80, P, S, 0xC5, 0, 255, P);
    assert_frames("led_enableAll 0", S, 0xC0, 0x28, 0x80, P, S, 0xC5, 0, 0, P);
    assert_int_equal(command_run(dev(), "SM2135_Current 61 0", COMMAND_FROM_CONSOLE),
                     COMMAND_BAD_ARGUMENT);
    plug_free(&plug);
}

static void sm2235_gets_ten_bits_high_part_first(void **state) {
    (void)state;
    wired(OBK_ROLE_SM2235CLK, OBK_ROLE_SM2235DAT);
    command("SM2235_Current 3 5");
    command("led_enableAll 1");
    assert_frames("led_basecolor_rgb FF0000", S, 0xD8, 0x35, 3, 255, 0, 0, 0, 0, 0, 0, 0, 0, P);
    assert_frames("led_enableAll 0", S, 0xC0, 0x35, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, P);
    plug_free(&plug);
}

static void bp5758d_gets_five_bits_twice_and_sleeps_in_the_dark(void **state) {
    (void)state;
    wired(OBK_ROLE_BP5758D_CLK, OBK_ROLE_BP5758D_DAT);
    command("BP5758D_Current 14 70");
    command("led_enableAll 1");
    assert_frames("led_basecolor_rgb 00FF00", S, 0x90, 0x1F, 14, 14, 14, 104, 104, 0, 0, 31, 31, 0,
                  0, 0, 0, 0, 0, P);
    assert_frames("led_enableAll 0", S, 0x90, 0x00, 14, 14, 14, 104, 104, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                  0, P, S, 0x86, P);
    plug_free(&plug);
}

static void bp1658cj_gets_five_bits_twice(void **state) {
    (void)state;
    wired(OBK_ROLE_BP1658CJ_CLK, OBK_ROLE_BP1658CJ_DAT);
    command("BP1658CJ_Current 4 9");
    command("led_enableAll 1");
    assert_frames("led_temperature 154", S, 0xB0, 0x49, 0, 0, 0, 0, 0, 0, 31, 31, 0, 0, P);
    assert_frames("led_enableAll 0", S, 0x80, 0x49, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, P);
    plug_free(&plug);
}

static bool log_says(const char *text) {
    char lines[DEVICE_LOG_RING + 1];
    device_log_read(dev(), lines, sizeof lines);
    return strstr(lines, text) != NULL;
}

static void sht3x_is_read_and_its_sums_are_checked(void **state) {
    (void)state;
    /* 0xBEEF has the sum 0x92: the data sheet's example */
    static const uint8_t good[] = {0xBE, 0xEF, 0x92, 0xBE, 0xEF, 0x92};
    static const uint8_t bad[] = {0x00, 0x00, 0x92, 0xBE, 0xEF, 0x92};
    wired(OBK_ROLE_SHT3X_SCK, OBK_ROLE_SHT3X_SDA);
    listener.answer = good;
    listener.count = 0;
    plug_run_ms(&plug, 2100);
    static const uint16_t asked[] = {S, 0x88, 0x24, 0x00, P, S, 0x89, P};
    assert_int_equal(listener.count, sizeof asked / 2);
    assert_memory_equal(listener.heard, asked, sizeof asked);
    assert_int_equal(dev()->channels.value[1], 855); /* -45 + 175 * 48879 / 65535 = 85.5 */
    assert_int_equal(dev()->channels.value[2], 75);
    listener.answer = bad;
    plug_run_ms(&plug, 12000);
    assert_int_equal(dev()->channels.value[1], 855); /* kept */
    assert_true(log_says("SHT3X does not answer, or not as it should"));
    plug_free(&plug);
}

static void cht83xx_is_read(void **state) {
    (void)state;
    static const uint8_t answer[] = {0x64, 0xD9, 0x80, 0x00};
    wired(OBK_ROLE_CHT83XX_SCK, OBK_ROLE_CHT83XX_SDA);
    listener.answer = answer;
    plug_run_ms(&plug, 2100);
    assert_int_equal(dev()->channels.value[1], 250); /* 25817 * 165 / 65535 - 40 */
    assert_int_equal(dev()->channels.value[2], 50);
    plug_free(&plug);
}

static void a_sensor_that_is_not_there_is_named_once(void **state) {
    (void)state;
    wired(OBK_ROLE_SHT3X_SCK, OBK_ROLE_SHT3X_SDA);
    listener.absent = true;
    plug_run_ms(&plug, 60000);
    assert_int_equal(dev()->channels.value[1], 0);
    char lines[DEVICE_LOG_RING + 1];
    device_log_read(dev(), lines, sizeof lines);
    const char *first = strstr(lines, "does not answer");
    assert_non_null(first);
    assert_null(strstr(first + 1, "does not answer"));
    plug_free(&plug);
}

/* --- sensors whose times the platform keeps --- */

static uint8_t dht_bytes[5];

static size_t dht_levels(void *context, unsigned pin, uint32_t low_us, uint8_t *lengths,
                         size_t count) {
    (void)context;
    assert_int_equal(pin, DATA);
    assert_in_range(low_us, 18000, 25000);
    assert_int_equal(count, 83);
    lengths[0] = 30;
    lengths[1] = lengths[2] = 80;
    for (unsigned i = 0; i < 40; i++) {
        lengths[3 + 2 * i] = 50;
        lengths[4 + 2 * i] = dht_bytes[i / 8] >> (7 - i % 8) & 1 ? 70 : 27;
    }
    return count;
}

static void dht_of(unsigned role, const uint8_t bytes[4], int32_t temperature, int32_t humidity) {
    memcpy(dht_bytes, bytes, 4);
    dht_bytes[4] = (uint8_t)(bytes[0] + bytes[1] + bytes[2] + bytes[3]);
    assert_true(plug_init(&plug, "BK7231N"));
    plug.chip.hal.pin_levels = dht_levels;
    plug_restart(&plug, HAL_RESET_POWER);
    board_set_role(dev(), DATA, role);
    board_set_channel(dev(), DATA, 1);
    board_set_channel2(dev(), DATA, 2);
    plug_run_ms(&plug, 2100);
    assert_int_equal(dev()->channels.value[1], temperature);
    assert_int_equal(dev()->channels.value[2], humidity);
    dht_bytes[4]++;
    dht_bytes[2]++, dht_bytes[1]++; /* the sum is wrong by one */
    plug_run_ms(&plug, 15000);
    assert_int_equal(dev()->channels.value[1], temperature);
    plug_free(&plug);
}

static void dht_sensors_give_tenths_of_a_degree_and_percent(void **state) {
    (void)state;
    dht_of(OBK_ROLE_DHT22, (const uint8_t[]){0x02, 0x8C, 0x01, 0x5F}, 351, 65);
    dht_of(OBK_ROLE_DHT21, (const uint8_t[]){0x01, 0x90, 0x80, 0x65}, -101, 40);
    dht_of(OBK_ROLE_DHT11, (const uint8_t[]){35, 0, 24, 3}, 243, 35);
    dht_of(OBK_ROLE_DHT12, (const uint8_t[]){55, 6, 5, 0x84}, -54, 55);
}

static unsigned conversions;

static bool one_wire(void *context, unsigned pin, const uint8_t *write, size_t write_size,
                     uint8_t *read, size_t read_size) {
    /* 25.0625 degrees, the data sheet's example */
    static const uint8_t scratchpad[] = {0x91, 0x01, 0x4B, 0x46, 0x7F, 0xFF, 0x0F, 0x10, 0x25};
    (void)context;
    assert_int_equal(pin, DATA);
    assert_int_equal(write_size, 2);
    assert_int_equal(write[0], 0xCC);
    conversions += write[1] == 0x44;
    if (write[1] == 0xBE)
        memcpy(read, scratchpad, read_size);
    return true;
}

static void ds18b20_gives_hundredths(void **state) {
    (void)state;
    assert_true(plug_init(&plug, "BK7231N"));
    plug.chip.hal.one_wire = one_wire;
    plug_restart(&plug, HAL_RESET_POWER);
    board_set_role(dev(), DATA, OBK_ROLE_DS1820_IO);
    board_set_channel(dev(), DATA, 1);
    conversions = 0;
    plug_run_ms(&plug, 1100);
    assert_int_equal(conversions, 1);
    plug_run_ms(&plug, 1100);
    assert_int_equal(dev()->channels.value[1], 2506);
    plug_run_ms(&plug, 10000);
    assert_int_equal(conversions, 2);
    plug_free(&plug);
}

static void a_platform_that_cannot_says_so(void **state) {
    (void)state;
    assert_true(plug_init(&plug, "BK7231N"));
    board_set_role(dev(), DATA, OBK_ROLE_DHT22);
    plug_run_ms(&plug, 3000);
    assert_true(log_says("DHT does not answer"));
    plug_free(&plug);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sm2135_gets_eight_bits_and_currents),
        cmocka_unit_test(sm2235_gets_ten_bits_high_part_first),
        cmocka_unit_test(bp5758d_gets_five_bits_twice_and_sleeps_in_the_dark),
        cmocka_unit_test(bp1658cj_gets_five_bits_twice),
        cmocka_unit_test(sht3x_is_read_and_its_sums_are_checked),
        cmocka_unit_test(cht83xx_is_read),
        cmocka_unit_test(a_sensor_that_is_not_there_is_named_once),
        cmocka_unit_test(dht_sensors_give_tenths_of_a_degree_and_percent),
        cmocka_unit_test(ds18b20_gives_hundredths),
        cmocka_unit_test(a_platform_that_cannot_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
