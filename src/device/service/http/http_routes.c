/* All routes of the web server, and finding one. Adding a table: declare and name it here. */
#include "device/service/http/http.h"

extern const struct http_route cm_routes[], api_routes[], board_routes[], flash_routes[],
    metrics_routes[], update_routes[], api_v2_routes[], classic_routes[], form_routes[],
    openapi_routes[], page_routes[], api_rest_routes[], lfs_routes[], override_routes[],
    discovery_routes[], portal_routes[], fsblock_routes[];

/* The last two take whole families of paths. */
const struct http_route *const http_tables[] = {
    portal_routes, fsblock_routes,  cm_routes,      api_routes,  board_routes,
    flash_routes,  metrics_routes,  update_routes,  lfs_routes,  openapi_routes,
    api_v2_routes, override_routes, classic_routes, form_routes, discovery_routes,
    page_routes,   api_rest_routes, NULL,
};

static bool fits(const char *pattern, const char *path) {
    size_t length = strlen(pattern);
    if (length && pattern[length - 1] == '*')
        return strncmp(pattern, path, length - 1) == 0;
    return strcmp(pattern, path) == 0;
}

const struct http_route *http_route_find(const char *path, unsigned method,
                                         const struct http_route *after, unsigned *methods) {
    if (method == HTTP_HEAD)
        method = HTTP_GET;
    for (const struct http_route *const *table = http_tables; *table; table++)
        for (const struct http_route *row = *table; row->path; row++) {
            if (row == after)
                after = NULL;
            else if (!after && fits(row->path, path)) {
                if (row->methods & method)
                    return row;
                *methods |= row->methods | (row->methods & HTTP_GET ? HTTP_HEAD : 0U);
            }
        }
    return NULL;
}
