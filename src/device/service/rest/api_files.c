/* Files over /api/v2. */
#include "device/device.h"
#include "device/service/rest/api_v2.h"
#include "device/store/files.h"

enum { PREFIX = sizeof "/api/v2/files/" - 1, PIECE = 512 };

static const char *name_of(const struct http_exchange *x) {
    return x->path + PREFIX;
}

/* Names with '@' are the core's own. */
static bool name_good(const char *name) {
    size_t length = strlen(name);
    return length && length <= FILE_NAME_MAX && name[0] != '@' && !strchr(name, '/');
}

static void list_more(struct device *d, struct http_exchange *x) {
    struct store_file_info file;
    struct text *out = &x->out;
    if (!store_file_at(&d->store, x->cursor[0], &file)) {
        text_add(out, "],\"count\":");
        text_uint(out, FILE_COUNT);
        json_add_int(out, "most", FILE_SIZE_MAX);
        json_add_int(out, "free", store_free(&d->store));
        json_add_int(out, "erased", store_erase_count(&d->store));
        json_add_int(out, "pace", store_pace(&d->store, d->uptime_s));
        json_add_int(out, "days", store_life_days(&d->store, store_pace(&d->store, d->uptime_s)));
        text_char(out, '}');
        x->more = NULL;
        return;
    }
    text_add(out, x->cursor[0]++ ? ",{" : "{");
    json_add_string(out, "name", file.name);
    json_add_int(out, "size", file.size);
    text_char(out, '}');
}

void api_files(struct device *d, struct http_exchange *x) {
    (void)d;
    http_begin(x, 200, "application/json");
    text_add(&x->out, "{\"files\":[");
    x->more = list_more;
}

/* cursor[0]: position, cursor[1]: generation of the file that is being sent. */
static void content_more(struct device *d, struct http_exchange *x) {
    struct store_file_info file;
    char piece[PIECE];
    size_t got = 0;
    if (store_file_find(&d->store, name_of(x), &file) == STATUS_OK &&
        file.generation == x->cursor[1])
        got = store_file_read(&d->store, &file, x->cursor[0], piece, sizeof piece);
    text_add_n(&x->out, piece, got);
    x->cursor[0] += (uint32_t)got;
    if (!got || x->cursor[0] >= file.size)
        x->more = NULL;
}

void api_file_get(struct device *d, struct http_exchange *x) {
    struct store_file_info file;
    if (!name_good(name_of(x)) || store_file_find(&d->store, name_of(x), &file) != STATUS_OK) {
        api_error(x, 404, "there is no such file", NULL);
        return;
    }
    http_begin(x, 200, "application/octet-stream");
    http_header(x, "Cache-Control", "no-store");
    http_total(x, file.size);
    x->cursor[1] = file.generation;
    x->more = file.size ? content_more : NULL;
}

bool api_file_take(struct device *d, struct http_exchange *x, const uint8_t *data, size_t size) {
    if (!data) {
        api_upload_drop(d, x);
        return false;
    }
    if (!name_good(name_of(x))) {
        api_error(x, 400, "file names have 1 to 39 characters, no \"/\", no \"@\" first", NULL);
        return false;
    }
    if (x->length > FILE_SIZE_MAX) {
        api_error(x, 413, "a file may have 32768 bytes", NULL);
        return false;
    }
    if (x->got == 0 && !api_upload_begin(d, x, name_of(x)))
        return false;
    return api_upload_add(d, x, data, size);
}

void api_file_put(struct device *d, struct http_exchange *x) {
    static const uint8_t nothing;
    if (!x->length && !api_file_take(d, x, &nothing, 0))
        return;
    enum status status = api_upload_end(d, x);
    if (status != STATUS_OK)
        api_error(x, status == STATUS_NO_SPACE ? 507 : 500, status_text(status), NULL);
    else
        http_text(x, 200, "application/json", "{\"ok\":true}");
}

void api_file_delete(struct device *d, struct http_exchange *x) {
    enum status status =
        name_good(name_of(x)) ? store_file_remove(&d->store, name_of(x)) : STATUS_NOT_FOUND;
    if (status == STATUS_OK)
        http_text(x, 200, "application/json", "{\"ok\":true}");
    else
        api_error(x, status == STATUS_NOT_FOUND ? 404 : 500, status_text(status), NULL);
}
