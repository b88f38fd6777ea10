/* Pins, channels and channel types over REST, as the OpenBeken web application reads and sets them.
 * Source: openshwprojects/OpenBK7231T_App: src/httpserver/rest_interface.c. */
#include "codec/net/json.h"
#include "codec/openbeken/channel_types.h"
#include "device/device.h"
#include "device/script/command.h"
#include "device/service/http/http.h"
#include "device/service/rest/rest.h"

enum { NAMES_PER_PIECE = 32, COMMAND_MAX = 128 };

int64_t rest_number(const char *text, size_t length) {
    int64_t value = 0;
    size_t i = length && text[0] == '-';
    for (; i < length && text_is_digit(text[i]) && value < INT32_MAX; i++)
        value = value * 10 + (text[i] - '0');
    return length && text[0] == '-' ? -value : value;
}

static void comma(struct text *out, bool needed) {
    if (needed)
        text_char(out, ',');
}

/* --- pins --- */

static void pin_row(struct device *d, struct text *out, const char *name, unsigned which) {
    unsigned count = d->hal.chip.pins, last = count;
    if (which == 2) { /* channels2: cut after the last that is used, left out when none is */
        while (last && !d->config.pins[last - 1].channel2)
            last--;
        if (!last)
            return;
    }
    text_add(out, name);
    for (unsigned pin = 0; pin < last; pin++) {
        const struct obk_pin *p = &d->config.pins[pin];
        comma(out, pin > 0);
        text_int(out, which == 0   ? p->role
                      : which == 1 ? p->channel
                      : which == 2 ? p->channel2
                                   : channel_get(d, p->channel));
    }
    text_char(out, ']');
}

static void pins_more(struct device *d, struct http_exchange *x) {
    static const char *const rows[] = {"],\"roles\":[", ",\"channels\":[", ",\"channels2\":[",
                                       ",\"states\":["};
    uint32_t at = x->cursor[0];
    if (at < OBK_ROLE_COUNT) {
        for (unsigned i = 0; i < NAMES_PER_PIECE && at < OBK_ROLE_COUNT; i++, at++) {
            comma(&x->out, at > 0);
            text_json(&x->out, at ? obk_role_name(at) : " ");
        }
        x->cursor[0] = at;
        return;
    }
    unsigned row = x->cursor[1]++;
    pin_row(d, &x->out, rows[row], row);
    if (row == 3) {
        text_char(&x->out, '}');
        x->more = NULL;
    }
}

static void pins(struct device *d, struct http_exchange *x) {
    (void)d;
    http_begin(x, 200, "application/json");
    text_add(&x->out, "{\"rolenames\":[");
    x->more = pins_more;
}

/* What a POST changes; arrays are taken element by element. */
struct change {
    struct device *d;
    char key[16];
    unsigned index;
    bool array; /* the outermost value is an array */
    bool object;
    size_t used;
    char text[COMMAND_MAX + 1];
};

static void start_element(struct change *c, enum json_event event, unsigned depth,
                          const char *text) {
    struct text key = text_start(c->key, sizeof c->key);
    if (event == JSON_KEY)
        text_add(&key, depth == 1 ? text : "");
    c->index = 0;
    c->used = 0;
}

static void pin_number(struct change *c, int64_t value) {
    unsigned pin = c->index++;
    struct device *d = c->d;
    if (pin >= d->hal.chip.pins)
        return;
    if (text_same(c->key, "roles") && value >= 0 && obk_role_row((unsigned)value) &&
        value != (int64_t)board_role(d, pin))
        board_set_role(d, pin, (unsigned)value);
    else if (text_same(c->key, "channels") && value >= 0 && value < CHANNEL_COUNT &&
             value != d->config.pins[pin].channel)
        board_set_channel(d, pin, (unsigned)value);
}

static void gather(struct change *c, const char *text, size_t length) {
    for (size_t i = 0; i < length && c->used < COMMAND_MAX; i++)
        c->text[c->used++] = text[i];
    c->text[c->used] = 0;
}

static void device_command(struct change *c) {
    const struct setting *s = setting_find("startup");
    if (s && setting_parse(c->d, s, c->text) == STATUS_OK)
        command_run(c->d, c->text, COMMAND_FROM_HTTP);
}

static bool pins_take(void *context, enum json_event event, unsigned depth, const char *text,
                      size_t length) {
    struct change *c = context;
    c->object |= depth == 0 && event == JSON_OBJECT;
    if (event == JSON_KEY)
        start_element(c, event, depth, text);
    else if (event == JSON_NUMBER && depth == 2)
        pin_number(c, rest_number(text, length));
    else if (event == JSON_NUMBER && depth == 1 && text_same(c->key, "deviceFlag"))
        settings_set_flag(c->d, (unsigned)rest_number(text, length), true);
    else if ((event == JSON_PIECE || event == JSON_STRING) && text_same(c->key, "deviceCommand"))
        gather(c, text, length);
    if (event == JSON_STRING && text_same(c->key, "deviceCommand"))
        device_command(c);
    return true;
}

/* Is the whole body valid JSON? Asked first, so that a body cut short changes nothing. */
static bool ignore(void *context, enum json_event event, unsigned depth, const char *text,
                   size_t length) {
    struct change *c = context;
    (void)text, (void)length;
    c->object |= depth == 0 && event == JSON_OBJECT;
    c->array |= depth == 0 && event == JSON_ARRAY;
    return true;
}

static bool valid(struct http_exchange *x, struct change *c, bool object) {
    struct json_reader reader;
    const char *body = x->body ? x->body : "";
    json_start(&reader, ignore, c);
    json_feed(&reader, body, x->body_size);
    if (json_finish(&reader) != STATUS_OK)
        http_error(x, 400, "Failed to parse JSON: -3");
    else if (object ? !c->object : !c->array)
        http_error(x, 400, object ? "Object expected" : "Array expected");
    else
        return true;
    return false;
}

static void read_body(struct device *d, struct http_exchange *x, json_take *take, bool object) {
    struct json_reader reader;
    struct change change = {.d = d};
    if (!valid(x, &change, object))
        return;
    change.object = change.array = false;
    json_start(&reader, take, &change);
    json_feed(&reader, x->body, x->body_size);
    json_finish(&reader);
    http_success(x);
}

static void pins_set(struct device *d, struct http_exchange *x) {
    read_body(d, x, pins_take, true);
}

/* --- channels --- */

static void channels_more(struct device *d, struct http_exchange *x) {
    uint32_t pin = x->cursor[0], last = pin + 16;
    for (; pin < d->hal.chip.pins && pin < last; pin++) {
        unsigned channel = d->config.pins[pin].channel;
        if (!board_role(d, pin) ||
            (channel < CHANNEL_COUNT && x->cursor[1 + channel / 32] >> channel % 32 & 1))
            continue;
        comma(&x->out, x->cursor[3]);
        x->cursor[3] = 1;
        if (channel < CHANNEL_COUNT) /* each channel once: repeated keys are no good JSON */
            x->cursor[1 + channel / 32] |= 1u << channel % 32;
        text_char(&x->out, '"');
        text_uint(&x->out, channel);
        text_add(&x->out, "\":");
        text_int(&x->out, channel_get(d, (int)channel));
    }
    x->cursor[0] = pin;
    if (pin < d->hal.chip.pins)
        return;
    text_char(&x->out, '}');
    x->more = NULL;
}

static void channels(struct device *d, struct http_exchange *x) {
    (void)d;
    http_begin(x, 200, "application/json");
    text_char(&x->out, '{');
    x->more = channels_more;
}

static bool channels_take(void *context, enum json_event event, unsigned depth, const char *text,
                          size_t length) {
    struct change *c = context;
    if (depth != 1 || event != JSON_NUMBER)
        return true;
    int channel = (int)c->index++;
    if (channel_valid(channel))
        channel_set(c->d, channel, (int32_t)rest_number(text, length), 0);
    return true;
}

static void channels_set(struct device *d, struct http_exchange *x) {
    read_body(d, x, channels_take, false);
}

/* --- channel types --- */

static void types_more(struct device *d, struct http_exchange *x) {
    uint32_t at = x->cursor[0];
    for (unsigned i = 0; i < NAMES_PER_PIECE && at < CHANNEL_TYPE_COUNT; i++, at++) {
        comma(&x->out, at > 0);
        text_json(&x->out, channel_type_row(at)->name);
    }
    x->cursor[0] = at;
    if (at < CHANNEL_TYPE_COUNT || x->cursor[1]++ == 0)
        return;
    text_add(&x->out, "],\"types\":[");
    for (int i = 0; i < CHANNEL_COUNT; i++) {
        comma(&x->out, i > 0);
        text_uint(&x->out, channel_type(d, i));
    }
    text_add(&x->out, "]}");
    x->more = NULL;
}

static void types(struct device *d, struct http_exchange *x) {
    (void)d;
    http_begin(x, 200, "application/json");
    text_add(&x->out, "{\"typenames\":[");
    x->more = types_more;
}

static bool types_take(void *context, enum json_event event, unsigned depth, const char *text,
                       size_t length) {
    struct change *c = context;
    if (event == JSON_KEY)
        start_element(c, event, depth, text);
    if (event != JSON_NUMBER || depth != 2 || !text_same(c->key, "types"))
        return true;
    int channel = (int)c->index++;
    int64_t type = rest_number(text, length);
    if (channel_valid(channel) && type >= 0 && type < CHANNEL_TYPE_COUNT)
        channel_set_type(c->d, channel, (unsigned)type);
    return true;
}

static void types_set(struct device *d, struct http_exchange *x) {
    read_body(d, x, types_take, true);
}

const struct http_route board_routes[] = {
    {HTTP_GET, HTTP_VIEW, false, "/api/pins", pins, NULL, "roles, channels and states of all pins",
     NULL, "JSON"},
    {HTTP_POST, HTTP_ADMIN, true, "/api/pins", pins_set, NULL, "sets roles and channels by pin",
     "{\"roles\":[…],\"channels\":[…]}", "JSON"},
    {HTTP_GET, HTTP_VIEW, false, "/api/channels", channels, NULL,
     "values of channels that pins use", NULL, "JSON"},
    {HTTP_POST, HTTP_ADMIN, true, "/api/channels", channels_set, NULL, "sets channels from 0 up",
     "[1,0,…]", "JSON"},
    {HTTP_GET, HTTP_VIEW, false, "/api/channelTypes", types, NULL, "types of all channels", NULL,
     "JSON"},
    {HTTP_POST, HTTP_ADMIN, true, "/api/channelTypes", types_set, NULL, "sets them",
     "{\"types\":[…]}", "JSON"},
    {0},
};
