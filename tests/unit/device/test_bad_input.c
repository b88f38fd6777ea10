/* Bad input of every kind: it is refused with a line that says so, and the plug's relay and button
 * go on working. */
#include "device/script/command.h"
#include "device/script/script.h"
#include "device/store/files.h"
#include "virtual/plug/plug.h"

#include <stdlib.h>
#include <string.h>

#include "check.h"

static struct plug plug;
static char said[4096]; /* warnings and errors since the last look */

static void listen(void *context, enum log_level level, const char *module, const char *text) {
    (void)context, (void)module;
    size_t used = strlen(said), length = strlen(text);
    if (level <= LOG_WARN && used + length + 2 < sizeof said) {
        memcpy(said + used, text, length);
        memcpy(said + used + length, "\n", 2);
    }
}

static struct device *dev(void) {
    return &plug.device;
}

static int setup(void **state) {
    (void)state;
    assert_true(plug_init(&plug, "BK7231N"));
    dev()->log.sink = (struct log_sink){.line = listen};
    board_set_role(dev(), 9, OBK_ROLE_RELAY);
    board_set_channel(dev(), 9, 1);
    board_set_role(dev(), 24, OBK_ROLE_BUTTON);
    board_set_channel(dev(), 24, 1);
    plug_run_ms(&plug, 7000);
    said[0] = 0;
    return 0;
}

static int teardown(void **state) {
    (void)state;
    plug_free(&plug);
    return 0;
}

static void check_alive(void) {
    bool before = virtual_pin_level(&plug.chip, 9);
    plug_press(&plug, 24, 150);
    plug_run_ms(&plug, 1000);
    assert_int_equal(virtual_pin_level(&plug.chip, 9), !before);
}

/* Something that holds `words` was said; then all is forgotten. */
static void check_said(const char *words) {
    if (!strstr(said, words))
        print_error("wanted: %s\nsaid: %s\n", words, said);
    assert_true(strstr(said, words) != NULL);
    said[0] = 0;
}

static void numbers_that_do_not_exist_are_named(void **state) {
    (void)state;
    command_run(dev(), "SetChannel 65 1", 0);
    check_said("no channel 65");
    assert_int_equal(command_run(dev(), "SetPinRole 99 Rel", 0), COMMAND_BAD_ARGUMENT);
    check_said("no pin 99");
    assert_int_equal(command_run(dev(), "SetPinRole 9 Relais", 0), COMMAND_BAD_ARGUMENT);
    check_said("no pin role Relais");
    command_run(dev(), "startDriver BL0815", 0);
    check_said("no driver BL0815");
    command_run(dev(), "startDriver SGP", 0);
    check_said("not in this build");
    assert_int_equal(command_run(dev(), "SetFlag 99 1", 0), COMMAND_BAD_ARGUMENT);
    command_run(dev(), "SetStartValue 64 1", 0);
    check_said("no channel 64");
    board_set_role(dev(), 20, OBK_ROLE_SGP_DAT);
    check_said("SGP_DAT is kept, but nothing in this build serves it");
    check_alive();
}

static void long_lines_are_refused(void **state) {
    (void)state;
    char line[4000];
    memset(line, 'x', sizeof line);
    memcpy(line, "echo ", 5);
    line[sizeof line - 1] = 0;
    command_run(dev(), line, 0); /* an argument that long may run or be refused, never overflow */
    memcpy(line, "SetChannelLabel 1 ", 18);
    assert_int_not_equal(command_run(dev(), line, 0), COMMAND_OK);
    check_said("");
    check_alive();
}

static void ten_thousand_handlers_fill_only_their_memory(void **state) {
    (void)state;
    for (int i = 0; i < 10000; i++)
        command_run(dev(), "addEventHandler OnClick 24 AddChannel 2 1", 0);
    check_said("memory is full");
    check_alive();
    command_run(dev(), "clearAllHandlers", 0);
    plug_run_ms(&plug, 100);
    assert_int_equal(command_run(dev(), "addEventHandler OnClick 24 SetChannel 3 1", 0),
                     COMMAND_OK);
}

static void recursion_and_bombs_are_stopped(void **state) {
    (void)state;
    command_run(dev(), "alias again again2", 0);
    command_run(dev(), "alias again2 again", 0);
    command_run(dev(), "again", 0);
    check_said("stopped");
    command_run(dev(), "alias bomb0 backlog AddChannel 5 1; AddChannel 5 1; AddChannel 5 1", 0);
    command_run(dev(), "alias bomba backlog bomb0; bomb0; bomb0; bomb0; bomb0; bomb0; bomb0", 0);
    command_run(dev(), "alias bombb backlog bomba; bomba; bomba; bomba; bomba; bomba; bomba", 0);
    command_run(dev(),
                "alias bombc backlog bombb; bombb; bombb; bombb; bombb; bombb; bombb; bombb; bombb",
                0);
    command_run(dev(), "bombc", 0);
    check_said("stopped");
    command_run(dev(), "addChangeHandler Channel6 != 0 SetChannel 6 0", 0);
    command_run(dev(), "addChangeHandler Channel6 == 0 SetChannel 6 1", 0);
    command_run(dev(), "SetChannel 6 1", 0);
    check_said("stopped");
    check_alive();
}

static void arithmetic_has_no_traps(void **state) {
    (void)state;
    assert_int_equal(command_run(dev(), "SetChannel 7 5%0", 0), COMMAND_OK);
    assert_int_equal(dev()->channels.value[7], 0);
    command_run(dev(), "SetChannel 7 5/0", 0);
    assert_int_equal(dev()->channels.value[7], INT32_MAX);
    command_run(dev(), "AddChannel 7 2147483647", 0);
    assert_int_equal(dev()->channels.value[7], INT32_MAX);
    command_run(dev(), "AddChannel 7 -2147483647 -10 10 2", 0);
    command_run(dev(), "AddChannel 7 -2147483648 -10 10 2", 0);
    command_run(dev(), "Map 7 1 5 5 0 10", 0);
    check_alive();
}

static void files_that_are_too_big_are_refused_whole(void **state) {
    (void)state;
    static char big[1 << 20];
    memset(big, '\n', sizeof big);
    memcpy(big, "SetChannel 1 0\n", 15);
    assert_int_equal(store_file_write(&dev()->store, "autoexec.bat", big, sizeof big),
                     STATUS_BAD_LENGTH);
    struct store_file_info file;
    assert_int_equal(store_file_find(&dev()->store, "autoexec.bat", &file), STATUS_NOT_FOUND);
    memset(big, 'y', FILE_SIZE_MAX); /* as long as may be, and one line of nonsense */
    assert_int_equal(store_file_write(&dev()->store, "autoexec.bat", big, FILE_SIZE_MAX),
                     STATUS_OK);
    plug_restart(&plug, HAL_RESET_POWER);
    plug_run_ms(&plug, 7000);
    check_said("too long");
    check_alive();
}

int main(void) {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(numbers_that_do_not_exist_are_named),
        T(long_lines_are_refused),
        T(ten_thousand_handlers_fill_only_their_memory),
        T(recursion_and_bombs_are_stopped),
        T(arithmetic_has_no_traps),
        T(files_that_are_too_big_are_refused_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
