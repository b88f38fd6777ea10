/* The TCP console: off unless its flag is set, one client, answers as old tools expect. */
#include "http_client.h"

#include "check.h"

enum { CONSOLE = 100 };

static int dial(struct plug *plug) {
    return virtual_net_connect(plug->net, &plug->device, CONSOLE, CLIENT_ADDRESS);
}

static const char *say(struct plug *plug, int stream, const char *line) {
    static char got[4096];
    virtual_net_send(plug->net, &plug->device, stream, line, strlen(line));
    size_t size = virtual_net_receive(plug->net, &plug->device, stream, got, sizeof got - 1);
    got[size] = 0;
    return got;
}

static void commands_and_bare_answers(void **state) {
    (void)state;
    struct plug *plug = client_plug();
    assert_int_equal(dial(plug), -1);
    settings_set_flag(&plug->device, 5, true);
    plug_run_ms(plug, 1100);
    int stream = dial(plug);
    assert_true(stream >= 0);
    assert_int_equal(dial(plug), -1); /* one at a time */
    say(plug, stream, "setChannel 5 77\r\n");
    assert_string_equal(say(plug, stream, "GetChannel 5"), "77");
    assert_string_equal(say(plug, stream, "ShortName\n"), plug->device.config.short_name);
    assert_non_null(strstr(say(plug, stream, "echo marker\n"), "marker"));
    assert_string_equal(say(plug, stream, "nosuch\n"), "Unknown command\n");
    assert_string_equal(say(plug, stream, "GetReadings\n"),
                        "0.000000 0.000000 0.000000 0.000000 0.000000 0.000000");
    plug_run_fast(plug, 65000); /* silence ends it */
    assert_false(virtual_net_open(plug->net, stream));
    client_plug_free(plug);
}

static void password_comes_first(void **state) {
    (void)state;
    struct plug *plug = client_plug();
    snprintf(plug->device.config.web_password, 32, "secret");
    settings_set_flag(&plug->device, 5, true);
    plug_run_ms(plug, 1100);
    int stream = dial(plug);
    assert_non_null(strstr(say(plug, stream, "setChannel 5 77\n"), "password"));
    assert_int_equal(channel_get(&plug->device, 5), 0);
    say(plug, stream, "secret\n");
    say(plug, stream, "setChannel 5 77\n");
    assert_int_equal(channel_get(&plug->device, 5), 77);
    client_plug_free(plug);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commands_and_bare_answers),
        cmocka_unit_test(password_comes_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
