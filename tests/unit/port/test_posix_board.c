/* A device on the Linux board's functions: flash as a file, a pseudo terminal as serial port, and,
 * where the kernel simulates a GPIO chip (PLUGSMITH_GPIO names it), a line. */
#include "port/posix/posix_board.h"

#include "check.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static struct device device;

static struct posix_board *board_open(const struct posix_board_options *options, struct hal *hal) {
    char why[256] = "";
    *hal = (struct hal){0};
    struct posix_board *b = posix_board_open(options, hal, why, sizeof why);
    if (!b)
        print_message("%s\n", why);
    return b;
}

static void run(struct posix_board *b, unsigned ms) {
    uint64_t now = device.now_ms;
    for (unsigned i = 0; i < ms; i += 10) {
        posix_board_deliver(b, &device);
        device_poll(&device, now += 10);
    }
}

static void settings_outlast_the_program(void **state) {
    (void)state;
    char path[] = "/tmp/plug-flash-XXXXXX";
    int fd = mkstemp(path);
    close(fd);
    struct posix_board_options options = {.flash = path};
    struct hal hal;
    for (int turn = 0; turn < 2; turn++) {
        struct posix_board *b = board_open(&options, &hal);
        assert_non_null(b);
        device_init(&device, &hal);
        device_start(&device);
        if (turn)
            assert_string_equal(device.config.mqtt_host, "broker.example");
        snprintf(device.config.mqtt_host, 32, "broker.example");
        settings_changed(&device);
        run(b, 2500);
        device_restart(&device, 1);
        run(b, 2500);
        assert_true(posix_board_restart_asked(b));
        device_stop(&device);
        posix_board_close(b);
    }
    assert_int_equal(truncate(path, 100), 0);
    assert_null(board_open(&options, &hal));
    unlink(path);
}

static void serial_port_carries_bytes(void **state) {
    (void)state;
    char path[] = "/tmp/plug-flash-XXXXXX", got[8] = "";
    close(mkstemp(path));
    int master = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK);
    if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0)
        skip();
    struct posix_board_options options = {.flash = path, .uarts = {ptsname(master)}};
    struct hal hal;
    struct posix_board *b = board_open(&options, &hal);
    assert_non_null(b);
    assert_true(hal.uart_open(hal.context, 0, 4800, 0, 1));
    assert_false(hal.uart_open(hal.context, 0, 4801, 0, 1));
    assert_false(hal.uart_open(hal.context, 1, 4800, 0, 1));
    assert_int_equal(hal.uart_write(hal.context, 0, (const uint8_t *)"\x58\xAA\n", 3), 3);
    assert_int_equal(read(master, got, sizeof got), 3);
    assert_memory_equal(got, "\x58\xAA\n", 3);
    posix_board_close(b);
    close(master);
    unlink(path);
}

static void line_drives_and_reads(void **state) {
    (void)state;
    const char *chip = getenv("PLUGSMITH_GPIO");
    char path[] = "/tmp/plug-flash-XXXXXX";
    if (!chip) {
        print_message("skip: PLUGSMITH_GPIO names no GPIO chip (gpio-sim)\n");
        skip();
    }
    close(mkstemp(path));
    struct posix_board_options options = {.flash = path, .gpio = chip};
    struct hal hal;
    struct posix_board *b = board_open(&options, &hal);
    assert_non_null(b);
    hal.pin_write(hal.context, 0, true);
    hal.pin_mode(hal.context, 0, HAL_PIN_OUTPUT);
    assert_true(hal.pin_read(hal.context, 0));
    hal.pin_mode(hal.context, 1, HAL_PIN_INPUT_PULL_UP);
    assert_true(hal.pin_read(hal.context, 1));
    posix_board_close(b);
    unlink(path);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(settings_outlast_the_program),
        cmocka_unit_test(serial_port_carries_bytes),
        cmocka_unit_test(line_drives_and_reads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
