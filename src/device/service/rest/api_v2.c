/* The table of /api/v2, what its handlers share, and the short handlers. */
#include "device/service/rest/api_v2.h"

#include "device/device.h"
#include "device/script/command.h"
#include "device/web/web_asset.h"

#define JSON_TYPE "application/json"

const struct http_route api_v2_routes[] = {
    {HTTP_GET, HTTP_VIEW, false, "/api/v2/state", api_state, NULL,
     "Everything that changes by itself: channels, light, power, network, update.", NULL, "state"},
    {HTTP_GET, HTTP_VIEW, false, "/api/v2/events", api_events, NULL,
     "Server-sent events: `state` with the same content on every change and each five seconds.",
     NULL, "text/event-stream"},
    {HTTP_GET, HTTP_VIEW, false, "/api/v2/history", api_history, NULL,
     "Power (W) or energy (Wh) of the last hour, day or month, or of a range of time (seconds "
     "since "
     "1970; negative: before now), oldest first; null where nothing was measured.",
     "span=hour|day|month; step=1|60|3600|86400, from=-3600, to=-60", "history"},
    {HTTP_GET, HTTP_VIEW, false, "/api/v2/energy", api_energy, NULL,
     "Every energy figure (Wh), what a power cut loses at most, how long the flash lasts, "
     "protection, and the meter.",
     NULL, "energy"},
    {HTTP_GET, HTTP_ADMIN, false, "/api/v2/settings", api_settings_get, NULL,
     "Every setting with type, range and help; values of secrets are left out.", NULL, "settings"},
    {HTTP_POST, HTTP_ADMIN, true, "/api/v2/settings", api_settings_post, NULL,
     "Changes settings, all or none.", "{\"name\":value,…}", "changed"},
    {HTTP_GET, HTTP_VIEW, false, "/api/v2/pins", api_pins_get, NULL,
     "Role and channels of every pin.", NULL, "pins"},
    {HTTP_POST, HTTP_ADMIN, true, "/api/v2/pins", api_pins_post, NULL,
     "Changes the pins named, all or none; they work at once.",
     "{\"pins\":[{\"pin\":6,\"role\":1,\"ch\":1,\"ch2\":0}]}", "changed"},
    {HTTP_GET, HTTP_VIEW, false, "/api/v2/channels", api_channels_get, NULL,
     "Type, value at start and label of every channel.", NULL, "channels"},
    {HTTP_POST, HTTP_ADMIN, true, "/api/v2/channels", api_channels_post, NULL,
     "Changes type and value at start (-1: the last) of the channels named, all or none.",
     "{\"channels\":[{\"ch\":1,\"type\":6,\"start\":-1}]}", "changed"},
    {HTTP_POST, HTTP_VIEW, false, "/api/v2/script/check", api_script_check, NULL,
     "What the compiler has to say about lines of a script; nothing runs.", "text; line=1",
     "findings"},
    {HTTP_GET, HTTP_VIEW, false, "/api/v2/log", api_log, NULL,
     "Kept lines of the log behind position `after`.", "after=0", "log"},
    {HTTP_GET, HTTP_ADMIN, false, "/api/v2/files", api_files, NULL, "The files of the plug.", NULL,
     "files"},
    {HTTP_GET, HTTP_ADMIN, false, "/api/v2/files/*", api_file_get, NULL, "Content of a file.", NULL,
     "application/octet-stream"},
    {HTTP_PUT, HTTP_ADMIN, true, "/api/v2/files/*", api_file_put, api_file_take,
     "Creates or replaces a file; it is old or new, never between.", "bytes", "ok"},
    {HTTP_DELETE, HTTP_ADMIN, true, "/api/v2/files/*", api_file_delete, NULL, "Deletes a file.",
     NULL, "ok"},
    {HTTP_GET, HTTP_ADMIN, false, "/api/v2/backup", api_backup, NULL,
     "Every setting, secrets too, and every file, in one document.", NULL, "backup"},
    {HTTP_POST, HTTP_ADMIN, true, "/api/v2/restore", api_restore, api_restore_take,
     "Takes over a backup: checked whole, applied in one step by a restart.", "backup", "restored"},
    {HTTP_POST, HTTP_ADMIN, true, "/api/v2/import", api_import, api_restore_take,
     "Takes over a configuration block of OpenBeken, by a restart.", "bytes", "restored"},
    {HTTP_POST, HTTP_ADMIN, true, "/api/v2/discover", api_discover, NULL,
     "Announces this plug to Home Assistant.", "{\"prefix\":\"homeassistant\"}", "ok"},
    {HTTP_POST, HTTP_ADMIN, true, "/api/v2/restart", api_restart, NULL, "Restarts in 3 s.", NULL,
     "ok"},
    {HTTP_POST, HTTP_ADMIN, true, "/api/v2/factory", api_factory, NULL,
     "Factory settings; files stay.", NULL, "ok"},
    {0},
};

void api_error(struct http_exchange *x, unsigned status, const char *message, const char *field) {
    struct text *out = &x->out;
    http_begin(x, status, JSON_TYPE);
    x->out = text_start(out->data, out->size);
    text_char(out, '{');
    json_add_int(out, "error", status);
    json_add_string(out, "msg", message);
    if (field)
        json_add_string(out, "field", field);
    text_char(out, '}');
}

void api_changed(struct http_exchange *x, unsigned changed, bool restart) {
    http_begin(x, 200, JSON_TYPE);
    text_add(&x->out, "{\"ok\":true");
    json_add_int(&x->out, "changed", changed);
    json_add_bool(&x->out, "restart", restart);
    text_char(&x->out, '}');
}

bool api_text_piece(struct text *out, const char *value, uint32_t *at) {
    enum { PIECE = 150 };
    size_t left = strlen(value + *at), n = left < PIECE ? left : PIECE;
    while (n < left && n && ((unsigned char)value[*at + n] & 0xC0) == 0x80)
        n--;
    n = n ? n : left < PIECE ? left : PIECE; /* no UTF-8 at all: anything goes */
    text_escape(out, value + *at, n);
    *at += (uint32_t)n;
    return value[*at] == 0;
}

/* --- lists of rows --- */

struct row_run {
    struct device *d;
    const struct api_rows *rows;
    bool apply, in_list;
    int key; /* index of the name read last; -1: one that is not known */
    unsigned count;
    const char *wrong;
    int32_t numbers[API_ROW_MAX];
};

static int32_t whole(const char *text) {
    int64_t value = 0;
    bool minus = *text == '-';
    for (text += minus; text_is_digit(*text) && value < INT32_MAX; text++)
        value = value * 10 + (*text - '0');
    if (*text || value > INT32_MAX)
        return INT32_MIN;
    return (int32_t)(minus ? -value : value);
}

static void row_key(struct row_run *r, unsigned depth, const char *text) {
    if (depth == 1)
        r->in_list = strcmp(text, r->rows->list) == 0;
    r->key = -1;
    for (int i = 0; depth == 3 && i < API_ROW_MAX && r->rows->names[i]; i++)
        if (strcmp(text, r->rows->names[i]) == 0)
            r->key = i;
}

static bool row_event(void *context, enum json_event event, unsigned depth, const char *text,
                      size_t length) {
    struct row_run *r = context;
    (void)length;
    if (event == JSON_KEY)
        row_key(r, depth, text);
    if (!r->in_list)
        return true;
    if (event == JSON_OBJECT && depth == 2)
        for (unsigned i = 0; i < API_ROW_MAX; i++)
            r->numbers[i] = INT32_MIN;
    if (depth == 3 && event == JSON_NUMBER && r->key >= 0)
        r->numbers[r->key] = whole(text);
    if (event == JSON_OBJECT_END && depth == 2) {
        r->wrong = r->rows->row(r->d, r->numbers, r->apply);
        r->count++;
    }
    return !r->wrong;
}

static bool run_rows(struct row_run *r, const struct http_exchange *x) {
    struct json_reader reader;
    r->in_list = false;
    r->count = 0;
    json_start(&reader, row_event, r);
    json_feed(&reader, x->body ? x->body : "", x->body_size);
    return json_finish(&reader) == STATUS_OK;
}

bool api_rows_run(struct device *d, struct http_exchange *x, const struct api_rows *rows,
                  unsigned *count) {
    struct row_run r = {.d = d, .rows = rows};
    if (!run_rows(&r, x)) {
        api_error(x, 400, r.wrong ? r.wrong : "the body is not the JSON that this takes", NULL);
        return false;
    }
    r.apply = true;
    run_rows(&r, x);
    *count = r.count;
    return true;
}

/* --- uploads --- */

bool api_upload_begin(struct device *d, struct http_exchange *x, const char *name) {
    if (d->api.owner && d->api.owner != x) {
        api_error(x, 409, "another upload is running", NULL);
        return false;
    }
    enum status status = store_file_begin(&d->store, &d->api.writer, name);
    if (status != STATUS_OK) {
        api_error(x, status == STATUS_NO_SPACE ? 507 : 400, status_text(status), NULL);
        return false;
    }
    d->api.owner = x;
    return true;
}

bool api_upload_add(struct device *d, struct http_exchange *x, const uint8_t *data, size_t size) {
    if (d->api.owner != x)
        return false;
    enum status status = store_file_add(&d->api.writer, data, size);
    if (status == STATUS_OK)
        return true;
    d->api.owner = NULL;
    api_error(x, status == STATUS_NO_SPACE ? 507 : 413,
              status == STATUS_NO_SPACE ? "no space left for this file" : status_text(status),
              NULL);
    return false;
}

enum status api_upload_end(struct device *d, const struct http_exchange *x) {
    if (d->api.owner != x)
        return STATUS_CANCELLED;
    d->api.owner = NULL;
    return store_file_commit(&d->api.writer);
}

void api_upload_drop(struct device *d, const struct http_exchange *x) {
    if (d->api.owner == x)
        d->api.owner = NULL;
}

/* --- short handlers --- */

void api_restart(struct device *d, struct http_exchange *x) {
    device_restart(d, 3);
    http_text(x, 200, JSON_TYPE, "{\"ok\":true,\"seconds\":3}");
}

void api_factory(struct device *d, struct http_exchange *x) {
    device_factory(d);
    device_restart(d, 3);
    http_text(x, 200, JSON_TYPE, "{\"ok\":true,\"seconds\":3}");
}

static bool prefix_event(void *context, enum json_event event, unsigned depth, const char *text,
                         size_t length) {
    struct text *line = context;
    if (event != JSON_STRING || depth != 1)
        return event != JSON_PIECE;
    for (size_t i = 0; i < length; i++)
        if (text_is_space(text[i]) || text[i] == ';')
            return false;
    text_add(line, " ");
    text_add(line, text);
    return true;
}

void api_discover(struct device *d, struct http_exchange *x) {
    char buffer[160];
    struct text line = text_start(buffer, sizeof buffer);
    struct json_reader reader;
    text_add(&line, "scheduleHADiscovery 1");
    json_start(&reader, prefix_event, &line);
    json_feed(&reader, x->body ? x->body : "{}", x->body_size ? x->body_size : 2);
    if (json_finish(&reader) != STATUS_OK || line.truncated) {
        api_error(x, 400, "a prefix is one word", "prefix");
        return;
    }
    if (!d->config.mqtt_host[0])
        api_error(x, 409, "no MQTT broker is set", "mqtt_host");
    else if (!d->mqtt_connected)
        api_error(x, 409, "the plug is not connected to the broker", NULL);
    else if (command_run(d, buffer, COMMAND_FROM_HTTP) != COMMAND_OK)
        api_error(x, 501, "this firmware has no Home Assistant discovery", NULL);
    else
        http_text(x, 200, JSON_TYPE, "{\"ok\":true}");
}
