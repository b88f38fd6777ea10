/* Finding the route of a request. */
#include "device/service/http/http.h"

static bool fits(const char *pattern, const char *path) {
    size_t length = strlen(pattern);
    if (length && pattern[length - 1] == '*')
        return strncmp(pattern, path, length - 1) == 0;
    return strcmp(pattern, path) == 0;
}

const struct http_route *http_route_find(const struct http_route *const *tables, const char *path,
                                         unsigned method, const struct http_route *after,
                                         unsigned *methods) {
    if (method == HTTP_HEAD)
        method = HTTP_GET;
    for (const struct http_route *const *table = tables; *table; table++)
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
