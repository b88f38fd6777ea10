/* A published script in virtual time: it switches a charger off after 15 minutes below 7 W, and not
 * when one sample rises above; a stray line in it is reported and the rest runs. Expressions keep
 * OpenBeken's order of operators. */
#include "device/script/command.h"
#include "device/script/expression.h"
#include "device/store/files.h"
#include "virtual/plug/plug.h"

#include "check.h"

static const char charger[] =
    "startDriver NTP\n\nntp_timeZoneOfs 3\nntp_setServer 10.0.0.1\n\nSetupEnergyStats 1 90 180\n\n"
    "[inContentAd]\n\n# channel 1  - relay\n\nSetChannelLabel 1 \"Power\"\n\n"
    "SetChannelType 8 Toggle\nSetChannelLabel 8 \"Min power check\"\nSetChannel 8 1\n\n"
    "SetChannelType 10 ReadOnly\nSetChannelLabel 10 \"Min power, Watts\"\nSetChannel 10 7\n\n"
    "SetChannelType 12 ReadOnly\nSetChannelLabel 12 \"Min power, minutes\"\nSetChannel 12 15\n\n"
    "SetChannelType 14 TimerSeconds\nSetChannelLabel 14 \"Min power timer\"\n"
    "SetChannelPrivate 14 true\n\n"
    "alias reset_counter SetChannel 14 0\nalias tick_counter AddChannel 14 1\n"
    "alias start_counter addRepeatingEventID 1 -1 1 if $power<$CH10 then check_minpower else "
    "reset_counter\n"
    "alias stop_counter backlog reset_counter; cancelRepeatingEvent 1\n\n"
    "alias check_minpower backlog tick_counter; if $CH14>=$CH12*60 then power off\n\n"
    "AddChangeHandler Channel1 == 0 stop_counter\n"
    "AddChangeHandler Channel1 != 0 if $CH8!=0 then start_counter\n\n"
    "AddChangeHandler Channel8 == 0 stop_counter\n"
    "AddChangeHandler Channel8 != 0 if $CH1!=0 then start_counter\n\n"
    "if $CH1!=0 then start_counter\n";

static void run_until(struct plug *plug, unsigned minute) {
    plug_run_fast(plug, minute * 60000ull - plug_now_ms(plug));
}

static void begin(struct plug *plug, const char *load) {
    assert_true(plug_init(plug, "BK7231N"));
    struct device *d = &plug->device;
    board_set_role(d, 26, OBK_ROLE_RELAY);
    board_set_channel(d, 26, 1);
    settings_save(d);
    assert_int_equal(store_file_write(&d->store, "autoexec.bat", charger, sizeof charger - 1), 0);
    plug_restart(plug, HAL_RESET_POWER);
    assert_int_equal(plug_set_load(plug, load), 0);
    run_until(plug, 1);
}

static void stray_line_is_reported(void **state) {
    (void)state;
    static struct plug plug;
    static char log[4096];
    begin(&plug, "0m 60W");
    log[device_log_read(&plug.device, log, sizeof log - 1)] = 0;
    assert_non_null(strstr(log, "[inContentAd]"));
    assert_int_equal(channel_get(&plug.device, 12), 15);
    plug_free(&plug);
}

static void switches_off_after_15_minutes(void **state) {
    (void)state;
    static struct plug plug;
    begin(&plug, "0m 60W; 20m 3W");
    assert_int_equal(command_run(&plug.device, "POWER ON", 0), COMMAND_OK);
    run_until(&plug, 34);
    assert_int_equal(channel_get(&plug.device, 1), 1);
    run_until(&plug, 36);
    assert_int_equal(channel_get(&plug.device, 1), 0);
    plug_free(&plug);
}

static void one_high_sample_begins_again(void **state) {
    (void)state;
    static struct plug plug;
    begin(&plug, "0m 60W; 20m 3W; 30m 60W; 31m 3W");
    command_run(&plug.device, "POWER ON", 0);
    run_until(&plug, 45);
    assert_int_equal(channel_get(&plug.device, 1), 1);
    run_until(&plug, 47);
    assert_int_equal(channel_get(&plug.device, 1), 0);
    plug_free(&plug);
}

static void order_of_operators(void **state) {
    (void)state;
    static struct plug plug;
    static const struct {
        const char *text;
        int value;
    } rows[] = {{"2+3*4", 14},   {"(2+3)*4", 20},    {"10-3-2", 5},  {"7.9%4.9", 3},
                {"5%0", 0},      {"5--2", 7},        {"1||0&&0", 0}, {"0&&0||1", 1},
                {"0.6&&1", 0},   {"1+2*-3", -2},     {"-$CH1", -10}, {"0x10", 16},
                {"$CH1$CH2", 0}, {"!5+3", 3},        {"(1+2", 0},    {"$CH1%3+1", 2},
                {"1=>1", 0},     {"$CH1*$CH2/4", 50}};
    assert_true(plug_init(&plug, "BK7231N"));
    channel_set(&plug.device, 1, 10, 0);
    channel_set(&plug.device, 2, 20, 0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal((int)expression_text(&plug.device, rows[i].text), rows[i].value);
    plug_free(&plug);
}

static void what_runs_itself_is_stopped(void **state) {
    (void)state;
    static struct plug plug;
    assert_true(plug_init(&plug, "BK7231N"));
    command_run(&plug.device, "alias again backlog again; again; again", 0);
    command_run(&plug.device, "again", 0);
    assert_int_equal(command_run(&plug.device, "SetChannel 3 7", 0), COMMAND_OK);
    assert_int_equal(channel_get(&plug.device, 3), 7);
    plug_free(&plug);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stray_line_is_reported),
        cmocka_unit_test(switches_off_after_15_minutes),
        cmocka_unit_test(one_high_sample_begins_again),
        cmocka_unit_test(order_of_operators),
        cmocka_unit_test(what_runs_itself_is_stopped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
