/* The web server: strict, bounded, fair. */
#include "http_client.h"

#include "check.h"

static struct client c, others[12];

static int ask(struct plug *plug, const char *request) {
    assert_true(client_open(&c, plug));
    client_say(&c, request);
    client_close(&c);
    return client_status(&c);
}

static void what_is_no_http_is_refused(void **state) {
    (void)state;
    struct plug *plug = client_plug();
    static const struct {
        const char *request;
        int status;
    } rows[] = {
        {"GET /api/info HTTP/1.1\r\nHost: p\r\n\r\n", 200},
        {"GET /api/info HTTP/1.0\r\n\r\n", 200},
        {"GET /api/info HTTP/1.1\n Host: p\n\n", 400},
        {"GET /api/info HTTP/1.1\nHost: p\n\n", 200},
        {"\r\nGET /api/info HTTP/1.1\r\nHost: p\r\n\r\n", 200},
        {"GET http://p/api/info HTTP/1.1\r\nHost: p\r\n\r\n", 200},
        {"GET /api/info HTTP/1.1\r\n\r\n", 400},
        {"GET /api/info HTTP/1.1\r\nHost: p\r\nHost: q\r\n\r\n", 400},
        {"GET /api/info HTTP/2.0\r\nHost: p\r\n\r\n", 505},
        {"GET /api/info\r\nHost: p\r\n\r\n", 400},
        {"GET  /api/info HTTP/1.1\r\nHost: p\r\n\r\n", 400},
        {"GET /a b HTTP/1.1\r\nHost: p\r\n\r\n", 400},
        {"GET api/info HTTP/1.1\r\nHost: p\r\n\r\n", 400},
        {"GET /%00 HTTP/1.1\r\nHost: p\r\n\r\n", 400},
        {"GET /api/info HTTP/1.1\r\nHost : p\r\n\r\n", 400},
        {"GET /api/info HTTP/1.1\r\nHost: p\r\nA: b\r\n c\r\n\r\n", 400},
        {"BREW /pot HTTP/1.1\r\nHost: p\r\n\r\n", 501},
        {"PATCH /api/info HTTP/1.1\r\nHost: p\r\n\r\n", 501},
        {"DELETE /api/info HTTP/1.1\r\nHost: p\r\n\r\n", 405},
        {"GET /api/info HTTP/1.1\r\nHost: p\r\nContent-Length: x\r\n\r\n", 400},
        {"POST /api/cmnd HTTP/1.1\r\nHost: p\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\necho",
         400},
        {"POST /api/cmnd HTTP/1.1\r\nHost: p\r\nContent-Length: -4\r\n\r\necho", 400},
        {"POST /api/cmnd HTTP/1.1\r\nHost: p\r\nTransfer-Encoding: gzip\r\n\r\n", 501},
        {"POST /api/cmnd HTTP/1.1\r\nHost: p\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", 400},
        {"POST /api/cmnd HTTP/1.1\r\nHost: p\r\nTransfer-Encoding: chunked\r\n\r\n\r\n", 400},
        {"POST /api/v2/update HTTP/1.1\r\nHost: p\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd",
         422},
        {"POST /api/cmnd HTTP/1.1\r\nHost: p\r\nTransfer-Encoding: chunked\r\nContent-Length: "
         "1\r\n\r\n",
         400},
        {"POST /api/cmnd HTTP/1.1\r\nHost: p\r\nContent-Length: 99999\r\n\r\n", 413},
        {"GET /nosuch HTTP/1.1\r\nHost: p\r\n\r\n", 404},
        {"HEAD /api/info HTTP/1.1\r\nHost: p\r\n\r\n", 200},
        {"OPTIONS /api/info HTTP/1.1\r\nHost: p\r\n\r\n", 200},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (ask(plug, rows[i].request) != rows[i].status)
            fail_msg("%s\n-> %s", rows[i].request, c.got);
    client_plug_free(plug);
}

static void heads_have_limits(void **state) {
    (void)state;
    struct plug *plug = client_plug();
    static char big[20000];
    memset(big, 'a', sizeof big - 1);
    memcpy(big, "GET /", 5);
    assert_int_equal(ask(plug, big), 414);
    int n = snprintf(big, sizeof big, "GET / HTTP/1.1\r\nHost: p\r\nX: ");
    memset(big + n, 'a', sizeof big - 1 - (size_t)n);
    assert_int_equal(ask(plug, big), 431);
    n = snprintf(big, sizeof big, "GET / HTTP/1.1\r\nHost: p\r\n");
    for (int i = 0; i < 200; i++)
        n += snprintf(big + n, sizeof big - (size_t)n, "X%d: y\r\n", i);
    assert_int_equal(ask(plug, big), 431);
    client_plug_free(plug);
}

static void connection_serves_many_requests(void **state) {
    (void)state;
    struct plug *plug = client_plug();
    assert_true(client_open(&c, plug));
    for (int i = 0; i < 50; i++) {
        client_say(&c, "GET /cm?cmnd=POWER HTTP/1.1\r\nHost: p\r\n\r\n");
        assert_int_equal(client_status(&c), 200);
        assert_non_null(strstr(c.got, "Content-Length: 14\r\n"));
        assert_non_null(strstr(c.got, "{\"POWER\":\"ON\"}"));
    }
    /* two at once: answered in their order */
    client_say(&c, "GET /cm?cmnd=GetChannel%201 HTTP/1.1\r\nHost: p\r\n\r\n"
                   "GET /nosuch HTTP/1.1\r\nHost: p\r\n\r\n");
    assert_int_equal(client_status(&c), 200);
    assert_non_null(strstr(c.got, "404 Not Found"));
    assert_true(client_is_open(&c));
    client_say(&c, "GET / HTTP/1.1\r\nHost: p\r\nConnection: close\r\n\r\n");
    assert_false(client_is_open(&c));
    client_plug_free(plug);
}

/* Body of a chunked answer, in place. */
static size_t dechunk(char *body) {
    char *p = body, *to = body, *end;
    for (;;) {
        size_t size = strtoul(p, &end, 16);
        assert_true(end != p && end[0] == '\r' && end[1] == '\n');
        if (!size)
            break;
        memmove(to, end + 2, size);
        to += size;
        p = end + 2 + size;
        assert_memory_equal(p, "\r\n", 2);
        p += 2;
    }
    *to = 0;
    return (size_t)(to - body);
}

static void long_answers_are_whole_in_chunks_and_through_a_narrow_window(void **state) {
    (void)state;
    struct plug *plug = client_plug();
    static char wide[8192];
    assert_true(client_open(&c, plug));
    client_say(&c, "GET /api/pins HTTP/1.1\r\nHost: p\r\n\r\n");
    assert_non_null(strstr(c.got, "Transfer-Encoding: chunked"));
    char *body = strstr(c.got, "\r\n\r\n") + 4;
    size_t size = dechunk(body);
    assert_true(size > 1000 && body[size - 1] == '}');
    memcpy(wide, body, size + 1);
    plug->net->streams[c.stream].window = 37; /* a client that reads 37 bytes at a time */
    client_say(&c, "GET /api/pins HTTP/1.1\r\nHost: p\r\n\r\n");
    for (int i = 0; i < 200; i++)
        client_read(&c);
    body = strstr(c.got, "\r\n\r\n") + 4;
    dechunk(body);
    assert_string_equal(body, wide);
    client_close(&c);
    /* HTTP/1.0 knows no chunks: the end of the connection is the end */
    assert_int_equal(ask(plug, "GET /api/pins HTTP/1.0\r\n\r\n"), 200);
    assert_null(strstr(c.got, "chunked"));
    assert_string_equal(strstr(c.got, "\r\n\r\n") + 4, wide);
    client_plug_free(plug);
}

static void passwords_have_roles(void **state) {
    (void)state;
    struct plug *plug = client_plug();
    snprintf(plug->device.config.web_password, 32, "secret");
    snprintf(plug->device.config.view_password, 32, "looking");
#define BASIC(pair) "Authorization: Basic " pair "\r\n"
#define ADMIN       BASIC("YWRtaW46c2VjcmV0")     /* admin:secret */
#define VIEW        BASIC("dmlldzpsb29raW5n")     /* view:looking */
#define WRONG       BASIC("YWRtaW46c2VjcmV0cw==") /* admin:secrets */
    assert_int_equal(ask(plug, "GET /api/info HTTP/1.1\r\nHost: p\r\n\r\n"), 401);
    assert_non_null(strstr(c.got, "WWW-Authenticate: Basic realm="));
    assert_null(strstr(c.got, "Access-Control"));
    assert_int_equal(ask(plug, "GET /api/info HTTP/1.1\r\nHost: p\r\n" WRONG "\r\n"), 401);
    assert_int_equal(ask(plug, "GET /api/info HTTP/1.1\r\nHost: p\r\n" ADMIN "\r\n"), 200);
    assert_int_equal(ask(plug, "GET /api/info HTTP/1.1\r\nHost: p\r\n" VIEW "\r\n"), 200);
    assert_int_equal(ask(plug, "GET /cm?cmnd=POWER%20ON HTTP/1.1\r\nHost: p\r\n" VIEW "\r\n"), 403);
    assert_int_equal(ask(plug, "GET /cm?cmnd=POWER HTTP/1.1\r\nHost: p\r\n" ADMIN "\r\n"), 200);
    assert_int_equal(ask(plug, "GET /index?tgl=1 HTTP/1.1\r\nHost: p\r\n" VIEW "\r\n"), 403);
    assert_int_equal(ask(plug, "GET /cfg_name?name=x HTTP/1.1\r\nHost: p\r\n" VIEW "\r\n"), 403);
    assert_int_equal(ask(plug, "GET /api/flash/0-10 HTTP/1.1\r\nHost: p\r\n" VIEW "\r\n"), 403);
    for (int i = 0; i < 12; i++) /* guessing becomes slow */
        ask(plug, "GET /api/info HTTP/1.1\r\nHost: p\r\n" WRONG "\r\n");
    assert_int_equal(ask(plug, "GET /api/info HTTP/1.1\r\nHost: p\r\n" ADMIN "\r\n"), 401);
    plug_run_fast(plug, 4000);
    assert_int_equal(ask(plug, "GET /api/info HTTP/1.1\r\nHost: p\r\n" ADMIN "\r\n"), 200);
    client_plug_free(plug);
}

static void other_sites_may_neither_act_nor_read(void **state) {
    (void)state;
    struct plug *plug = client_plug();
#define FROM(origin) "Host: p\r\nOrigin: " origin "\r\nContent-Length: 4\r\n\r\necho"
    assert_int_equal(ask(plug, "POST /api/cmnd HTTP/1.1\r\n" FROM("https://evil.example")), 403);
    assert_null(strstr(c.got, "Access-Control-Allow-Origin"));
    assert_int_equal(ask(plug, "POST /api/cmnd HTTP/1.1\r\n" FROM("null")), 403);
    assert_int_equal(ask(plug, "POST /api/cmnd HTTP/1.1\r\n" FROM("http://p")), 200);
    assert_int_equal(
        ask(plug, "POST /api/cmnd HTTP/1.1\r\n" FROM("https://openbekeniot.github.io")), 200);
    assert_non_null(
        strstr(c.got, "Access-Control-Allow-Origin: https://openbekeniot.github.io\r\n"));
    assert_int_equal(ask(plug, "GET /cm?cmnd=POWER%20ON HTTP/1.1\r\nHost: p\r\n"
                               "Sec-Fetch-Site: cross-site\r\n\r\n"),
                     403);
    assert_int_equal(ask(plug, "GET /index?tgl=1 HTTP/1.1\r\nHost: p\r\n"
                               "Sec-Fetch-Site: cross-site\r\n\r\n"),
                     403);
    assert_int_equal(ask(plug, "GET /cfg_name?name=x HTTP/1.1\r\nHost: p\r\n"
                               "Sec-Fetch-Site: cross-site\r\n\r\n"),
                     403);
    assert_int_equal(ask(plug, "GET /api/info HTTP/1.1\r\nHost: p\r\n\r\n"), 200);
    assert_non_null(strstr(c.got, "Access-Control-Allow-Origin: *\r\n"));
    client_plug_free(plug);
}

static void slow_heads_time_out_and_idle_ones_make_room(void **state) {
    (void)state;
    struct plug *plug = client_plug();
    assert_true(client_open(&c, plug));
    client_say(&c, "GET /api/info HTTP/1.1\r\nHost:");
    plug_run_fast(plug, 6000);
    client_read(&c);
    assert_int_equal(client_status(&c), 408);
    assert_false(client_is_open(&c));
    for (int i = 0; i < 8; i++) { /* all places taken by silence */
        assert_true(client_open(&others[i], plug));
        client_say(&others[i], i % 2 ? "G" : "");
    }
    plug_run_fast(plug, 600);
    assert_int_equal(ask(plug, "GET /api/info HTTP/1.1\r\nHost: p\r\n\r\n"), 200);
    client_plug_free(plug);
}

static void slowloris_does_not_lock_others_out(void **state) {
    (void)state;
    struct plug *plug = client_plug();
    for (int i = 0; i < 8; i++) {
        client_open(&others[i], plug);
        client_say(&others[i], "GET / HTTP/1.1\r\n");
    }
    for (int second = 0; second < 60; second++) {
        for (int i = 0; i < 8; i++) {
            if (!client_is_open(&others[i]))
                client_open(&others[i], plug);
            if (client_is_open(&others[i]))
                client_say(&others[i], "X: y\r\n");
        }
        plug_run_fast(plug, 1000);
        assert_int_equal(ask(plug, "GET /cm?cmnd=POWER HTTP/1.1\r\nHost: p\r\n\r\n"), 200);
    }
    client_plug_free(plug);
}

static void button_works_in_time_while_everything_is_asked_for(void **state) {
    (void)state;
    struct plug *plug = client_plug();
    board_set_role(&plug->device, 9, 1); /* Rel */
    board_set_channel(&plug->device, 9, 1);
    board_set_role(&plug->device, 10, 3); /* Btn */
    board_set_channel(&plug->device, 10, 1);
    settings_set_flag(&plug->device, 6, true); /* instant */
    plug_run_ms(plug, 1000);
    for (int round = 0; round < 20; round++) {
        int32_t before = channel_get(&plug->device, 1);
        for (int i = 0; i < 8; i++) {
            client_open(&others[i], plug);
            client_say(&others[i], i % 2 ? "GET /cm?cmnd=STATUS HTTP/1.1\r\nHost: p\r\n\r\n"
                                         : "POST /api/v2/update HTTP/1.1\r\nHost: p\r\nContent-"
                                           "Length: 90000\r\n\r\nPLUGSMI1garbage");
        }
        plug_press(plug, 10, 300);
        uint64_t start = plug_now_ms(plug);
        while (channel_get(&plug->device, 1) == before && plug_now_ms(plug) < start + 1000)
            plug_frame(plug);
        assert_true(plug_now_ms(plug) - start <= 100); /* debouncing is part of it */
        for (int i = 0; i < 8; i++)
            client_close(&others[i]);
        plug_run_ms(plug, 1000);
    }
    client_plug_free(plug);
}

/* Bodies without announced length, cut anywhere: a gathered one and an upload; one too long. */
static void chunked_bodies_are_taken(void **state) {
    (void)state;
    struct plug *plug = client_plug();
    static const char command[] = "POST /api/cmnd HTTP/1.1\r\nHost: p\r\nTransfer-Encoding: "
                                  "chunked\r\n\r\n"
                                  "7;a=b\r\nsetChan\r\n0A\r\nnel 5 1234\r\n1\r\n5\r\n0\r\n"
                                  "Trailer: x\r\n\r\n";
    for (size_t cut = 1; cut < sizeof command - 1; cut++) {
        channel_set(&plug->device, 5, 0, 0);
        assert_true(client_open(&c, plug));
        client_send(&c, command, cut);
        client_send(&c, command + cut, sizeof command - 1 - cut);
        assert_int_equal(client_status(&c), 200);
        assert_int_equal(channel_get(&plug->device, 5), 12345);
        client_say(&c, "GET /cm?cmnd=GetChannel%205 HTTP/1.1\r\nHost: p\r\n\r\n");
        assert_non_null(strstr(c.got, "12345")); /* on the same connection */
        client_close(&c);
    }
    assert_int_equal(ask(plug, "POST /api/lfs/c.txt HTTP/1.1\r\nHost: p\r\nTransfer-Encoding: "
                               "chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"),
                     200);
    assert_non_null(strstr(c.got, "{\"fname\":\"c.txt\",\"size\":5}"));
    static char big[5000];
    int n = snprintf(big, sizeof big,
                     "POST /api/cmnd HTTP/1.1\r\nHost: p\r\nTransfer-Encoding: chunked\r\n\r\n"
                     "fff\r\n");
    memset(big + n, 'a', sizeof big - 1 - (size_t)n);
    assert_int_equal(ask(plug, big), 413);
    client_plug_free(plug);
}

/* On the plug's own access point, requests meant for others lead to its page. */
static void the_access_point_leads_to_the_page(void **state) {
    (void)state;
    struct plug *plug = client_plug();
    assert_int_equal(ask(plug, "GET /generate_204 HTTP/1.1\r\nHost: 192.168.4.1\r\n\r\n"), 404);
    device_on_wifi(&plug->device, HAL_WIFI_AP_UP);
    static const char *const probes[] = {
        "GET /generate_204 HTTP/1.1\r\nHost: 192.168.4.1\r\n\r\n",
        "GET /hotspot-detect.html HTTP/1.1\r\nHost: captive.apple.com\r\n\r\n",
        "GET /connecttest.txt HTTP/1.1\r\nHost: www.msftconnecttest.com\r\n\r\n",
        "GET /any/page HTTP/1.1\r\nHost: example.com:80\r\n\r\n"};
    for (unsigned i = 0; i < sizeof probes / sizeof *probes; i++) {
        assert_int_equal(ask(plug, probes[i]), 302);
        assert_non_null(strstr(c.got, "Location: http://127.0.0.1/\r\n"));
    }
    assert_int_equal(ask(plug, "GET /api/info HTTP/1.1\r\nHost: 192.168.4.1:80\r\n\r\n"), 200);
    client_plug_free(plug);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_http_is_refused),
        cmocka_unit_test(heads_have_limits),
        cmocka_unit_test(the_access_point_leads_to_the_page),
        cmocka_unit_test(chunked_bodies_are_taken),
        cmocka_unit_test(connection_serves_many_requests),
        cmocka_unit_test(long_answers_are_whole_in_chunks_and_through_a_narrow_window),
        cmocka_unit_test(passwords_have_roles),
        cmocka_unit_test(other_sites_may_neither_act_nor_read),
        cmocka_unit_test(slow_heads_time_out_and_idle_ones_make_room),
        cmocka_unit_test(slowloris_does_not_lock_others_out),
        cmocka_unit_test(button_works_in_time_while_everything_is_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
