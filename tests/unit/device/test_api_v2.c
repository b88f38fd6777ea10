/* /api/v2 as the pages use it, over the web server of a virtual plug: answers are JSON, changes are
 * all or none, uploads and restores survive a broken connection and a cut of power at every step.
 */
#include "codec/openbeken/obk_config.h"
#include "device/store/files.h"
#include "virtual/plug/plug.h"

#include <jansson.h>
#include <stdlib.h>

#include "check.h"

static struct plug plug;
static char reply[70000];

static int setup(void **state) {
    (void)state;
    assert_true(plug_init(&plug, "BK7231N"));
    assert_true(plug_network(&plug));
    plug_run_ms(&plug, 1500);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    plug_free(&plug);
    return 0;
}

static size_t read_all(int stream) {
    size_t used = 0;
    for (unsigned quiet = 0; quiet < 20;) {
        size_t got = virtual_net_receive(plug.net, &plug.device, stream, reply + used,
                                         sizeof reply - 1 - used);
        used += got;
        quiet = got ? 0 : quiet + 1;
        plug_frame(&plug);
    }
    reply[used] = 0;
    return used;
}

/* Joins chunks in place; returns the body. */
static char *body_of(char *text) {
    char *body = strstr(text, "\r\n\r\n");
    assert_non_null(body);
    body += 4;
    if (!strstr(text, "Transfer-Encoding: chunked"))
        return body;
    char *to = body, *from = body;
    for (size_t n; (n = strtoul(from, &from, 16)) > 0;) {
        memmove(to, from + 2, n);
        to += n;
        from += 2 + n + 2;
    }
    *to = 0;
    return body;
}

/* Sends a request and returns the status; *body is the answer. */
static int ask(const char *method, const char *path, const void *data, size_t size, char **body) {
    char head[300];
    int stream = virtual_net_connect(plug.net, &plug.device, 80, 0x7F000001);
    assert_true(stream >= 0);
    int n = snprintf(head, sizeof head,
                     "%s %s HTTP/1.1\r\nHost: plug\r\nAccept-Encoding: gzip\r\nConnection: "
                     "close\r\nContent-Length: %zu\r\n\r\n",
                     method, path, size);
    virtual_net_send(plug.net, &plug.device, stream, head, (size_t)n);
    for (size_t at = 0, idle = 0; at < size && idle < 50;) {
        size_t took = virtual_net_send(plug.net, &plug.device, stream, (const char *)data + at,
                                       size - at > 700 ? 700 : size - at);
        at += took;
        idle = took ? 0 : idle + 1;
        if (!took)
            plug_frame(&plug);
    }
    read_all(stream);
    virtual_net_close(plug.net, &plug.device, stream);
    *body = body_of(reply);
    return atoi(reply + 9);
}

static json_t *get(const char *path) {
    char *body;
    json_error_t error;
    assert_int_equal(ask("GET", path, NULL, 0, &body), 200);
    json_t *json = json_loads(body, 0, &error);
    if (!json)
        fail_msg("%s: %s at %d: %s", path, error.text, error.position, body);
    return json;
}

static int post(const char *path, const char *text) {
    char *body;
    return ask("POST", path, text, strlen(text), &body);
}

static json_t *row(json_t *list, const char *key, const char *name) {
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *is = json_string_value(json_object_get(json_array_get(list, i), key));
        if (is && strcmp(is, name) == 0)
            return json_array_get(list, i);
    }
    return NULL;
}

static int64_t number(json_t *object, const char *name) {
    return json_integer_value(json_object_get(object, name));
}

static void state_tells_everything_live(void **state) {
    (void)state;
    assert_int_equal(post("/api/v2/pins", "{\"pins\":[{\"pin\":26,\"role\":1,\"ch\":1}]}"), 200);
    json_t *s = get("/api/v2/state");
    json_t *channels = json_object_get(s, "channels");
    assert_int_equal(json_array_size(channels), 1);
    json_t *relay = json_array_get(channels, 0);
    assert_string_equal(json_string_value(json_object_get(relay, "kind")), "toggle");
    assert_int_equal(number(relay, "ch"), 1);
    assert_true(json_is_null(json_object_get(s, "light")));
    assert_string_equal(json_string_value(json_object_get(s, "chip")), "BK7231N");
    assert_true(json_is_object(json_object_get(s, "wifi")));
    json_decref(s);
}

static void every_channel_fits_the_state(void **state) {
    (void)state;
    for (int i = 0; i < 64; i++) {
        channel_set_type(&plug.device, i, 33);
        channel_set_label(&plug.device, i, i % 2 ? "\"quoted\" \\ label" : "plain");
    }
    json_t *s = get("/api/v2/state");
    assert_int_equal(json_array_size(json_object_get(s, "channels")), 64);
    json_decref(s);
}

static void pins_change_all_or_none(void **state) {
    (void)state;
    static const char *const wrong[] = {
        "{\"pins\":[{\"pin\":26,\"role\":1,\"ch\":1},{\"pin\":29,\"role\":1}]}",
        "{\"pins\":[{\"pin\":26,\"role\":99}]}",
        "{\"pins\":[{\"pin\":26,\"ch\":256}]}",
        "{\"pins\":[{\"role\":1}]}",
        "{\"pins\":[{\"pin\":26,\"role\":1}",
        "nonsense",
        "",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(post("/api/v2/pins", wrong[i]), 400);
    assert_int_equal(board_role(&plug.device, 26), 0);
    assert_int_equal(
        post("/api/v2/pins", "{\"pins\":[{\"pin\":24,\"role\":3,\"ch\":1,\"ch2\":2}]}"), 200);
    json_t *s = get("/api/v2/pins"), *pin = json_array_get(json_object_get(s, "pins"), 24);
    assert_int_equal(number(pin, "role"), 3);
    assert_int_equal(number(pin, "ch2"), 2);
    json_decref(s);
}

static void settings_change_all_or_none(void **state) {
    (void)state;
    char *body;
    const char *wrong = "{\"mqtt_host\":\"broker\",\"mqtt_port\":70000}";
    assert_int_equal(ask("POST", "/api/v2/settings", wrong, strlen(wrong), &body), 400);
    assert_non_null(strstr(body, "\"field\":\"mqtt_port\""));
    assert_string_equal(plug.device.config.mqtt_host, "");
    assert_int_equal(post("/api/v2/settings", "{\"no_such\":1}"), 400);
    assert_int_equal(post("/api/v2/settings", "[1]"), 400);
    assert_int_equal(post("/api/v2/settings", "{\"mqtt_host\":\"broker\",\"mqtt_tls\":true,"
                                              "\"mqtt_pass\":\"se\\\"cret\"}"),
                     200);
    assert_string_equal(plug.device.config.mqtt_host, "broker");
    assert_string_equal(plug.device.config.mqtt_pass, "se\"cret");
    assert_true(plug.device.config.mqtt_use_tls);
    json_t *s = get("/api/v2/settings"), *list = json_object_get(s, "settings");
    json_t *secret = row(list, "name", "mqtt_pass");
    assert_true(json_is_true(json_object_get(secret, "set")));
    assert_null(json_object_get(secret, "value"));
    assert_null(strstr(reply, "se\\\"cret"));
    json_decref(s);
}

static void long_texts_come_back_whole(void **state) {
    (void)state;
    char text[OBK_STARTUP_SIZE], body[2200];
    for (size_t i = 0; i < sizeof text - 1; i++)
        text[i] = "backlog echo \xC3\xA9;"[i % 16];
    text[1565] = 0;
    snprintf(body, sizeof body, "{\"startup\":\"%s\"}", text);
    assert_int_equal(post("/api/v2/settings", body), 200);
    json_t *s = get("/api/v2/settings");
    json_t *startup = row(json_object_get(s, "settings"), "name", "startup");
    assert_string_equal(json_string_value(json_object_get(startup, "value")), text);
    json_decref(s);
}

static void the_linter_names_line_and_column(void **state) {
    (void)state;
    char *body;
    const char *script = "// fine\nalias me setChannel 1 1\nme\nsetChanel 1 1\n";
    assert_int_equal(ask("POST", "/api/v2/script/check?line=11", script, strlen(script), &body),
                     200);
    json_t *s = json_loads(body, 0, NULL), *list = json_object_get(s, "findings");
    assert_int_equal(json_array_size(list), 1);
    assert_int_equal(number(json_array_get(list, 0), "line"), 14);
    assert_int_equal(number(json_array_get(list, 0), "column"), 1);
    json_decref(s);
}

static void files_come_back_and_go(void **state) {
    (void)state;
    static char data[20000];
    char *body;
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (char)(i * 7 + i / 256);
    assert_int_equal(ask("PUT", "/api/v2/files/a%20b.bin", data, sizeof data, &body), 200);
    assert_int_equal(ask("GET", "/api/v2/files/a%20b.bin", NULL, 0, &body), 200);
    assert_memory_equal(body, data, sizeof data);
    assert_int_equal(ask("PUT", "/api/v2/files/@restore", data, 10, &body), 400);
    assert_int_equal(ask("GET", "/api/v2/files/@startup", NULL, 0, &body), 404);
    assert_int_equal(ask("PUT", "/api/v2/files/empty", NULL, 0, &body), 200);
    json_t *s = get("/api/v2/files");
    assert_int_equal(number(row(json_object_get(s, "files"), "name", "a b.bin"), "size"), 20000);
    json_decref(s);
    assert_int_equal(ask("DELETE", "/api/v2/files/a%20b.bin", NULL, 0, &body), 200);
    assert_int_equal(ask("DELETE", "/api/v2/files/a%20b.bin", NULL, 0, &body), 404);
}

static void a_cut_upload_leaves_the_old_file(void **state) {
    (void)state;
    char *body;
    static const char head[] =
        "PUT /api/v2/files/f HTTP/1.1\r\nHost: p\r\nContent-Length: 5000\r\n\r\nhalf";
    assert_int_equal(ask("PUT", "/api/v2/files/f", "whole", 5, &body), 200);
    int stream = virtual_net_connect(plug.net, &plug.device, 80, 1);
    virtual_net_send(plug.net, &plug.device, stream, head, sizeof head - 1);
    plug_frame(&plug);
    assert_int_equal(ask("PUT", "/api/v2/files/g", "x", 1, &body), 409);
    virtual_net_close(plug.net, &plug.device, stream);
    plug_frame(&plug);
    assert_int_equal(ask("GET", "/api/v2/files/f", NULL, 0, &body), 200);
    assert_memory_equal(body, "whole", 5);
    assert_int_equal(ask("PUT", "/api/v2/files/g", "x", 1, &body), 200);
}

static void the_log_is_read_from_where_one_was(void **state) {
    (void)state;
    json_t *s = get("/api/v2/log");
    char path[64];
    assert_true(json_array_size(json_object_get(s, "lines")) > 0);
    snprintf(path, sizeof path, "/api/v2/log?after=%d", (int)number(s, "last"));
    json_decref(s);
    device_log(&plug.device, LOG_INFO, "test", "a \"new\" line");
    s = get(path);
    json_t *lines = json_object_get(s, "lines");
    assert_int_equal(json_array_size(lines), 1);
    assert_string_equal(json_string_value(json_array_get(lines, 0)), "test a \"new\" line");
    json_decref(s);
    for (int i = 0; i < 100; i++)
        device_log_int(&plug.device, LOG_INFO, "test", "line ", i, NULL);
    s = get(path);
    lines = json_object_get(s, "lines");
    assert_string_equal(json_string_value(json_array_get(lines, json_array_size(lines) - 1)),
                        "test line 99");
    json_decref(s);
}

/* --- backup and restore --- */

static char *backup_text(void) {
    char *body;
    assert_int_equal(ask("GET", "/api/v2/backup", NULL, 0, &body), 200);
    json_t *json = json_loads(body, 0, NULL);
    assert_non_null(json);
    json_decref(json);
    return strdup(body);
}

/* Two configurations that differ in a pin, a short text, the long text, and a file. */
static void configure(bool new_one) {
    char *body;
    assert_int_equal(post("/api/v2/pins", new_one
                                              ? "{\"pins\":[{\"pin\":26,\"role\":1,\"ch\":1}]}"
                                              : "{\"pins\":[{\"pin\":26,\"role\":5,\"ch\":9}]}"),
                     200);
    assert_int_equal(
        post("/api/v2/settings",
             new_one ? "{\"name_long\":\"K\\u00fcche\",\"startup\":\"setChannelLabel 1 \\\"a\\\"\\n"
                       "setChannelLabel 2 b\",\"mqtt_pass\":\"new\"}"
                     : "{\"name_long\":\"Cellar\",\"startup\":\"setChannelLabel 1 old\","
                       "\"mqtt_pass\":\"old\"}"),
        200);
    const char *file = new_one ? "setChannelLabel 3 new\n" : "setChannelLabel 3 old\n";
    assert_int_equal(ask("PUT", "/api/v2/files/autoexec.bat", file, strlen(file), &body), 200);
    assert_int_equal(ask("PUT", new_one ? "/api/v2/files/n" : "/api/v2/files/o", "x", 1, &body),
                     200);
    ask("DELETE", new_one ? "/api/v2/files/o" : "/api/v2/files/n", NULL, 0, &body);
    plug_run_ms(&plug, 2000);
}

static bool file_is(const char *name, const char *content) {
    struct store_file_info file;
    char have[64] = "";
    if (store_file_find(&plug.device.store, name, &file) != STATUS_OK)
        return content == NULL;
    store_file_read(&plug.device.store, &file, 0, have, sizeof have - 1);
    return content && strcmp(have, content) == 0;
}

static bool is(bool new_one) {
    const struct obk_config *c = &plug.device.config;
    return strcmp(c->long_name, new_one ? "K\xC3\xBC"
                                          "che"
                                        : "Cellar") == 0 &&
           strcmp(c->mqtt_pass, new_one ? "new" : "old") == 0 &&
           strcmp(c->startup, new_one ? "setChannelLabel 1 \"a\"\nsetChannelLabel 2 b"
                                      : "setChannelLabel 1 old") == 0 &&
           c->pins[26].role == (new_one ? 1 : 5) && c->pins[26].channel == (new_one ? 1 : 9) &&
           file_is("autoexec.bat",
                   new_one ? "setChannelLabel 3 new\n" : "setChannelLabel 3 old\n") &&
           file_is("n", new_one ? "x" : NULL) && file_is("o", new_one ? NULL : "x");
}

static void a_backup_brings_everything_back(void **state) {
    (void)state;
    configure(true);
    char *backup = backup_text();
    configure(false);
    assert_true(is(false));
    unsigned restarts = plug.restarts;
    assert_int_equal(post("/api/v2/restore", backup), 200);
    assert_true(is(false)); /* not before the restart */
    plug_run_ms(&plug, 6000);
    assert_int_equal(plug.restarts, restarts + 1);
    assert_true(is(true));
    assert_string_equal(channel_label(&plug.device, 2), "b");
    plug_restart(&plug, HAL_RESET_POWER);
    assert_true(is(true));
    free(backup);
}

static void damaged_backups_change_nothing(void **state) {
    (void)state;
    configure(true);
    char *backup = backup_text(), *body;
    configure(false);
    size_t all = strlen(backup);
    for (size_t cut = 0; cut + 2 < all; cut += 37)
        assert_int_not_equal(ask("POST", "/api/v2/restore", backup, cut, &body), 200);
    static const char *const wrong[] = {
        "{\"settings\":{}}",
        "{\"plugsmith\":2,\"settings\":{}}",
        "{\"plugsmith\":1,\"settings\":{\"mqtt_port\":99999}}",
        "{\"plugsmith\":1,\"files\":[{\"name\":\"a\",\"data\":\"A\"}]}",
        "{\"plugsmith\":1,\"files\":[{\"name\":\"@startup\",\"data\":\"QQ==\"}]}",
        "{\"plugsmith\":1,\"files\":[{\"data\":\"QQ==\",\"name\":\"a\"}]}",
        "{\"plugsmith\":1,\"files\":[{\"name\":\"a/b\",\"data\":\"QQ==\"}]}",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(post("/api/v2/restore", wrong[i]), 400);
    plug_run_ms(&plug, 6000);
    plug_restart(&plug, HAL_RESET_POWER);
    assert_true(is(false));
    free(backup);
}

static void restore_is_old_or_new_wherever_power_is_cut(void **state) {
    configure(true);
    char *backup = backup_text(), *body;
    unsigned olds = 0, news = 0, step = 0;
    for (bool through = false; !through; step++) {
        teardown(state);
        setup(state);
        configure(false);
        plug.chip.cut_at = plug.chip.flash_steps + step + 1;
        plug.chip.cut_random = step * 2654435761U;
        ask("POST", "/api/v2/restore", backup, strlen(backup), &body);
        plug_run_ms(&plug, 6000);
        through = !plug.chip.dead;
        plug.chip.cut_at = 0;
        plug_restart(&plug, HAL_RESET_POWER);
        plug_run_ms(&plug, 200);
        bool old = is(false), now = is(true);
        if (!old && !now)
            fail_msg("neither old nor new after a cut at step %u", step + 1);
        olds += old;
        news += now;
    }
    assert_true(is(true));

    print_message("          cut at %u steps: %u old, %u new\n", step, olds, news);
    assert_true(olds > 3 && news > 10);
    free(backup);
}

static void a_block_of_openbeken_is_taken_over(void **state) {
    (void)state;
    struct obk_config config;
    uint8_t block[OBK_CONFIG_SIZE];
    char *body;
    obk_config_defaults(&config, obk_chip_find("BK7231N"), (const uint8_t[6]){1, 2, 3, 4, 5, 6});
    strcpy(config.mqtt_host, "10.0.0.9");
    config.pins[26] = (struct obk_pin){1, 1, 0};
    assert_int_equal(obk_config_encode(&config, block, sizeof block), sizeof block);
    block[100] ^= 1;
    assert_int_equal(ask("POST", "/api/v2/import", block, sizeof block, &body), 400);
    block[100] ^= 1;
    assert_int_equal(ask("POST", "/api/v2/import", block, sizeof block, &body), 200);
    plug_run_ms(&plug, 6000);
    assert_string_equal(plug.device.config.mqtt_host, "10.0.0.9");
    assert_int_equal(board_role(&plug.device, 26), 1);
    assert_int_not_equal(plug.device.config.mac[5], 6);
}

static void events_follow_a_change_at_once(void **state) {
    (void)state;
    static const char request[] = "GET /api/v2/events HTTP/1.1\r\nHost: p\r\n\r\n";
    post("/api/v2/pins", "{\"pins\":[{\"pin\":26,\"role\":1,\"ch\":1}]}");
    int stream = virtual_net_connect(plug.net, &plug.device, 80, 1);
    virtual_net_send(plug.net, &plug.device, stream, request, sizeof request - 1);
    read_all(stream);
    assert_non_null(strstr(reply, "text/event-stream"));
    assert_non_null(strstr(reply, "event: state\ndata: {"));
    channel_set(&plug.device, 1, 1, 0);
    plug_run_ms(&plug, 300);
    read_all(stream);
    assert_non_null(strstr(reply, "\"value\":1"));
    plug_run_ms(&plug, 4000);
    size_t quiet = read_all(stream);
    plug_run_ms(&plug, 4000);
    assert_true(quiet == 0 || read_all(stream) == 0); /* nothing changes: one event in 5 s */
    virtual_net_close(plug.net, &plug.device, stream);
}

static void pages_come_pressed_and_once(void **state) {
    (void)state;
    static const char *const paths[] = {"/", "/index", "/cfg_pins", "/ota", "/ui/app.js"};
    char *body;
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        assert_int_equal(ask("GET", paths[i], NULL, 0, &body), 200);
        assert_non_null(strstr(reply, "Content-Encoding: gzip"));
        assert_int_equal((unsigned char)body[0], 0x1F);
    }
    char tag[24] = "", request[200];
    sscanf(strstr(reply, "ETag: "), "ETag: %23s", tag);
    snprintf(request, sizeof request,
             "GET /ui/app.js HTTP/1.1\r\nHost: p\r\nIf-None-Match: %s\r\nConnection: close\r\n\r\n",
             tag);
    int stream = virtual_net_connect(plug.net, &plug.device, 80, 1);
    virtual_net_send(plug.net, &plug.device, stream, request, strlen(request));
    read_all(stream);
    assert_int_equal(atoi(reply + 9), 304);
    assert_int_equal(ask("GET", "/ui/none.js", NULL, 0, &body), 404);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(state_tells_everything_live),
        TEST(every_channel_fits_the_state),
        TEST(pins_change_all_or_none),
        TEST(settings_change_all_or_none),
        TEST(long_texts_come_back_whole),
        TEST(the_linter_names_line_and_column),
        TEST(files_come_back_and_go),
        TEST(a_cut_upload_leaves_the_old_file),
        TEST(the_log_is_read_from_where_one_was),
        TEST(a_backup_brings_everything_back),
        TEST(damaged_backups_change_nothing),
        TEST(restore_is_old_or_new_wherever_power_is_cut),
        TEST(a_block_of_openbeken_is_taken_over),
        TEST(events_follow_a_change_at_once),
        TEST(pages_come_pressed_and_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
