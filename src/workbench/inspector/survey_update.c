/* Packed updates: the RBL header, its package (AES-256-CBC, then gzip), and what the code in it
 * calls itself. Sizes come from the header and are bounded by what a chip can hold. */
#include "workbench/inspector/survey.h"

#include "base/crc.h"
#include "workbench/host/crypto.h"

#include <stdlib.h>
#include <zlib.h>

enum { CODE_LIMIT = 4 << 20 };

/* Unpacks gzip; returns the bytes written, at most `room`. */
static size_t inflate_all(const uint8_t *data, size_t size, uint8_t *out, size_t room) {
    z_stream z = {.next_in = (Bytef *)(uintptr_t)data,
                  .avail_in = (uInt)size,
                  .next_out = out,
                  .avail_out = (uInt)room};
    if (inflateInit2(&z, 15 + 16) != Z_OK)
        return 0;
    (void)inflate(&z, Z_FINISH);
    size_t written = room - z.avail_out;
    inflateEnd(&z);
    return written;
}

/* The code of a package, malloc'd, or NULL when its packing is not known. */
static uint8_t *unpack(const struct rbl_header *rbl, const uint8_t *package, size_t *size) {
    size_t length = rbl->package_size;
    uint8_t *plain = malloc(length + 1), *code = malloc((size_t)rbl->raw_size + 1);
    *size = 0;
    if (!plain || !code) {
        free(plain);
        free(code);
        return NULL;
    }
    memcpy(plain, package, length);
    if (rbl->encryption == RBL_AES256)
        aes256_cbc_decrypt((const uint8_t *)rbl_default_key, (const uint8_t *)rbl_default_iv, plain,
                           plain, length / 16 * 16);
    if (rbl->compression == RBL_GZIP)
        *size = inflate_all(plain, length, code, rbl->raw_size);
    else if (rbl->compression == RBL_STORED) {
        *size = rbl->raw_size < length ? rbl->raw_size : length;
        memcpy(code, plain, *size);
    }
    free(plain);
    return code;
}

static void check_code(struct survey_update *out, const uint8_t *package) {
    size_t size;
    uint8_t *code = unpack(&out->rbl, package, &size);
    bool packed_known = out->rbl.compression <= RBL_GZIP && out->rbl.encryption != RBL_XOR;
    if (code && packed_known) {
        out->unpacked =
            size == out->rbl.raw_size && fnv1a_update(FNV1A_START, code, size) == out->rbl.raw_hash
                ? CHECK_GOOD
                : CHECK_BAD;
        struct survey_app app;
        survey_read_program((struct span){code, size}, &app);
        memcpy(out->app, app.name, sizeof out->app);
    }
    free(code);
}

bool survey_read_update(const uint8_t *data, size_t size, size_t offset,
                        struct survey_update *out) {
    if (offset >= size || rbl_decode(data + offset, size - offset, &out->rbl, NULL) != STATUS_OK)
        return false;
    out->found = true;
    out->offset = offset;
    size_t from = offset + RBL_HEADER_SIZE;
    if (!bytes_inside(size, from, out->rbl.package_size) || out->rbl.raw_size > CODE_LIMIT) {
        out->package = CHECK_BAD;
        return true;
    }
    const uint8_t *package = data + from;
    bool good = crc32_update(0, package, out->rbl.package_size) == out->rbl.package_crc;
    out->package = good ? CHECK_GOOD : CHECK_BAD;
    check_code(out, package);
    return true;
}
