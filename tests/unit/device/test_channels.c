/* One change of a channel goes out exactly once: one write of its pin, one message, one event, one
 * handler; none of them when nothing has changed, and each change of a chain for itself. */
#include "device/script/command.h"
#include "virtual/plug/plug.h"

#include "check.h"

enum { RELAY = 9 };

static struct plug plug;
static unsigned messages;

static void on_publish(void *context, const char *topic, const char *payload, bool retain) {
    (void)context, (void)payload, (void)retain;
    messages += strstr(topic, "/1/get") != NULL;
}

static struct device *dev(void) {
    return &plug.device;
}

static void command(const char *line) {
    assert_int_equal(command_run(dev(), line, COMMAND_FROM_CONSOLE), COMMAND_OK);
}

static int setup(void **state) {
    (void)state;
    assert_true(plug_init(&plug, "BK7231N"));
    plug.on_publish = on_publish;
    board_set_role(dev(), RELAY, OBK_ROLE_RELAY);
    board_set_channel(dev(), RELAY, 1);
    command("addEventHandler OnChannelChange 1 AddChannel 20 1");
    command("addChangeHandler Channel1 != 0 AddChannel 21 1");
    command("addChangeHandler Channel1 == 0 AddChannel 22 1");
    messages = 0;
    return 0;
}

static int teardown(void **state) {
    (void)state;
    plug_free(&plug);
    return 0;
}

static void went_out(unsigned times, int32_t events, int32_t on, int32_t off) {
    assert_int_equal(messages, times);
    assert_int_equal(dev()->channels.value[20], events);
    assert_int_equal(dev()->channels.value[21], on);
    assert_int_equal(dev()->channels.value[22], off);
}

static void every_way_to_set_it_counts_once(void **state) {
    (void)state;
    uint64_t edges = plug.chip.pin_changes;
    command("SetChannel 1 1");
    went_out(1, 1, 1, 0);
    command("SetChannel 1 1"); /* nothing new */
    went_out(1, 1, 1, 0);
    command("POWER OFF");
    went_out(2, 2, 1, 1);
    command("ToggleChannel 1");
    went_out(3, 3, 2, 1);
    command("AddChannel 1 -1");
    went_out(4, 4, 2, 2);
    channel_set(dev(), 1, 1, CHANNEL_NO_MQTT);
    went_out(4, 5, 3, 2);
    assert_int_equal(plug.chip.pin_changes - edges, 5);
    channel_set(dev(), 1, 1, CHANNEL_FORCE); /* told again, though it is the same */
    assert_int_equal(messages, 5);
    assert_int_equal(plug.chip.pin_changes - edges, 5);
}

static void a_private_channel_is_not_sent(void **state) {
    (void)state;
    command("SetChannelPrivate 1 1");
    command("SetChannel 1 1");
    went_out(0, 1, 1, 0);
}

/* A handler that sets the channel back makes two changes, each told once, and ends. */
static void a_handler_that_sets_it_back_ends(void **state) {
    (void)state;
    uint64_t edges = plug.chip.pin_changes;
    command("addChangeHandler Channel1 == 1 SetChannel 1 0");
    command("SetChannel 1 1");
    assert_int_equal(dev()->channels.value[1], 0);
    assert_int_equal(messages, 2);
    assert_int_equal(dev()->channels.value[20], 2);
    assert_int_equal(plug.chip.pin_changes - edges, 2);
    plug_run_ms(&plug, 5000);
    assert_int_equal(messages, 2);
}

static void a_channel_saved_as_configured_is_written_once(void **state) {
    (void)state;
    command("SetStartValue 1 -1");
    plug_run_ms(&plug, 8000); /* the start has been written down as good, too */
    uint32_t steps = plug.chip.flash_steps;
    command("SetChannel 1 1");
    plug_run_ms(&plug, 3000);
    assert_int_equal(plug.chip.flash_steps, steps + 1);
    command("SetChannel 2 1"); /* not to be remembered */
    plug_run_ms(&plug, 3000);
    assert_int_equal(plug.chip.flash_steps, steps + 1);
    for (int i = 0; i < 100; i++) /* back to where it was, within a second */
        channel_set(dev(), 1, i & 1, 0);
    plug_run_ms(&plug, 3000);
    assert_in_range(plug.chip.flash_steps, steps + 1, steps + 2);
}

int main(void) {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(every_way_to_set_it_counts_once),
        T(a_private_channel_is_not_sent),
        T(a_handler_that_sets_it_back_ends),
        T(a_channel_saved_as_configured_is_written_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
