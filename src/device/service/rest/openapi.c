/* The description of the REST interface as an OpenAPI 3.0 document, made from the tables of routes:
 * the plug gives it out at /api/v2/openapi.json, and the reference documentation holds a copy. */
#include "device/service/rest/openapi.h"

#include "device/device.h"
#include "device/service/http/http.h"
#include "device/version.h"

enum { METHODS = 5 };
static const char *const method_names[METHODS] = {"get", "head", "post", "put", "delete"};

static bool same_path(const struct http_route *a, const struct http_route *b) {
    return strcmp(a->path, b->path) == 0;
}

/* Does an earlier row describe this path already? */
static bool repeated(const struct http_route *const *tables, const struct http_route *row) {
    for (const struct http_route *const *table = tables; *table; table++)
        for (const struct http_route *r = *table; r->path; r++) {
            if (r == row)
                return false;
            if (r->about && same_path(r, row))
                return true;
        }
    return false;
}

/* The n-th path that is described. */
static const struct http_route *nth(const struct http_route *const *tables, unsigned n) {
    for (const struct http_route *const *table = tables; *table; table++)
        for (const struct http_route *r = *table; r->path; r++)
            if (r->about && !repeated(tables, r) && n-- == 0)
                return r;
    return NULL;
}

static void path_name(struct text *out, const char *path) {
    size_t length = strlen(path);
    bool family = length && path[length - 1] == '*';
    text_char(out, '"');
    text_escape(out, path, family ? length - 1 : length);
    text_add(out, family ? "{name}\":{" : "\":{");
    if (family)
        text_add(out, "\"parameters\":[{\"name\":\"name\",\"in\":\"path\",\"required\":true,"
                      "\"schema\":{\"type\":\"string\"}}],");
}

static const char *role_text(unsigned role) {
    return role == HTTP_ADMIN ? " For admin." : role == HTTP_VIEW ? " For view and admin." : "";
}

static void description(struct text *out, const struct http_route *r) {
    char line[400];
    struct text text = text_start(line, sizeof line);
    text_add(&text, r->about);
    text_add(&text, role_text(r->role));
    if (r->takes) {
        text_add(&text, " Takes: ");
        text_add(&text, r->takes);
    }
    text_json(out, line);
}

static void operation(struct text *out, const struct http_route *r, unsigned method) {
    text_json(out, method_names[method]);
    text_add(out, ":{\"description\":");
    description(out, r);
    if (r->takes && (method == 2 || method == 3))
        text_add(out,
                 ",\"requestBody\":{\"content\":{\"*/*\":{\"schema\":{\"type\":\"string\"}}}}");
    text_add(out, ",\"responses\":{\"200\":{\"description\":");
    text_json(out, r->gives ? r->gives : "done");
    text_add(out, r->role ? "},\"401\":{\"description\":\"password needed\"}}}" : "}}}");
}

static void path_item(struct text *out, const struct http_route *const *tables,
                      const struct http_route *path) {
    bool first = true;
    unsigned done = 0;
    path_name(out, path->path);
    for (const struct http_route *const *table = tables; *table; table++)
        for (const struct http_route *r = *table; r->path; r++)
            for (unsigned m = 0; r->about && same_path(r, path) && m < METHODS; m++) {
                if (!(r->methods >> m & 1) || (done >> m & 1))
                    continue;
                done |= 1U << m;
                text_add(out, first ? "" : ",");
                first = false;
                operation(out, r, m);
            }
    text_char(out, '}');
}

bool openapi_piece(const struct http_route *const *tables, unsigned step, struct text *out) {
    const struct http_route *path = nth(tables, step);
    if (step == 0)
        text_add(out,
                 "{\"openapi\":\"3.0.3\",\"info\":{\"title\":\"Plugsmith\",\"version\":"
                 "\"" PLUGSMITH_VERSION "\"},\"components\":{\"securitySchemes\":{\"password\":{"
                 "\"type\":\"http\",\"scheme\":\"basic\"}}},\"security\":[{},{\"password\":[]"
                 "}],\"paths\":{");
    if (!path) {
        text_add(out, "}}");
        return false;
    }
    text_add(out, step ? "," : "");
    path_item(out, tables, path);
    return true;
}

static void more(struct device *d, struct http_exchange *x) {
    if (!openapi_piece(d->wiring->routes, x->cursor[0]++, &x->out))
        x->more = NULL;
}

static void document(struct device *d, struct http_exchange *x) {
    (void)d;
    http_begin(x, 200, "application/json");
    x->more = more;
}

const struct http_route openapi_routes[] = {
    {HTTP_GET, HTTP_VIEW, false, "/api/v2/openapi.json", document, NULL, "This description.", NULL,
     "OpenAPI 3.0"},
    {0},
};
