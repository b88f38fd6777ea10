/* Reading the flash over REST, for backups by the LAN scanner and the web application. Reading
 * shows passwords, so it is for admin only. Writing leads to the same checks as an update or an
 * import, so nothing that keeps the plug from starting gets into the flash.
 * Source: openshwprojects/OpenBK7231T_App: src/httpserver/rest_interface.c. */
#include "device/device.h"
#include "device/service/http/http.h"
#include "device/service/rest/api_v2.h"

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

/* --- writing: only where a checked way leads --- */

enum place { PLACE_REFUSED, PLACE_UPDATE, PLACE_CONFIG };

/* Where clients write firmware: the start of our idle slot, or that of OpenBeken's. */
static enum place place_of(const struct device *d, const struct http_exchange *x) {
    const struct hal_chip *chip = &d->hal.chip;
    uint32_t offset;
    const char *p = hex(x->path + PREFIX, &offset);
    bool slot = offset == 0x132000 || offset == 0x12A000 ||
                offset == chip->slot_offset[1 - (chip->slot_running & 1)];
    if (!p || (*p && *p != '-'))
        return PLACE_REFUSED;
    return chip->obk_offset && offset == chip->obk_offset ? PLACE_CONFIG
           : chip->slot_size && slot                      ? PLACE_UPDATE
                                                          : PLACE_REFUSED;
}

static bool refuse(struct http_exchange *x) {
    http_error(x, 403,
               "only firmware (as an update) and the configuration may be written; bootloader, "
               "calibration of the radio, keys and everything else: by cable");
    return false;
}

static void write(struct device *d, struct http_exchange *x) {
    enum place place = place_of(d, x);
    if (place == PLACE_UPDATE)
        api_update_done(d, x);
    else if (place == PLACE_CONFIG)
        api_import(d, x);
    else
        refuse(x);
}

static bool write_take(struct device *d, struct http_exchange *x, const uint8_t *data,
                       size_t size) {
    enum place place = place_of(d, x);
    return place == PLACE_UPDATE   ? api_update_take(d, x, data, size)
           : place == PLACE_CONFIG ? api_restore_take(d, x, data, size)
           : data                  ? refuse(x)
                                   : false;
}

const struct http_route flash_routes[] = {
    {HTTP_GET, HTTP_ADMIN, false, "/api/flash/*", read, NULL, "bytes of the flash", NULL, "bytes"},
    {HTTP_POST, HTTP_ADMIN, true, "/api/flash/*", write, write_take,
     "an update, or the configuration of OpenBeken, where these belong; else refused", "bytes",
     "JSON"},
    {0},
};
