/* Updates over REST: the upload of older clients (/api/ota), that of the pages, fetching. */
#include "codec/net/json.h"
#include "device/device.h"
#include "device/service/http/http.h"
#include "device/service/rest/api_v2.h"
#include "device/service/update/update.h"

enum { RESTART_S = 3 };

static unsigned status_of(const char *why) {
    return strstr(why, "under way") || strstr(why, "on trial") ? 409
           : strstr(why, "no second slot")                     ? 501
           : strstr(why, "the flash")                          ? 500
                                                               : 422;
}

static bool refuse(struct http_exchange *x, const char *why) {
    http_error(x, status_of(why), why);
    return false;
}

/* A body that ends here has been verified; from RAM it is written sector by sector, and the answer
 * waits for that. */
static const char *install(struct device *d, struct http_exchange *x, const uint8_t *data,
                           size_t size, enum update_way way) {
    const char *why = x->length ? NULL : "an update needs Content-Length";
    if (!why && !x->got)
        why = update_begin(d, x, x->length, way);
    why = why || !size ? why : update_add(d, data, size);
    if (!why && size && x->got + size == x->length)
        why = update_end(d);
    x->pause = d->update.erased;
    x->hold = d->update.step == UPDATE_WRITING;
    return !why && d->update.step == UPDATE_FAILED ? d->update.text : why;
}

bool api_update_take(struct device *d, struct http_exchange *x, const uint8_t *data, size_t size) {
    bool check = strcmp(x->path, "/api/v2/update/check") == 0;
    if (!data) {
        update_drop(d, x);
        return false;
    }
    const char *why = install(d, x, data, size, check ? UPDATE_CHECK : UPDATE_INSTALL);
    return why ? refuse(x, why) : true;
}

void api_update_done(struct device *d, struct http_exchange *x) {
    bool check = strcmp(x->path, "/api/v2/update/check") == 0;
    if (!x->length) {
        refuse(x, "an image is needed as body");
        return;
    }
    http_begin(x, 200, "application/json");
    text_add(&x->out, "{\"size\":");
    text_uint(&x->out, x->length);
    if (text_starts(x->path, "/api/v2/")) {
        text_add(&x->out, ",\"ok\":true,\"restart\":");
        text_add(&x->out, check ? "false" : "true");
        text_add(&x->out, ",\"version\":");
        text_json(&x->out, d->update.image.version);
    }
    text_char(&x->out, '}');
}

struct url {
    char text[FETCH_PATH];
    bool here;
    size_t used;
};

static bool url_take(void *context, enum json_event event, unsigned depth, const char *text,
                     size_t length) {
    struct url *u = context;
    if (event == JSON_KEY)
        u->here = depth == 1 && strcmp(text, "url") == 0;
    else if (u->here && (event == JSON_PIECE || event == JSON_STRING))
        for (size_t i = 0; i < length && u->used + 1 < sizeof u->text; i++)
            u->text[u->used++] = text[i];
    return true;
}

static void fetch(struct device *d, struct http_exchange *x) {
    struct json_reader reader;
    struct url url = {{0}, false, 0};
    const char *why;
    json_start(&reader, url_take, &url);
    json_feed(&reader, x->body ? x->body : "", x->body_size);
    if (json_finish(&reader) != STATUS_OK)
        refuse(x, "the body must be {\"url\":\"http://…\"}");
    else if ((why = update_fetch(d, url.text)) != NULL)
        refuse(x, why);
    else
        http_text(x, 200, "application/json", "{\"ok\":true}");
}

static void state(struct device *d, struct http_exchange *x) {
    http_begin(x, 200, "application/json");
    text_add(&x->out, "{\"state\":");
    text_json(&x->out, update_step_name(d));
    text_add(&x->out, ",\"percent\":");
    text_uint(&x->out, update_percent(d));
    text_add(&x->out, ",\"text\":");
    text_json(&x->out, d->update.text);
    text_add(&x->out, ",\"slot\":");
    text_uint(&x->out, d->hal.chip.slot_running);
    text_add(&x->out, ",\"slot_size\":");
    text_uint(&x->out, d->hal.chip.slot_size);
    text_add(&x->out, ",\"staged\":");
    text_add(&x->out, d->hal.stage ? "true" : "false");
    text_add(&x->out, ",\"version\":");
    text_json(&x->out, update_version(d));
    text_char(&x->out, '}');
}

static void old_fetch(struct device *d, struct http_exchange *x) {
    char url[FETCH_PATH];
    int length = http_arg(x, "host", url, sizeof url);
    const char *why = length > 0 ? update_fetch(d, url) : "host=http://… is needed";
    http_begin(x, 200, "text/html");
    text_add(&x->out, "<h3>");
    text_html(&x->out, why ? why : "OTA requested; the plug fetches it and restarts");
    text_add(&x->out, "</h3>");
}

const struct http_route update_routes[] = {
    {HTTP_POST, HTTP_ADMIN, true, "/api/ota", api_update_done, api_update_take, "new firmware",
     "the image", "JSON"},
    {HTTP_POST, HTTP_ADMIN, true, "/api/v2/update", api_update_done, api_update_take,
     "Takes a new firmware into the slot that does not run; it is tried at the next start.",
     "the image", "{\"size\":n,\"ok\":true,\"version\":\"…\",\"restart\":true}"},
    {HTTP_POST, HTTP_ADMIN, true, "/api/v2/update/check", api_update_done, api_update_take,
     "Verifies an image and writes nothing; needed first where \"staged\" is false, so that "
     "nothing "
     "is erased for an image that is no good.",
     "the image", "{\"size\":n,\"ok\":true,\"version\":\"…\",\"restart\":false}"},
    {HTTP_GET, HTTP_VIEW, false, "/api/v2/update", state, NULL, "How far an update is.", NULL,
     "{\"state\":\"…\",\"percent\":n,\"text\":\"…\",\"staged\":true}"},
    {HTTP_POST, HTTP_ADMIN, true, "/api/v2/update/fetch", fetch, NULL,
     "Fetches a new firmware by HTTP and restarts into it.", "{\"url\":\"http://…\"}",
     "{\"ok\":true}"},
    {HTTP_GET | HTTP_POST, HTTP_ADMIN, true, "/ota_exec", old_fetch, NULL, NULL, NULL, NULL},
    {0},
};
