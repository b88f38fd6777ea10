/* Files over REST as the OpenBeken web application handles them. The plug's files are one flat
 * list; a "/" in a name makes it look like a folder here.
 * Source: openshwprojects/OpenBK7231T_App: src/httpserver/rest_interface.c. */
#include "device/device.h"
#include "device/service/rest/api_v2.h"

enum { PIECE = 512, LFS_PREFIX = sizeof "/api/lfs/" - 1, DEL_PREFIX = sizeof "/api/del/" - 1 };
static const int missing = -2; /* LittleFS: no such entry */

static const char *lfs_name(const struct http_exchange *x, size_t prefix) {
    const char *name = strlen(x->path) >= prefix ? x->path + prefix : "";
    while (*name == '/')
        name++;
    return name;
}

static void name_error(struct http_exchange *x, unsigned status, const char *name, int error) {
    http_begin(x, status, "application/json");
    text_add(&x->out, "{\"fname\":");
    text_json(&x->out, name);
    text_add(&x->out, ",\"error\":");
    text_int(&x->out, error);
    text_char(&x->out, '}');
}

static bool ends(const char *name, size_t length, const char *extension) {
    size_t n = strlen(extension);
    return length >= n && memcmp(name + length - n, extension, n) == 0;
}

static const char *mime_of(const char *name, size_t length) {
    static const char *const rows[][2] = {
        {".js", "application/javascript"},
        {".vue", "application/javascript"},
        {".json", "application/json"},
        {".html", "text/html"},
        {".css", "text/css"},
        {".ico", "image/x-icon"},
        {".txt", "text/plain"},
    };
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++)
        if (ends(name, length, rows[i][0]))
            return rows[i][1];
    return "application/octet-stream";
}

/* --- reading --- */

/* By its directory record: the name it was asked for may be another one. */
static bool file_by_number(struct device *d, uint32_t number, struct store_file_info *out) {
    for (unsigned i = 0; store_file_at(&d->store, i, out); i++)
        if (out->number == number)
            return true;
    return false;
}

static void content_more(struct device *d, struct http_exchange *x) {
    struct store_file_info file;
    char piece[PIECE];
    size_t got = 0;
    if (file_by_number(d, x->cursor[2], &file) && file.generation == x->cursor[1])
        got = store_file_read(&d->store, &file, x->cursor[0], piece, sizeof piece);
    text_add_n(&x->out, piece, got);
    x->cursor[0] += (uint32_t)got;
    if (!got || x->cursor[0] >= file.size)
        x->more = NULL;
    if (!got)
        x->keep_alive = false; /* changed meanwhile: the length announced is not reached */
}

static void content(struct http_exchange *x, const struct store_file_info *file, const char *name) {
    size_t length = strlen(name);
    bool pressed = ends(name, length, ".gz");
    http_begin(x, 200, mime_of(name, pressed ? length - 3 : length));
    if (pressed)
        http_header(x, "Content-Encoding", "gzip");
    http_total(x, file->size);
    x->cursor[1] = file->generation;
    x->cursor[2] = file->number;
    x->more = file->size ? content_more : NULL;
}

static void entry(struct text *out, const char *name, size_t length, unsigned type, uint32_t size) {
    text_add(out, ",{\"name\":\"");
    text_escape(out, name, length);
    text_add(out, "\",\"type\":");
    text_uint(out, type);
    text_add(out, ",\"size\":");
    text_uint(out, size);
    text_char(out, '}');
}

/* Without a "/" at its end. */
static size_t folder_length(const char *name) {
    size_t length = strlen(name);
    return length && name[length - 1] == '/' ? length - 1 : length;
}

/* Was this folder named by an earlier file already? */
static bool named(struct device *d, unsigned before, const char *name, size_t length) {
    struct store_file_info file;
    for (unsigned i = 0; i < before && store_file_at(&d->store, i, &file); i++)
        if (strncmp(file.name, name, length + 1) == 0)
            return true;
    return false;
}

static void list_more(struct device *d, struct http_exchange *x) {
    struct store_file_info file;
    const char *folder = x->path + x->cursor[2];
    size_t length = folder_length(folder);
    if (!store_file_at(&d->store, x->cursor[0], &file)) {
        text_add(&x->out, "]}");
        x->more = NULL;
        return;
    }
    unsigned number = x->cursor[0]++;
    if (length && (strncmp(file.name, folder, length) != 0 || file.name[length] != '/'))
        return;
    const char *rest = file.name + length + (length != 0);
    size_t part = strcspn(rest, "/");
    if (!rest[part])
        entry(&x->out, rest, part, 1, file.size);
    else if (!named(d, number, file.name, (size_t)(rest - file.name) + part))
        entry(&x->out, rest, part, 2, 0);
}

static bool is_folder(struct device *d, const char *name) {
    struct store_file_info file;
    size_t length = folder_length(name);
    for (unsigned i = 0; length && store_file_at(&d->store, i, &file); i++)
        if (strncmp(file.name, name, length) == 0 && file.name[length] == '/')
            return true;
    return length == 0;
}

static void list(struct http_exchange *x, const char *name) {
    http_begin(x, 200, "application/json");
    text_add(&x->out, "{\"dir\":");
    text_json(&x->out, name);
    text_add(&x->out, ",\"content\":[{\"name\":\".\",\"type\":2,\"size\":0},{\"name\":\"..\","
                      "\"type\":2,\"size\":0}");
    x->cursor[2] = (uint32_t)(name - x->path);
    x->more = list_more;
}

static void read(struct device *d, struct http_exchange *x) {
    struct store_file_info file;
    const char *name = lfs_name(x, LFS_PREFIX);
    if (*name && *name != '@' && store_file_find(&d->store, name, &file) == STATUS_OK)
        content(x, &file, name);
    else if (is_folder(d, name))
        list(x, name);
    else
        name_error(x, 404, name, missing);
}

/* --- writing --- */

static bool write_take(struct device *d, struct http_exchange *x, const uint8_t *data,
                       size_t size) {
    const char *name = lfs_name(x, LFS_PREFIX);
    if (!data) {
        api_upload_drop(d, x);
        return false;
    }
    if (!*name || *name == '@' || strlen(name) > FILE_NAME_MAX || x->length > FILE_SIZE_MAX) {
        name_error(x, x->length > FILE_SIZE_MAX ? 413 : 400, name, -36);
        return false;
    }
    if (x->got == 0 && !api_upload_begin(d, x, name))
        return false;
    return api_upload_add(d, x, data, size);
}

static void write(struct device *d, struct http_exchange *x) {
    static const uint8_t nothing;
    const char *name = lfs_name(x, LFS_PREFIX);
    if (!x->length && !write_take(d, x, &nothing, 0))
        return;
    enum status status = api_upload_end(d, x);
    if (status != STATUS_OK) {
        name_error(x, 500, name, status == STATUS_NO_SPACE ? -28 : -5);
        return;
    }
    http_begin(x, 200, "application/json");
    text_add(&x->out, "{\"fname\":");
    text_json(&x->out, name);
    text_add(&x->out, ",\"size\":");
    text_uint(&x->out, x->length);
    text_char(&x->out, '}');
}

static void erase(struct device *d, struct http_exchange *x) {
    const char *name = lfs_name(x, DEL_PREFIX);
    bool done = *name && *name != '@' && store_file_remove(&d->store, name) == STATUS_OK;
    http_text(x, done ? 200 : 404, "text/plain", done ? "OK" : "Error");
}

static void run(struct device *d, struct http_exchange *x) {
    (void)d;
    http_error(x, 404, "pages with Berry scripts are not in this build");
}

const struct http_route lfs_routes[] = {
    {HTTP_GET, HTTP_ADMIN, false, "/api/lfs/*", read, NULL, "a file, or the list of a folder", NULL,
     "bytes or JSON"},
    {HTTP_GET, HTTP_ADMIN, false, "/api/lfs", read, NULL, "the list of files", NULL, "JSON"},
    {HTTP_POST | HTTP_PUT, HTTP_ADMIN, true, "/api/lfs/*", write, write_take,
     "creates or replaces a file", "bytes", "JSON"},
    {HTTP_GET | HTTP_POST, HTTP_ADMIN, true, "/api/del/*", erase, NULL, "deletes a file", NULL,
     "text"},
    {HTTP_GET, HTTP_ADMIN, true, "/api/run/*", run, NULL, NULL, NULL, NULL},
    {0},
};

/* A file named as the path, or the path with ".html", takes the place of a page. */
static void override(struct device *d, struct http_exchange *x) {
    char name[FILE_NAME_MAX + 8];
    struct store_file_info file;
    struct text text = text_start(name, sizeof name);
    text_add(&text, x->path + 1);
    text_add(&text, ".html");
    if (x->path[1] == '@' || !x->path[1] || text.truncated)
        return;
    if (store_file_find(&d->store, name, &file) == STATUS_OK)
        content(x, &file, name);
    else if (store_file_find(&d->store, x->path + 1, &file) == STATUS_OK)
        content(x, &file, x->path + 1);
}

const struct http_route override_routes[] = {
    {HTTP_GET, HTTP_VIEW, false, "/*", override, NULL, NULL, NULL, NULL},
    {0},
};
