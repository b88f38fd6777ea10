/* The pages of the plug, as they lie in its flash: pressed, with a tag by which the browser knows
 * that it has them already. */
#include "device/device.h"
#include "device/service/rest/api_v2.h"
#include "device/web/web_asset.h"

static void send(struct device *d, struct http_exchange *x) {
    const struct web_asset *asset = web_asset_find(x->path, strlen(x->path));
    (void)d;
    if (!asset) {
        http_error(x, 404, "not found");
        return;
    }
    bool known = strcmp(x->none_match, asset->etag) == 0;
    http_begin(x, known ? 304 : 200, asset->mime);
    http_header(x, "ETag", asset->etag);
    http_header(x, "Cache-Control", "no-cache");
    if (known)
        return;
    http_header(x, "Content-Encoding", "gzip");
    http_fixed(x, asset->data, asset->size);
}

const struct http_route page_routes[] = {
    {HTTP_GET, HTTP_VIEW, false, "/", send, NULL, "The pages.", NULL, "text/html"},
    {HTTP_GET, HTTP_VIEW, false, "/ui/*", send, NULL, "Parts of the pages.", NULL, NULL},
    {HTTP_GET, HTTP_VIEW, false, "/index", send, NULL, NULL, NULL, NULL},
    {HTTP_GET, HTTP_VIEW, false, "/about", send, NULL, NULL, NULL, NULL},
    {HTTP_GET, HTTP_VIEW, false, "/ota", send, NULL, NULL, NULL, NULL},
    {HTTP_GET, HTTP_VIEW, false, "/ha_cfg", send, NULL, NULL, NULL, NULL},
    {HTTP_GET, HTTP_VIEW, false, "/startup_command", send, NULL, NULL, NULL, NULL},
    {HTTP_GET, HTTP_VIEW, false, "/cmd_tool", send, NULL, NULL, NULL, NULL},
    {HTTP_GET, HTTP_VIEW, false, "/logs", send, NULL, NULL, NULL, NULL},
    {HTTP_GET, HTTP_VIEW, false, "/cfg*", send, NULL, NULL, NULL, NULL},
    {0},
};
