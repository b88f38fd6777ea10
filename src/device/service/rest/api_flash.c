/* Reading the flash over REST, for backups by the LAN scanner and the web application. Reading
 * shows passwords, so it is for admin only; writing past the checks of an update is not offered.
 * Source: openshwprojects/OpenBK7231T_App: src/httpserver/rest_interface.c. */
#include "device/device.h"
#include "device/service/http/http.h"

enum { PREFIX = sizeof "/api/flash/" - 1, FLASH_SIZE = 0x200000, PIECE = 512 };

static const char *hex(const char *p, uint32_t *value) {
    const char *start = p;
    for (*value = 0; text_hex_digit(*p) >= 0 && p - start < 8; p++)
        *value = *value << 4 | (uint32_t)text_hex_digit(*p);
    return p == start ? NULL : p;
}

static void more(struct device *d, struct http_exchange *x) {
    uint8_t piece[PIECE];
    uint32_t size = x->cursor[1] < PIECE ? x->cursor[1] : PIECE;
    if (!d->hal.flash_read(d->hal.context, x->cursor[0], piece, size)) {
        x->more = NULL; /* the length announced is not reached: the client sees it was cut */
        x->keep_alive = false;
        return;
    }
    text_add_n(&x->out, (const char *)piece, size);
    x->cursor[0] += size;
    x->cursor[1] -= size;
    if (!x->cursor[1])
        x->more = NULL;
}

static void read(struct device *d, struct http_exchange *x) {
    uint32_t offset, size;
    const char *p = hex(x->path + PREFIX, &offset);
    p = p && *p == '-' ? hex(p + 1, &size) : NULL;
    if (!p || *p || !size || offset > FLASH_SIZE || size > FLASH_SIZE - offset) {
        http_error(x, 400, "write it as <hex address>-<hex length>, inside the flash");
        return;
    }
    if (!d->hal.flash_read) {
        http_error(x, 501, "this platform has no flash to read");
        return;
    }
    http_begin(x, 200, "application/octet-stream");
    http_total(x, size);
    x->cursor[0] = offset;
    x->cursor[1] = size;
    x->more = more;
}

static void write(struct device *d, struct http_exchange *x) {
    (void)d;
    http_error(x, 403, "raw writes are not offered: use /api/ota, /api/v2/update or a cable");
}

static bool write_take(struct device *d, struct http_exchange *x, const uint8_t *data,
                       size_t size) {
    (void)size;
    if (data)
        write(d, x);
    return false;
}

const struct http_route flash_routes[] = {
    {HTTP_GET, HTTP_ADMIN, false, "/api/flash/*", read, NULL, "bytes of the flash", NULL, "bytes"},
    {HTTP_POST, HTTP_ADMIN, true, "/api/flash/*", write, write_take, "refused: no raw writes", NULL,
     "JSON"},
    {0},
};
