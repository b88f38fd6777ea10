/* How relays come up: every start state, after a loss of power and after a warm restart, seen from
 * the pin: when it is driven for the first time, what runs before that, and how often it moves. */
#include "device/script/command.h"
#include "device/store/files.h"
#include "virtual/plug/plug.h"

#include "check.h"

enum { RELAY = 9, BUTTON = 24 };

static struct plug plug;

/* What a pin has shown, and when: the functions of the hal are listened to. */
static struct watch {
    struct hal hal; /* the real one */
    uint32_t bytes_read, reads;
    uint32_t before_bytes, before_reads; /* until the relay was driven for the first time */
    unsigned writes, edges;
    bool level, running; /* running: something else had been started before the relay */
} watch;

static void on_write(void *context, unsigned pin, bool level) {
    if (pin == RELAY) {
        if (!watch.writes++) {
            watch.before_bytes = watch.bytes_read;
            watch.before_reads = watch.reads;
            watch.running = plug.device.running;
        }
        watch.edges += level != watch.level;
        watch.level = level;
    }
    watch.hal.pin_write(context, pin, level);
}

static bool on_read(void *context, uint32_t offset, void *data, size_t size) {
    watch.bytes_read += (uint32_t)size;
    watch.reads++;
    return watch.hal.flash_read(context, offset, data, size);
}

static int setup(void **state) {
    (void)state;
    assert_true(plug_init(&plug, "BK7231N"));
    watch = (struct watch){.hal = plug.chip.hal};
    plug.chip.hal.pin_write = on_write;
    plug.chip.hal.flash_read = on_read;
    return 0;
}

static int teardown(void **state) {
    (void)state;
    plug_free(&plug);
    return 0;
}

/* `from`: the level that the relay's driver stage sees before the pin is driven. */
static void restart(enum hal_reset_cause cause, bool from) {
    watch.writes = watch.edges = watch.bytes_read = watch.reads = 0;
    watch.level = from;
    plug_restart(&plug, cause);
}

static void relay(unsigned role, int16_t start) {
    board_set_role(&plug.device, RELAY, role);
    board_set_channel(&plug.device, RELAY, 1);
    channel_set_start(&plug.device, 1, start);
}

static void start_states_after_a_loss_of_power(void **state) {
    (void)state;
    static const struct {
        int16_t start, last;
        bool on;
    } rows[] = {
        {0, 1, false}, {1, 0, true},   {-1, 1, true},      {-1, 0, false},
        {7, 0, true},  {-2, 1, false}, {-32768, 1, false}, {100, 0, true},
    };
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
        for (unsigned inverted = 0; inverted < 2; inverted++) {
            relay(inverted ? OBK_ROLE_RELAY_N : OBK_ROLE_RELAY, rows[i].start);
            channel_set(&plug.device, 1, rows[i].last, 0);
            plug_run_ms(&plug, 3000);
            restart(HAL_RESET_POWER, inverted); /* at rest the coil has no current */
            assert_int_equal(watch.level, rows[i].on != (inverted != 0));
            assert_int_equal(watch.edges, rows[i].on); /* no bounce on the way */
            assert_false(watch.running);
            plug_run_ms(&plug, 2000);
            assert_int_equal(watch.edges, rows[i].on);
        }
    }
}

static void a_warm_restart_moves_nothing_where_pins_are_held(void **state) {
    (void)state;
    static const enum hal_reset_cause warm[] = {HAL_RESET_SOFTWARE, HAL_RESET_WATCHDOG,
                                                HAL_RESET_CRASH};
    for (unsigned i = 0; i < 3; i++)
        for (int16_t start = -1; start <= 1; start++)
            for (int on = 0; on < 2; on++) {
                relay(OBK_ROLE_RELAY, start);
                channel_set(&plug.device, 1, on, 0);
                plug_run_ms(&plug, 6500); /* stable: no streak of crashes */
                restart(warm[i], on);
                plug_run_ms(&plug, 2000);
                assert_int_equal(watch.edges, 0);
                assert_int_equal(virtual_pin_level(&plug.chip, RELAY), on);
                assert_int_equal(plug.device.channels.value[1], on);
            }
}

static void relays_stand_before_any_script_runs(void **state) {
    (void)state;
    static const char early[] = "setChannel 2 1";
    relay(OBK_ROLE_RELAY, 1);
    assert_int_equal(store_file_write(&plug.device.store, "early.bat", early, sizeof early - 1),
                     STATUS_OK);
    assert_int_equal(store_file_write(&plug.device.store, "autoexec.bat", early, sizeof early - 1),
                     STATUS_OK);
    plug_run_ms(&plug, 2000);
    restart(HAL_RESET_POWER, false);
    assert_true(watch.level);
    assert_false(watch.running); /* scripts, services and meters start after that */
    assert_int_equal(plug.device.channels.value[2], 1);
}

/* The whole log is read before the relay is known: with every sector of it in use the time is that
 * of reading the flash once. */
static void how_much_flash_is_read_before_the_relay(void **state) {
    (void)state;
    relay(OBK_ROLE_RELAY, -1);
    for (int i = 0; i < 40000; i++) {
        channel_set(&plug.device, 1, i & 1, 0);
        channel_flush(&plug.device);
    }
    plug_run_ms(&plug, 2000);
    restart(HAL_RESET_POWER, false);
    print_message("          %u bytes of flash in %u reads before the relay\n",
                  (unsigned)watch.before_bytes, (unsigned)watch.before_reads);
    assert_in_range(watch.before_bytes, 1000, plug.chip.hal.chip.store_size + 16 * 4096);
}

static void a_held_pin_that_is_not_a_relay_follows_its_start_value(void **state) {
    (void)state;
    relay(OBK_ROLE_LED, 1);
    channel_set(&plug.device, 1, 0, 0);
    plug_run_ms(&plug, 6500);
    restart(HAL_RESET_SOFTWARE, false);
    assert_true(watch.level);
}

int main(void) {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(start_states_after_a_loss_of_power),
        T(a_warm_restart_moves_nothing_where_pins_are_held),
        T(relays_stand_before_any_script_runs),
        T(how_much_flash_is_read_before_the_relay),
        T(a_held_pin_that_is_not_a_relay_follows_its_start_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
