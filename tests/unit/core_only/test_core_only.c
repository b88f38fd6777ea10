/* The plug built without network, on a platform of a few lines: it boots, switches, runs scripts,
 * measures, remembers, and says what it lacks. */
#include "device/device.h"
#include "device/script/command.h"
#include "device/store/files.h"

#include <stdlib.h>

#include "check.h"

enum { FLASH = 64 * HAL_FLASH_SECTOR, PINS = 29, RELAY = 9, BUTTON = 24 };

static struct device plug;
static uint8_t flash[FLASH];
static bool levels[PINS];
static uint64_t now_ms;

static void pin_write(void *context, unsigned pin, bool level) {
    (void)context;
    levels[pin] = level;
}
static bool pin_read(void *context, unsigned pin) {
    (void)context;
    return levels[pin];
}
static bool flash_read(void *context, uint32_t offset, void *data, size_t size) {
    (void)context;
    memcpy(data, flash + offset, size);
    return true;
}
static bool flash_program(void *context, uint32_t offset, const void *data, size_t size) {
    (void)context;
    for (size_t i = 0; i < size; i++)
        flash[offset + i] &= ((const uint8_t *)data)[i];
    return true;
}
static bool flash_erase(void *context, uint32_t offset) {
    (void)context;
    memset(flash + offset, 0xFF, HAL_FLASH_SECTOR);
    return true;
}

static void start(void) {
    const struct hal hal = {
        .chip = {.name = "BK7231N", .pins = PINS, .store_size = FLASH, .pwm_pins = 1 << 6},
        .pin_write = pin_write,
        .pin_read = pin_read,
        .flash_read = flash_read,
        .flash_program = flash_program,
        .flash_erase = flash_erase,
    };
    device_init(&plug, &hal);
    device_start(&plug);
}

static void run(unsigned ms) {
    for (unsigned t = 0; t < ms; t += 10)
        device_poll(&plug, now_ms += 10);
}

static int setup(void **state) {
    (void)state;
    memset(flash, 0xFF, sizeof flash);
    memset(levels, 0, sizeof levels);
    now_ms = 0;
    levels[BUTTON] = true;
    start();
    return 0;
}

static enum command_result command(const char *line) {
    return command_run(&plug, line, COMMAND_FROM_CONSOLE);
}

static void relay_button_and_memory(void **state) {
    (void)state;
    assert_int_equal(command("SetPinRole 9 Rel"), COMMAND_OK);
    assert_int_equal(command("SetPinChannel 9 1"), COMMAND_OK);
    assert_int_equal(command("SetPinRole 24 Btn"), COMMAND_OK);
    assert_int_equal(command("SetPinChannel 24 1"), COMMAND_OK);
    assert_int_equal(command("SetStartValue 1 -1"), COMMAND_OK);
    run(6000);
    levels[BUTTON] = false;
    run(150);
    levels[BUTTON] = true;
    run(2500);
    assert_true(levels[RELAY]);
    memset(levels, 0, sizeof levels);
    levels[BUTTON] = true;
    start();
    assert_true(levels[RELAY]); /* before the first poll */
}

static void scripts_run_and_what_needs_a_network_is_named(void **state) {
    (void)state;
    static const char script[] = "setChannel 3 5\ndelay_s 2\nif $CH3==5 then AddChannel 3 2\n";
    assert_int_equal(store_file_write(&plug.store, "autoexec.bat", script, sizeof script - 1),
                     STATUS_OK);
    now_ms = 0;
    start();
    run(1000);
    assert_int_equal(plug.channels.value[3], 5);
    run(2500);
    assert_int_equal(plug.channels.value[3], 7);
    assert_int_equal(command("publish a b"), COMMAND_UNKNOWN);
    char lines[DEVICE_LOG_RING + 1];
    device_log_read(&plug, lines, sizeof lines);
    assert_non_null(strstr(lines, "without network"));
}

static void readings_come_from_a_meter(void **state) {
    (void)state;
    assert_int_equal(command("startDriver TESTPOWER"), COMMAND_OK);
    run(10000);
    assert_true(meter_reading_or_0(&plug, METER_POWER) > 0);
    assert_int_equal(command("addChangeHandler Power > 1 setChannel 4 1"), COMMAND_OK);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(relay_button_and_memory, setup),
        cmocka_unit_test_setup(scripts_run_and_what_needs_a_network_is_named, setup),
        cmocka_unit_test_setup(readings_come_from_a_meter, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
