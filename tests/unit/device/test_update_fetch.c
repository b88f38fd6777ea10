/* Fetching an image: servers that lie, stop, dribble or change their mind. The other end is played
 * here, byte by byte and in virtual time; a real server is in tests/peer/update.sh. */
#include "device/service/update/update.h"
#include "played_server.h"
#include "sample_update.h"

#include <stdio.h>
#include <stdlib.h>

#include "check.h"

enum { CONTENT = 20000, IMAGE = UPDATE_HEADER_OWN + CONTENT };

static uint8_t image[IMAGE];
static struct plug *plug_new(bool stage) {
    struct plug *plug = calloc(1, sizeof *plug);
    assert_true(plug && plug_init(plug, "BK7231N"));
    played_server(plug);
    if (!stage)
        plug->chip.hal.stage = NULL;
    plug_restart(plug, HAL_RESET_POWER);
    memset(&server, 0, sizeof server);
    sample_update(image, CONTENT, "BK7231N", "3.0.0");
    plug->chip.flash_steps = 0;
    return plug;
}

static void plug_end(struct plug *plug) {
    plug_free(plug);
    free(plug);
}

static void feed(struct plug *plug, const void *data, size_t size) {
    size_t at = 0;
    for (unsigned turn = 0; at < size && server.open && turn < 10000; turn++) {
        at += device_on_stream(&plug->device, STREAM, HAL_STREAM_DATA, (const char *)data + at,
                               size - at);
        if (at < size)
            plug_frame(plug);
    }
}

static void say(struct plug *plug, const char *head) {
    device_on_stream(&plug->device, STREAM, HAL_STREAM_OPEN, NULL, 0);
    feed(plug, head, strlen(head));
}

static void hang_up(struct plug *plug) {
    if (server.open)
        device_on_stream(&plug->device, STREAM, HAL_STREAM_CLOSED, NULL, 0);
    server.open = false;
}

static void answer_with_image(struct plug *plug) {
    char head[128];
    snprintf(head, sizeof head, "HTTP/1.1 200 OK\r\nContent-Length: %u\r\n\r\n", IMAGE);
    say(plug, head);
    feed(plug, image, IMAGE);
}

static const char *start(struct plug *plug) {
    return update_fetch(&plug->device, "http://192.0.2.1:8000/a/image.bin?x=1");
}

static void expect_failure(struct plug *plug, const char *why) {
    plug_run_ms(plug, 100);
    assert_int_equal(plug->device.update.step, UPDATE_FAILED);
    assert_non_null(strstr(plug->device.update.text, why));
    assert_null(plug->chip.sectors[plug->chip.hal.chip.slot_offset[1] / HAL_FLASH_SECTOR]);
    assert_false(server.open);
    assert_null(start(plug)); /* and the next one can begin */
}

static void with_ram_it_is_fetched_once_and_installed(void **state) {
    (void)state;
    struct plug *plug = plug_new(true);
    assert_null(start(plug));
    assert_string_equal(start(plug), "another update is under way");
    answer_with_image(plug);
    assert_non_null(strstr(server.asked, "GET /a/image.bin?x=1 HTTP/1.0\r\nHost: 192.0.2.1\r\n"));
    plug_run_ms(plug, 5000);
    assert_int_equal(server.connects, 1);
    assert_int_equal(plug->device.hal.chip.slot_running, 1);
    assert_string_equal(update_version(&plug->device), "3.0.0");
    plug_end(plug);
}

static void without_ram_it_is_verified_first_and_fetched_again(void **state) {
    (void)state;
    struct plug *plug = plug_new(false);
    assert_null(start(plug));
    answer_with_image(plug);
    assert_int_equal(server.connects, 2);
    assert_int_equal(plug->chip.flash_steps, 0);
    answer_with_image(plug);
    plug_run_ms(plug, 5000);
    assert_int_equal(plug->device.hal.chip.slot_running, 1);
    plug_end(plug);
}

static void another_image_the_second_time_is_refused(void **state) {
    (void)state;
    struct plug *plug = plug_new(false);
    assert_null(start(plug));
    answer_with_image(plug);
    image[9000] ^= 1;
    answer_with_image(plug);
    plug_run_ms(plug, 5000);
    assert_int_equal(plug->device.update.step, UPDATE_FAILED);
    assert_non_null(strstr(plug->device.update.text, "something else the second time"));
    plug_restart(plug, HAL_RESET_POWER);
    assert_int_equal(plug->device.hal.chip.slot_running, 0);
    plug_end(plug);
}

static void bad_content_is_never_written(void **state) {
    (void)state;
    for (unsigned stage = 0; stage < 2; stage++) {
        struct plug *plug = plug_new(stage);
        assert_null(start(plug));
        image[9000] ^= 1;
        answer_with_image(plug);
        expect_failure(plug, "does not match its checksum");
        assert_int_equal(server.connects, 2);
        plug_end(plug);
    }
}

static void bad_answers_are_told_apart(void **state) {
    (void)state;
    static const char *const rows[][2] = {
        {"HTTP/1.1 404 Not Found\r\n\r\n", "does not have it"},
        {"SSH-2.0-OpenSSH\r\n", "does not speak HTTP"},
        {"HTTP/1.1 200 OK\r\n\r\n", "does not say how long"},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nPLUGS", "in chunks"},
        {"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", "announces no length"},
        {"HTTP/1.1 200 OK\r\nContent-Length: 300\r\n\r\nthis is no image at all",
         "no firmware image"},
    };
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct plug *plug = plug_new(true);
        assert_null(start(plug));
        say(plug, rows[i][0]);
        expect_failure(plug, rows[i][1]);
        plug_end(plug);
    }
}

static void short_silent_and_slow_servers_end_it(void **state) {
    (void)state;
    static const char head[] = "HTTP/1.1 200 OK\r\nContent-Length: 20256\r\n\r\n";
    struct plug *plug = plug_new(true);
    assert_null(start(plug));
    say(plug, head);
    feed(plug, image, IMAGE / 2);
    hang_up(plug);
    expect_failure(plug, "the connection broke");
    hang_up(plug);
    expect_failure(plug, "no answer from there");
    say(plug, head);
    plug_run_ms(plug, 17000);
    expect_failure(plug, "fell silent");
    say(plug, head);
    for (unsigned s = 0; s < 60 && server.open; s++) {
        feed(plug, image + s, 1);
        plug_run_ms(plug, 1000);
    }
    expect_failure(plug, "too slow");
    plug_end(plug);
}

static void bad_addresses_are_refused(void **state) {
    (void)state;
    static const char *const urls[] = {"",
                                       "ftp://a/b",
                                       "http://",
                                       "http://:80/x",
                                       "http://a:0/x",
                                       "http://a:99999/x",
                                       "http://a\x01/x",
                                       "http://a/\nHost: b"};
    struct plug *plug = plug_new(true);
    for (unsigned i = 0; i < sizeof urls / sizeof *urls - 2; i++)
        assert_non_null(update_fetch(&plug->device, urls[i]));
    assert_non_null(update_fetch(&plug->device, urls[7]));
    assert_int_equal(server.connects, 0);
    plug_end(plug);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(with_ram_it_is_fetched_once_and_installed),
        cmocka_unit_test(without_ram_it_is_verified_first_and_fetched_again),
        cmocka_unit_test(another_image_the_second_time_is_refused),
        cmocka_unit_test(bad_content_is_never_written),
        cmocka_unit_test(bad_answers_are_told_apart),
        cmocka_unit_test(short_silent_and_slow_servers_end_it),
        cmocka_unit_test(bad_addresses_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
