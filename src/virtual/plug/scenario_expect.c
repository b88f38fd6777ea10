/* The expectations of the scenario format; each is one check. */
#include "codec/openbeken/channel_types.h"
#include "virtual/plug/scenario_rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void check_number(struct scenario *s, double wanted, double got) {
    scenario_check(s, wanted == got, scenario_number_text(s, wanted), scenario_number_text(s, got));
}

OP(expect) {
    (void)n;
    scenario_check(s, a[0].number != 0, "a non-zero value", scenario_number_text(s, a[0].number));
}

static bool has(struct scenario_text in, struct scenario_text what) {
    if (!what.length)
        return true;
    for (size_t i = 0; i + what.length <= in.length; i++)
        if (memcmp(in.data + i, what.data, what.length) == 0)
            return true;
    return false;
}

static bool same(struct scenario_text a, struct scenario_text b) {
    return a.length == b.length && memcmp(a.data, b.data, a.length) == 0;
}

static void check_text(struct scenario *s, struct scenario_text got, const char *relation,
                       struct scenario_text wanted) {
    bool good;
    if (strcmp(relation, "==") == 0)
        good = same(got, wanted);
    else if (strcmp(relation, "!=") == 0)
        good = !same(got, wanted);
    else if (strcmp(relation, "contains") == 0)
        good = has(got, wanted);
    else if (strcmp(relation, "lacks") == 0)
        good = !has(got, wanted);
    else if (strcmp(relation, "starts") == 0)
        good = got.length >= wanted.length && memcmp(got.data, wanted.data, wanted.length) == 0;
    else {
        scenario_bad(s, "one of == != contains lacks starts", relation);
        return;
    }
    scenario_check(s, good, wanted.data, got.data);
}

OP(expect_text) {
    (void)n;
    check_text(s, a[0].text, a[1].text.data, a[2].text);
}

OP(expect_body) {
    (void)n;
    struct scenario_text none = {"", 0};
    check_text(s, s->body.data ? s->body : none, a[0].text.data, a[1].text);
}

OP(expect_channel) {
    int channel = (int)a[0].number;
    if (n > 2) {
        double got = (double)channel_get_float(DEVICE, channel);
        scenario_check(s, fabs(got - a[1].number) < a[2].number,
                       scenario_number_text(s, a[1].number), scenario_number_text(s, got));
        return;
    }
    check_number(s, (double)(int32_t)a[1].number, channel_get(DEVICE, channel));
}

OP(expect_channel_type) {
    (void)n;
    const struct channel_type *row = channel_type_row(channel_type(DEVICE, (int)a[0].number));
    int wanted = channel_type_find(a[1].text.data);
    if (wanted < 0)
        scenario_bad(s, "a channel type", a[1].text.data);
    else
        scenario_check(s, wanted == (int)channel_type(DEVICE, (int)a[0].number), a[1].text.data,
                       row ? row->name : "?");
}

OP(expect_pin) {
    (void)n;
    check_number(s, a[1].number, virtual_pin_level(&s->plug.chip, (unsigned)a[0].number));
}

OP(expect_flag) {
    (void)n;
    check_number(s, a[1].number, settings_flag(DEVICE, (unsigned)a[0].number));
}

static bool retain_wanted(struct scenario *s, const char *word) {
    if (strcmp(word, "retain") != 0 && strcmp(word, "plain") != 0)
        scenario_bad(s, "retain or plain", word);
    return strcmp(word, "retain") == 0;
}

/* Some message of that topic, with the payload as text or, when `number` is not NaN, as number. */
static void expect_message(struct scenario *s, args_t a, double number, const char *wanted) {
    bool retain = retain_wanted(s, a[2].text.data), good = false;
    const char *last = "no message with that topic";
    for (unsigned i = 0; i < s->history_count; i++) {
        const struct scenario_message *m = &s->history[i];
        if (strcmp(m->topic, a[0].text.data) != 0)
            continue;
        last = m->payload;
        bool same =
            isnan(number) ? strcmp(last, wanted) == 0 : fabs(strtod(last, NULL) - number) < 0.001;
        good |= same && m->retain == retain;
    }
    scenario_check(s, good, wanted, last);
}

OP(expect_mqtt) {
    (void)n;
    expect_message(s, a, (double)NAN, a[1].text.data);
}

OP(expect_mqtt_num) {
    (void)n;
    expect_message(s, a, a[1].number, scenario_number_text(s, a[1].number));
}

OP(expect_no_mqtt) {
    (void)n;
    for (unsigned i = 0; i < s->history_count; i++)
        if (strcmp(s->history[i].topic, a[0].text.data) == 0) {
            scenario_check(s, false, "no such message", s->history[i].payload);
            return;
        }
    scenario_check(s, true, "", "");
}

const struct scenario_op scenario_expectations[] = {
    {"expect", "r", expect},
    {"expect-text", "twt", expect_text},
    {"expect-body", "wt", expect_body},
    {"expect-element", "wwW+", scenario_expect_element},
    {"expect-json", "tw?", scenario_expect_json},
    {"expect-channel", "nnN", expect_channel},
    {"expect-channel-type", "nw", expect_channel_type},
    {"expect-pin", "nn", expect_pin},
    {"expect-flag", "nn", expect_flag},
    {"expect-mqtt", "ttw", expect_mqtt},
    {"expect-mqtt-num", "tnw", expect_mqtt_num},
    {"expect-no-mqtt", "t", expect_no_mqtt},
    {"expect-mqtt-json", "twtW+", scenario_expect_mqtt_json},
    {"expect-no-mqtt-json", "twtW+", scenario_expect_no_mqtt_json},
    {NULL, NULL, NULL},
};
