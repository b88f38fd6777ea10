/* The pages of the device as they lie in its flash: every file gzip'd at build time by
 * plugsmith-webpack from the sources beside this header. The server sends them as they are, with
 * `Content-Encoding: gzip`, `ETag: <etag>` and `Cache-Control: no-cache`, and answers 304 when the
 * browser already has that tag. Paths of older firmware's pages (bookmarks) give the same document,
 * which opens the matching view by itself. */
#ifndef DEVICE_WEB_ASSET_H
#define DEVICE_WEB_ASSET_H
#include <stddef.h>
#include <stdint.h>

struct web_asset {
    const char *path; /* "/ui/app.js" */
    const char *mime; /* "text/html; charset=utf-8" */
    const char *etag; /* with its quotes: "\"1A2B3C4D\"" */
    const uint8_t *data;
    uint32_t size;     /* of the gzip stream */
    uint32_t unpacked; /* of the file */
};

/* Made by the build step. */
extern const struct web_asset web_assets[];
extern const size_t web_asset_count;

/* The asset for a request path without query; NULL when the pages have none. */
const struct web_asset *web_asset_find(const char *path, size_t length);
#endif
