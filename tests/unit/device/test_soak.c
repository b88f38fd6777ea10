/* A long life in virtual time: random buttons, scripts and commands, power cuts, crashes and
 * brown-outs. Nothing may get stuck, and the same seed must give the same life, hash by hash.
 * SOAK_DAYS=30 for the long run. */
#include "base/crc.h"
#include "device/script/command.h"
#include "device/script/script.h"
#include "device/store/files.h"
#include "virtual/plug/plug.h"

#include <stdlib.h>
#include <string.h>

#include "check.h"

static uint32_t random_next(uint32_t *state) {
    *state = *state * 1664525U + 1013904223U;
    return *state >> 8;
}

static const char autoexec[] =
    "startDriver NTP\n"
    "SetChannelType 10 TimerSeconds\n"
    "alias tick AddChannel 10 1 0 100000 1\n"
    "alias quiet backlog cancelRepeatingEvent 7; SetChannel 11 0\n"
    "alias watch addRepeatingEventUID 5 -1 7 if $power<7 then tick\n"
    "addChangeHandler Channel1 != 0 watch\n"
    "addChangeHandler Channel1 == 0 quiet\n"
    "addChangeHandler Channel10 > 500 backlog SetChannel 10 0; startScript blink.txt * 3\n"
    "addEventHandler OnHold 24 backlog SetChannel 12 1; delay_s 20; SetChannel 12 0\n"
    "addEventHandler OnDblClick 24 startScript blink.txt * 4\n"
    "addClockEvent 12:00:00 0x7F 1 AddChannel 13 1\n"
    "again:\n"
    "waitFor Channel12 1\n"
    "AddChannel 14 1\n"
    "delay_s 30\n"
    "goto again\n";
static const char blink[] = "SetChannel 15 5\n"
                            "more:\n"
                            "ToggleChannel 16\n"
                            "delay_ms 250\n"
                            "AddChannel 15 -1\n"
                            "if $CH15>0 then goto more\n";

/* What somebody may type, sensible or not. */
static const char *const typed[] = {
    "backlog SetChannel 17 1; delay_s 3; SetChannel 17 0",
    "startScript blink.txt * 9",
    "stopScript 9",
    "addRepeatingEventID 2.5 20 11 AddChannel 18 1",
    "cancelRepeatingEvent 11",
    "lfs_appendLine notes.txt $CH10",
    "lfs_remove notes.txt",
    "SetStartValue 1 -1",
    "alias loop loop2",
    "alias loop2 loop",
    "loop",
    "resetSVM",
    "startScript autoexec.bat again",
    "SetChannel 65 1",
    "time_setTime 1750000000",
    "publish state $CH1",
    "if $CH1==1 then \"AddChannel 19 1\" else \"SetChannel 19 0\"",
    "clearClockEvents",
};

static void furnish(struct plug *plug) {
    struct device *d = &plug->device;
    board_set_role(d, 24, OBK_ROLE_BUTTON);
    board_set_channel(d, 24, 1);
    board_set_channel2(d, 24, 2);
    board_set_role(d, 26, OBK_ROLE_RELAY);
    board_set_channel(d, 26, 1);
    board_set_role(d, 9, OBK_ROLE_WIFI_LED_N);
    board_set_role(d, 6, OBK_ROLE_PWM_SCRIPT_ONLY);
    board_set_channel(d, 6, 2);
    channel_set_start(d, 1, -1);
    plug_set_load(plug, "0m 60W; 20m 3W");
    settings_save(d);
    store_file_write(&d->store, "autoexec.bat", autoexec, sizeof autoexec - 1);
    store_file_write(&d->store, "blink.txt", blink, sizeof blink - 1);
    plug_restart(plug, HAL_RESET_POWER);
}

static void incident(struct plug *plug, uint32_t *random) {
    uint32_t kind = random_next(random) % 100;
    if (kind < 50)
        plug_press(plug, 24, 20 + random_next(random) % 2500);
    else if (kind < 75)
        command_run(&plug->device, typed[random_next(random) % (sizeof typed / sizeof *typed)], 0);
    else if (kind < 85)
        channel_set(&plug->device, 2, (int32_t)(random_next(random) % 101), 0);
    else if (kind < 90)
        device_on_wifi(&plug->device, (enum hal_wifi_state)(1 + random_next(random) % 5));
    else if (kind < 94)
        plug_restart(plug, HAL_RESET_POWER);
    else if (kind < 97)
        plug_restart(plug, HAL_RESET_BROWN_OUT);
    else if (kind < 98)
        plug_restart(plug, HAL_RESET_CRASH);
    else {
        plug->chip.cut_at = plug->chip.flash_steps + 1 + random_next(random) % 4;
        plug->chip.cut_random = *random;
    }
}

/* A press switches the relay, and the memory of scripts is as it must be. */
static void check_alive(struct plug *plug) {
    const struct script_state *script = &plug->device.script;
    bool before = virtual_pin_level(&plug->chip, 26);
    plug_press(plug, 24, 150);
    plug_run_fast(plug, 2000);
    assert_int_equal(virtual_pin_level(&plug->chip, 26), !before);
    assert_true(script->used <= SCRIPT_ARENA && script->dead <= script->used);
    assert_int_equal(script->running, 0);
}

static uint32_t live(uint32_t seed, unsigned hours, struct plug *plug) {
    uint32_t random = seed, hash = FNV1A_START, incidents = 0;
    assert_true(plug_init(plug, "BK7231N"));
    furnish(plug);
    uint64_t end = (uint64_t)hours * 3600000;
    while (plug_now_ms(plug) < end) {
        plug_run_fast(plug, 1000 + random_next(&random) % 240000);
        if (plug->chip.dead)
            plug_restart(plug, HAL_RESET_POWER);
        incident(plug, &random);
        hash = plug_hash(plug, hash);
        if (++incidents % 200 == 0 && !plug->chip.cut_at) {
            plug_run_fast(plug, 30000); /* a finger may still be on the button */
            check_alive(plug);
        }
    }
    return hash;
}

static void same_seed_same_life_and_nothing_gets_stuck(void **state) {
    (void)state;
    const char *text = getenv("SOAK_DAYS");
    unsigned hours = text ? (unsigned)atoi(text) * 24 : 12;
    static struct plug one, two;
    uint32_t first = live(1, hours, &one), second = live(1, hours, &two);
    assert_int_equal(first, second);
    plug_free(&two);
    assert_int_not_equal(first, live(2, 12, &two));
    plug_free(&two);

    plug_restart(&one, HAL_RESET_POWER);
    plug_run_fast(&one, 20000);
    check_alive(&one);
    assert_int_equal(store_check(&one.device.store), 0);
    assert_false(one.device.store.read_only);
    print_message("          %u hours, hash %08x, %u restarts, %u erases of each sector\n", hours,
                  first, one.restarts, store_erase_count(&one.device.store));
    plug_free(&one);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_seed_same_life_and_nothing_gets_stuck),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
