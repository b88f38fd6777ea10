/* sendGet and sendPOST: what goes out, what is done with the answer, and servers that are no use.
 * The other end is played here. */
#include "device/script/command.h"
#include "device/service/requests/requests.h"
#include "device/store/files.h"
#include "played_server.h"

#include <stdio.h>
#include <stdlib.h>

#include "check.h"

static struct plug plug;
static int set_up(void **state) {
    (void)state;
    if (!plug_init(&plug, "BK7231N"))
        return -1;
    played_server(&plug);
    plug_restart(&plug, HAL_RESET_POWER);
    device_on_wifi(&plug.device, HAL_WIFI_CONNECTED);
    return 0;
}
static int tear_down(void **state) {
    (void)state;
    plug_free(&plug);
    return 0;
}

static void run(const char *line) {
    assert_int_equal(command_run(&plug.device, line, COMMAND_FROM_CONSOLE), COMMAND_OK);
    plug_run_ms(&plug, 50);
}

static void answer(const char *text) {
    device_on_stream(&plug.device, STREAM, HAL_STREAM_OPEN, NULL, 0);
    for (const char *p = text; *p && server.open; p++) /* byte by byte */
        device_on_stream(&plug.device, STREAM, HAL_STREAM_DATA, p, 1);
    if (server.open) {
        server.open = false;
        device_on_stream(&plug.device, STREAM, HAL_STREAM_CLOSED, NULL, 0);
    }
    plug_run_ms(&plug, 50);
}

static int32_t channel(int i) {
    return channel_get(&plug.device, i);
}

static void get_replaces_constants_and_runs_the_answer(void **state) {
    (void)state;
    run("setChannel 3 17");
    run("sendGet http://example.test:8123/set?v=$CH3 cmd \"addChannel 4 5\"");
    assert_string_equal(server.host, "example.test");
    assert_int_equal(server.port, 8123);
    answer("HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\nsetChannel 5 9garbage");
    assert_non_null(strstr(server.asked, "GET /set?v=17 HTTP/1.0\r\nHost: example.test\r\n"));
    assert_int_equal(channel(5), 9);
    assert_int_equal(channel(4), 5);
}

static void get_stores_the_answer_in_a_file(void **state) {
    (void)state;
    struct store_file_info file;
    char text[64] = "";
    run("sendGet http://example.test/a.txt got.txt \"setChannel 4 1\"");
    answer("HTTP/1.0 200 OK\r\n\r\nhello file");
    assert_int_equal(store_file_find(&plug.device.store, "got.txt", &file), STATUS_OK);
    store_file_read(&plug.device.store, &file, 0, text, sizeof text);
    assert_string_equal(text, "hello file");
    assert_int_equal(channel(4), 1);
    run("sendGet http://example.test/a.txt got.txt \"setChannel 4 2\"");
    answer("HTTP/1.0 200 OK\r\nContent-Length: 100\r\n\r\ncut"); /* the old file stays */
    store_file_find(&plug.device.store, "got.txt", &file);
    assert_int_equal(file.size, 10);
    assert_int_equal(channel(4), 1);
    assert_null(plug.device.api.owner);
}

static void post_carries_type_and_body(void **state) {
    (void)state;
    run("setChannel 3 17");
    run("sendPOST http://example.test/hook 8080 \"application/json\" \"{\\\"v\\\":$CH3}\" "
        "\"setChannel 4 8\"");
    assert_int_equal(server.port, 8080);
    answer("HTTP/1.1 204 No Content\r\n\r\n");
    assert_non_null(strstr(server.asked, "POST /hook HTTP/1.0\r\n"));
    assert_non_null(strstr(server.asked, "Content-Type: application/json\r\n"));
    assert_non_null(strstr(server.asked, "Content-Length: 8\r\n\r\n{\"v\":17}"));
    assert_int_equal(channel(4), 8);
}

static void many_go_one_after_the_other(void **state) {
    (void)state;
    for (unsigned i = 0; i < 200; i++)
        run("sendGet http://example.test/a cmd");
    assert_int_equal(server.connects, 1);
    unsigned before = server.connects;
    for (unsigned i = 0; i < 100 && server.open; i++)
        answer("HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\naddChannel 6 1");
    assert_true(channel(6) > 10 && channel(6) < 200);
    assert_int_equal(server.connects - before, channel(6) - 1);
    assert_int_equal(plug.device.requests.used, 0);
}

static void useless_servers_run_nothing(void **state) {
    (void)state;
    run("sendGet https://example.test/a cmd \"setChannel 4 1\"");
    assert_true(server.tls && server.port == 443);
    answer("HTTP/1.1 500 no\r\n\r\nsetChannel 5 1");
    run("sendGet ftp://example.test/a cmd \"setChannel 4 1\"");
    run("sendGet http://example.test/a cmd \"setChannel 4 1\"");
    plug_run_fast(&plug, 20000); /* silent */
    assert_false(server.open);
    assert_int_equal(plug.device.requests.used, 0);
    assert_int_equal(channel(4), 0);
    assert_int_equal(channel(5), 0);
}

int main(void) {
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        CASE(get_replaces_constants_and_runs_the_answer),
        CASE(get_stores_the_answer_in_a_file),
        CASE(post_carries_type_and_body),
        CASE(many_go_one_after_the_other),
        CASE(useless_servers_run_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
