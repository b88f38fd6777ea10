/* What a plug must survive: lines that are too long, thousands of handlers, commands that call
 * themselves, bombs, divisions by zero, channels and pins that do not exist, files that are too
 * large. Each is said in the log, and relay and button go on working. */
#include "device/script/command.h"
#include "device/script/expression.h"
#include "device/script/script.h"
#include "device/store/files.h"
#include "virtual/plug/plug.h"

#include <stdlib.h>

#include "check.h"

enum { RELAY = 26, BUTTON = 24 };

static struct plug plug;
static char log_text[DEVICE_LOG_RING + 1];

static int begin(void **state) {
    (void)state;
    assert_true(plug_init(&plug, "BK7231N"));
    struct device *d = &plug.device;
    board_set_role(d, RELAY, OBK_ROLE_RELAY);
    board_set_channel(d, RELAY, 1);
    board_set_role(d, BUTTON, OBK_ROLE_BUTTON);
    board_set_channel(d, BUTTON, 1);
    settings_save(d);
    plug_run_ms(&plug, 6000);
    return 0;
}

static int end(void **state) {
    (void)state;
    plug_free(&plug);
    return 0;
}

static const char *log_now(void) {
    log_text[device_log_read(&plug.device, log_text, DEVICE_LOG_RING)] = 0;
    return log_text;
}

static void script(const char *text, size_t size) {
    assert_int_equal(store_file_write(&plug.device.store, "autoexec.bat", text, size), STATUS_OK);
    plug_restart(&plug, HAL_RESET_POWER);
    plug_run_ms(&plug, 6000);
}

static void still_works(void) {
    bool before = channel_get(&plug.device, 1) > 0;
    plug_press(&plug, BUTTON, 150);
    plug_run_ms(&plug, 1000);
    assert_int_equal(channel_get(&plug.device, 1) > 0, !before);
    assert_int_equal(virtual_pin_level(&plug.chip, RELAY), !before);
    assert_int_equal(command_run(&plug.device, "POWER OFF", 0), COMMAND_OK);
    assert_false(virtual_pin_level(&plug.chip, RELAY));
}

static void long_lines_are_left_out(void **state) {
    (void)state;
    static char text[2000];
    int n = snprintf(text, sizeof text, "setChannel 5 1\necho ");
    memset(text + n, 'x', 1200);
    snprintf(text + n + 1200, 100, "\nsetChannel 6 1\n");
    script(text, strlen(text));
    assert_non_null(strstr(log_now(), "autoexec.bat:2:512: line is too long"));
    assert_int_equal(channel_get(&plug.device, 5), 1);
    assert_int_equal(channel_get(&plug.device, 6), 1);
    still_works();
}

static void long_commands_are_refused(void **state) {
    (void)state;
    static char line[4000];
    memset(line, 'a', sizeof line - 1);
    memcpy(line, "echo ", 5);
    assert_int_equal(command_run(&plug.device, line, 0), COMMAND_ERROR);
    assert_non_null(strstr(log_now(), "too long"));
    memset(line, ';', sizeof line - 1);
    memcpy(line, "backlog a", 9);
    command_run(&plug.device, line, 0);
    still_works();
}

static void ten_thousand_handlers_fill_the_memory_and_no_more(void **state) {
    (void)state;
    char line[80];
    unsigned refused = 0;
    for (int i = 0; i < 10000; i++) {
        snprintf(line, sizeof line, "addChangeHandler Channel%d == %d setChannel 9 1", i % 60 + 2,
                 i);
        refused += command_run(&plug.device, line, 0) == COMMAND_ERROR;
    }
    assert_in_range(refused, 1, 9990);
    assert_non_null(strstr(log_now(), "script memory is full"));
    still_works();
    assert_int_equal(command_run(&plug.device, "clearAllHandlers", 0), COMMAND_OK);
    plug_run_ms(&plug, 100);
    assert_int_equal(command_run(&plug.device, "addEventHandler OnClick 24 echo again", 0),
                     COMMAND_OK);
    still_works();
}

static void ten_thousand_handlers_in_a_file(void **state) {
    (void)state;
    static char text[FILE_SIZE_MAX];
    size_t n = 0;
    while (n + 60 < sizeof text)
        n += (size_t)snprintf(text + n, 60, "addEventHandler OnClick %zu setChannel 9 1\n", n);
    script(text, n);
    plug_run_ms(&plug, 20000);
    assert_non_null(strstr(log_now(), "script memory is full"));
    still_works();
}

static void what_calls_itself_is_stopped(void **state) {
    (void)state;
    static const char *const lines[] = {
        "alias loop loop",
        "alias ping pong",
        "alias pong ping",
        "alias bomb backlog bomb; bomb; bomb; bomb; bomb; bomb; bomb; bomb",
        "alias deep if 1 then if 1 then if 1 then deep",
        "addChangeHandler Channel7 != 0 setChannel 7 0",
        "addChangeHandler Channel7 == 0 setChannel 7 1",
        "addEventHandler OnChannelChange 8 addChannel 8 1",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        assert_int_equal(command_run(&plug.device, lines[i], 0), COMMAND_OK);
    static const char *const runs[] = {"loop", "ping",           "bomb",
                                       "deep", "setChannel 7 1", "setChannel 8 1"};
    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
        command_run(&plug.device, runs[i], 0);
        assert_non_null(strstr(log_now(), "endless recursion"));
        still_works();
    }
}

static void bombs_of_time_leave_room_for_buttons(void **state) {
    (void)state;
    static const char text[] = "again:\nbacklog addChannel 9 1; addChannel 9 1\n"
                               "startScript this again\ngoto again\n";
    script(text, sizeof text - 1);
    assert_in_range(threads_count(&plug.device), 2, SCRIPT_THREADS);
    still_works();
    for (int i = 0; i < 300; i++) {
        char line[80];
        snprintf(line, sizeof line, "backlog delay_s %d; addChannel 10 %d", i, i);
        command_run(&plug.device, line, 0);
        plug_run_ms(&plug, 20);
    }
    still_works();
}

static void nothing_divides_by_zero(void **state) {
    (void)state;
    assert_int_equal(command_run(&plug.device, "setChannel 5 7%0", 0), COMMAND_OK);
    assert_int_equal(channel_get(&plug.device, 5), 0);
    assert_int_equal(command_run(&plug.device, "setChannel 5 7/0", 0), COMMAND_OK);
    assert_int_equal(channel_get(&plug.device, 5), INT32_MAX);
    assert_int_equal(command_run(&plug.device, "setChannel 5 0/0", 0), COMMAND_OK);
    assert_int_equal(command_run(&plug.device, "setChannel 5 -2147483648%-1", 0), COMMAND_OK);
    assert_int_equal(command_run(&plug.device, "Map 5 1 2 2 0 100", 0), COMMAND_BAD_ARGUMENT);
    assert_int_equal(command_run(&plug.device, "addRepeatingEvent 0/0 -1 echo", 0), COMMAND_OK);
    plug_run_ms(&plug, 100);
    still_works();
}

static void what_does_not_exist_is_refused(void **state) {
    (void)state;
    assert_int_equal(command_run(&plug.device, "setPinRole 99 Rel", 0), COMMAND_BAD_ARGUMENT);
    assert_int_equal(command_run(&plug.device, "setPinChannel 26 65", 0), COMMAND_BAD_ARGUMENT);
    assert_int_equal(command_run(&plug.device, "setChannel 65 1", 0), COMMAND_OK);
    assert_int_equal(command_run(&plug.device, "setChannel -1 1", 0), COMMAND_OK);
    assert_int_equal(command_run(&plug.device, "addChangeHandler Channel64 == 1 echo", 0),
                     COMMAND_BAD_ARGUMENT);
    assert_int_equal(command_run(&plug.device, "startScript ../../etc/passwd", 0), COMMAND_OK);
    still_works();
}

static void deep_expressions_are_bounded(void **state) {
    (void)state;
    static char line[600];
    strcpy(line, "setChannel 5 ");
    memset(line + 13, '(', 400);
    command_run(&plug.device, line, 0);
    memset(line + 13, '!', 400);
    command_run(&plug.device, line, 0);
    memset(line + 13, '-', 400);
    command_run(&plug.device, line, 0);
    for (int i = 13; i < 500; i++)
        line[i] = i & 1 ? '1' : '+';
    command_run(&plug.device, line, 0);
    still_works();
}

static void a_file_of_a_mebibyte_is_refused(void **state) {
    (void)state;
    char *text = malloc(1 << 20);
    assert_non_null(text);
    memset(text, '\n', 1 << 20);
    assert_int_not_equal(store_file_write(&plug.device.store, "autoexec.bat", text, 1 << 20),
                         STATUS_OK);
    free(text);
    plug_restart(&plug, HAL_RESET_POWER);
    plug_run_ms(&plug, 6000);
    still_works();
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, begin, end)
int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(long_lines_are_left_out),
        CASE(long_commands_are_refused),
        CASE(ten_thousand_handlers_fill_the_memory_and_no_more),
        CASE(ten_thousand_handlers_in_a_file),
        CASE(what_calls_itself_is_stopped),
        CASE(bombs_of_time_leave_room_for_buttons),
        CASE(nothing_divides_by_zero),
        CASE(what_does_not_exist_is_refused),
        CASE(deep_expressions_are_bounded),
        CASE(a_file_of_a_mebibyte_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
