/* Settings over /api/v2: the whole table out, some of them in, all or none. */
#include "device/device.h"
#include "device/service/rest/api_v2.h"

static const char *const type_names[] = {
    [SETTING_TEXT] = "text", [SETTING_INT] = "int",     [SETTING_UINT] = "uint",
    [SETTING_BOOL] = "bool", [SETTING_BYTES] = "bytes",
};

static void range(struct text *out, const struct setting *s) {
    if (s->type == SETTING_TEXT) {
        json_add_int(out, "length", s->size - 1);
    } else if (s->type == SETTING_BYTES) {
        json_add_int(out, "length", 2 * s->size);
    } else {
        json_add_int(out, "min", s->low);
        json_add_int(out, "max",
                     s->type == SETTING_UINT && s->high == -1 ? (int64_t)UINT32_MAX : s->high);
    }
}

static void finish(struct text *out, const struct setting *s) {
    json_add_string(out, "help", setting_help(s));
    text_char(out, '}');
}

/* Everything but the value of a text, which may be long. True when the object is complete. */
static bool begin(const struct device *d, struct text *out, const struct setting *s) {
    char value[2 * sizeof(struct obk_pin) * OBK_PINS_MAX + 1];
    text_char(out, '{');
    json_add_string(out, "name", s->name);
    json_add_string(out, "type", type_names[s->type]);
    range(out, s);
    if (s->type == SETTING_TEXT && !s->secret) {
        json_add_name(out, "value");
        text_char(out, '"');
        return false;
    }
    if (s->secret) {
        json_add_bool(out, "secret", true);
        json_add_bool(out, "set", setting_text(d, s)[0] != 0);
    } else {
        setting_print(d, s, value, sizeof value);
        json_add_name(out, "value");
        if (s->type == SETTING_BYTES)
            text_json(out, value);
        else
            text_add(out, value);
    }
    finish(out, s);
    return true;
}

/* cursor[0]: setting, cursor[1]: position in its text + 1, 0: not begun. */
static void more(struct device *d, struct http_exchange *x) {
    const struct setting *s = &settings_table[x->cursor[0]];
    bool done;
    if (x->cursor[1] == 0) {
        if (x->cursor[0])
            text_char(&x->out, ',');
        done = begin(d, &x->out, s);
        x->cursor[1] = 1;
    } else {
        uint32_t at = x->cursor[1] - 1;
        done = api_text_piece(&x->out, setting_text(d, s), &at);
        x->cursor[1] = at + 1;
        if (done) {
            text_char(&x->out, '"');
            finish(&x->out, s);
        }
    }
    if (!done)
        return;
    x->cursor[1] = 0;
    if (++x->cursor[0] == settings_count) {
        text_add(&x->out, "]}");
        x->more = NULL;
    }
}

void api_settings_get(struct device *d, struct http_exchange *x) {
    (void)d;
    http_begin(x, 200, "application/json");
    text_add(&x->out, "{\"settings\":[");
    x->more = more;
}

/* --- changing --- */

struct change {
    struct device *d;
    const struct setting *setting;
    bool apply, restart;
    unsigned changed, length;
    enum status status;
    char name[32], value[OBK_STARTUP_SIZE + 1];
};

/* Settings that are read only when something starts. */
static bool needs_restart(const char *name) {
    static const char *const names[] = {"wifi_ssid",     "wifi_pass",    "wifi_ssid2", "wifi_pass2",
                                        "static_ip",     "mac",          "web_off",    "pins",
                                        "channel_types", "start_values", "led_map"};
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static bool take_value(struct change *c) {
    const struct setting *s = c->setting;
    c->value[c->length] = 0;
    if (!c->apply) {
        c->status = setting_check(s, c->value);
        return c->status == STATUS_OK;
    }
    char now[sizeof c->name + 2 * sizeof(struct obk_pin) * OBK_PINS_MAX];
    setting_print(c->d, s, now, sizeof now);
    bool same = s->type == SETTING_TEXT ? strcmp(setting_text(c->d, s), c->value) == 0
                                        : text_same(now, c->value);
    if (same)
        return true;
    setting_parse(c->d, s, c->value);
    c->changed++;
    c->restart = c->restart || needs_restart(s->name);
    return true;
}

static bool take_name(struct change *c, const char *text) {
    struct text name = text_start(c->name, sizeof c->name);
    text_add(&name, text);
    c->setting = setting_find(text);
    c->length = 0;
    c->status = c->setting ? STATUS_OK : STATUS_NOT_FOUND;
    return c->setting != NULL;
}

static bool event(void *context, enum json_event event, unsigned depth, const char *text,
                  size_t length) {
    struct change *c = context;
    if (depth == 0)
        return event == JSON_OBJECT || event == JSON_OBJECT_END;
    if (event == JSON_KEY)
        return take_name(c, text);
    if (event == JSON_TRUE || event == JSON_FALSE) {
        text = event == JSON_TRUE ? "1" : "0";
        length = 1;
    } else if (event != JSON_NUMBER && event != JSON_PIECE && event != JSON_STRING) {
        c->status = STATUS_BAD_VALUE;
        return false;
    }
    if (c->length + length >= sizeof c->value) {
        c->status = STATUS_BAD_LENGTH;
        return false;
    }
    memcpy(c->value + c->length, text, length);
    c->length += (unsigned)length;
    return event == JSON_PIECE || take_value(c);
}

static bool pass(struct change *c, const struct http_exchange *x, bool apply) {
    struct json_reader reader;
    c->apply = apply;
    json_start(&reader, event, c);
    json_feed(&reader, x->body ? x->body : "", x->body_size);
    return json_finish(&reader) == STATUS_OK;
}

static void refuse(const struct change *c, struct http_exchange *x) {
    char message[96];
    struct text text = text_start(message, sizeof message);
    if (c->status == STATUS_OK) {
        api_error(x, 400, "the body is no JSON object", NULL);
        return;
    }
    text_add(&text, c->name);
    text_add(&text, c->status == STATUS_NOT_FOUND    ? ": there is no such setting"
                    : c->status == STATUS_BAD_LENGTH ? ": too long"
                                                     : ": this value is not allowed");
    if (c->status == STATUS_BAD_VALUE && c->setting && c->setting->high > c->setting->low) {
        text_add(&text, ", from ");
        text_int(&text, c->setting->low);
        text_add(&text, " to ");
        text_int(&text, c->setting->high);
    }
    api_error(x, 400, message, c->name);
}

void api_settings_post(struct device *d, struct http_exchange *x) {
    struct change c = {.d = d};
    if (!pass(&c, x, false)) {
        refuse(&c, x);
        return;
    }
    pass(&c, x, true);
    api_changed(x, c.changed, c.restart);
}
