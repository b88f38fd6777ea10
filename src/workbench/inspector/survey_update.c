/* Packed updates: the RBL header, its package, what the code in it calls itself, and whether it is
 * the code that is installed. Sizes come from the header and are bounded by what a chip can hold.
 */
#include "workbench/inspector/survey.h"

#include "base/crc.h"
#include "workbench/image/package.h"

#include <stdlib.h>

static void check_code(struct survey_update *out, const uint8_t *package, size_t size,
                       struct span installed) {
    uint8_t *code;
    size_t length = 0;
    struct survey_app app;
    (void)package_unpack(&out->rbl, package, size, &package_default_keys, &code, &length);
    if (!code)
        return;
    bool whole =
        length == out->rbl.raw_size && fnv1a_update(FNV1A_START, code, length) == out->rbl.raw_hash;
    out->unpacked = whole ? CHECK_GOOD : CHECK_BAD;
    if (whole && installed.size >= length)
        out->installed = memcmp(installed.data, code, length) == 0 ? CHECK_GOOD : CHECK_BAD;
    survey_read_program((struct span){code, length}, &app);
    memcpy(out->app, app.name, sizeof out->app);
    free(code);
}

bool survey_read_update(const uint8_t *data, size_t size, size_t offset, struct span installed,
                        struct survey_update *out) {
    if (offset >= size || rbl_decode(data + offset, size - offset, &out->rbl, NULL) != STATUS_OK)
        return false;
    out->found = true;
    out->offset = offset;
    size_t from = offset + RBL_HEADER_SIZE;
    if (!bytes_inside(size, from, out->rbl.package_size) ||
        out->rbl.raw_size > PACKAGE_CODE_LIMIT) {
        out->package = CHECK_BAD;
        return true;
    }
    const uint8_t *package = data + from;
    bool good = crc32_update(0, package, out->rbl.package_size) == out->rbl.package_crc;
    out->package = good ? CHECK_GOOD : CHECK_BAD;
    check_code(out, package, size - from, installed);
    return true;
}
