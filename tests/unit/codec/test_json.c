/* JSON as the plug reads and writes it: grammar, escapes, pieces, bounds. */
#include "codec/net/json.h"

#include <math.h>

#include "check.h"

struct seen {
    struct text text;
    char buffer[1024];
};

static bool note(void *context, enum json_event event, unsigned depth, const char *text,
                 size_t length) {
    struct seen *s = context;
    assert_int_equal(strlen(text), length);
    text_char(&s->text, "{}[]kps#tfn"[event]);
    text_uint(&s->text, depth);
    if (event >= JSON_KEY && event <= JSON_NUMBER) {
        text_char(&s->text, ':');
        text_add(&s->text, text);
    }
    text_char(&s->text, ' ');
    return strcmp(text, "refuse") != 0;
}

static enum status read_split(const char *document, size_t step, struct seen *s) {
    struct json_reader r;
    s->text = text_start(s->buffer, sizeof s->buffer);
    json_start(&r, note, s);
    for (size_t at = 0, all = strlen(document); at < all; at += step)
        json_feed(&r, document + at, at + step > all ? all - at : step);
    return json_finish(&r);
}

static void events_follow_the_document(void **state) {
    (void)state;
    struct seen s;
    for (size_t step = 1; step < 40; step++) {
        assert_int_equal(
            read_split(" {\"a\":[1,-2.5e3,true],\"b\":{\"c\":null,\"d\":\"x\"}} ", step, &s),
            STATUS_OK);
        assert_string_equal(s.buffer,
                            "{0 k1:a [1 #2:1 #2:-2.5e3 t2 ]1 k1:b {1 k2:c n2 k2:d s2:x }1 }0 ");
    }
}

static void escapes_become_characters(void **state) {
    (void)state;
    struct seen s;
    assert_int_equal(read_split("\"a\\n\\\"\\\\\\/\\u00e9\\u20ac\\ud83d\\ude00\"", 1, &s),
                     STATUS_OK);
    assert_string_equal(s.buffer, "s0:a\n\"\\/\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80 ");
}

static void long_strings_come_in_parts(void **state) {
    (void)state;
    struct seen s;
    char document[600];
    memset(document, 'x', sizeof document);
    document[0] = document[598] = '"';
    document[599] = 0;
    assert_int_equal(read_split(document, 7, &s), STATUS_OK);
    size_t count = 0;
    for (const char *p = s.buffer; *p; p++)
        count += *p == 'x';
    assert_int_equal(count, 597);
    assert_non_null(strstr(s.buffer, "p0:"));
}

static void what_is_no_json_is_refused(void **state) {
    (void)state;
    static const char *const wrong[] = {
        "{a:1}",
        "{\"a\" 1}",
        "[1 2]",
        "[1,]",
        "{\"a\":1,}",
        "01",
        "1.",
        "-",
        "nul",
        "trues",
        "[1}",
        "{\"a\":1]",
        "\"a\nb\"",
        "\"\\x\"",
        "\"\\u12g4\"",
        "\"\\ud83d\"",
        "\"\\udc00\"",
        "\"\\ud83dx\"",
        "[[[[[[[[[1]]]]]]]]]",
        "1 2",
        "]",
        "\"refuse\"",
        "{\"a\"::1}",
        "\"\\u0000\"",
    };
    struct seen s;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (read_split(wrong[i], 1, &s) == STATUS_OK)
            fail_msg("taken: %s", wrong[i]);
    assert_int_equal(read_split("{\"a\":[1", 1, &s), STATUS_TRUNCATED);
    assert_int_equal(read_split("", 1, &s), STATUS_TRUNCATED);
}

static void what_is_written_can_be_read(void **state) {
    (void)state;
    char buffer[400];
    struct text t = text_start(buffer, sizeof buffer);
    struct seen s;
    text_char(&t, '{');
    json_add_string(&t, "text", "a\"b\\c\n\x01 \xC3\xA9 \xFF");
    json_add_int(&t, "n", -7);
    json_add_bool(&t, "yes", true);
    json_add_float(&t, "f", 2.345, 2);
    json_add_float(&t, "none", (double)NAN, 1);
    text_char(&t, '}');
    assert_string_equal(buffer,
                        "{\"text\":\"a\\\"b\\\\c\\n\\u0001 \xC3\xA9 ?\",\"n\":-7,\"yes\":true,"
                        "\"f\":2.35,\"none\":null}");
    assert_int_equal(read_split(buffer, 3, &s), STATUS_OK);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_follow_the_document),  cmocka_unit_test(escapes_become_characters),
        cmocka_unit_test(long_strings_come_in_parts),  cmocka_unit_test(what_is_no_json_is_refused),
        cmocka_unit_test(what_is_written_can_be_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
