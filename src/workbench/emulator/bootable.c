/* Recognised by content, from the outside in: UG holds RBL, RBL holds logical code, which goes with
 * CRCs behind the place of the bootloader. */
#include "workbench/emulator/bootable.h"

#include "base/bytes.h"
#include "codec/beken/rbl.h"
#include "codec/beken/ug.h"
#include "workbench/image/code_form.h"
#include "workbench/image/package.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    APP_OFFSET = 0x11000,
    APP_ADDRESS = 0x10000,
    FLASH_LEAST = 2 << 20,
    FLASH_MOST = 16 << 20,
    START = 4 * BEKEN_PHYSICAL_BLOCK, /* enough to see what a file begins with */
};

/* Erased flash, the smallest chip that holds `end` bytes. */
static bool erased(struct bootable *out, size_t end) {
    out->size = FLASH_LEAST;
    while (out->size < end && out->size < FLASH_MOST)
        out->size *= 2;
    out->flash = end <= out->size ? malloc(out->size) : NULL;
    if (out->flash)
        memset(out->flash, 0xFF, out->size);
    return out->flash != NULL;
}

static bool place(struct bootable *out, const uint8_t *data, size_t size, size_t offset,
                  const char *from, char *why, size_t why_size) {
    out->from = from;
    if (!erased(out, offset + size)) {
        snprintf(why, why_size, "%zu bytes: no flash chip is that large", size);
        return false;
    }
    memcpy(out->flash + offset, data, size);
    return true;
}

static bool place_logical(struct bootable *out, const uint8_t *code, size_t size, const char *from,
                          char *why, size_t why_size) {
    out->from = from;
    size_t blocks = (size + BEKEN_LOGICAL_BLOCK - 1) / BEKEN_LOGICAL_BLOCK;
    if (!erased(out, APP_OFFSET + blocks * BEKEN_PHYSICAL_BLOCK)) {
        snprintf(why, why_size, "%zu bytes of code: no flash chip is that large", size);
        return false;
    }
    code_to_physical(code, size, CODE_PADDING_ERASED, out->flash + APP_OFFSET);
    return true;
}

static bool unpack(struct bootable *out, const uint8_t *data, size_t size, const char *from,
                   char *why, size_t why_size) {
    struct rbl_header rbl;
    struct fault fault;
    uint8_t *code = NULL;
    size_t code_size = 0;
    if (rbl_decode(data, size, &rbl, &fault)) {
        snprintf(why, why_size, "%s: offset 0x%zX: expected %s", from, fault.offset,
                 fault.expected);
        return false;
    }
    enum status status = package_unpack(&rbl, data + RBL_HEADER_SIZE, size - RBL_HEADER_SIZE,
                                        &package_default_keys, &code, &code_size);
    bool ok = status == STATUS_OK;
    if (ok)
        ok = place_logical(out, code, code_size, from, why, why_size);
    else
        snprintf(why, why_size, "%s: package of %u bytes: %s", from, rbl.package_size,
                 status_text(status));
    free(code);
    return ok;
}

/* Do exception vectors of a bootloader or application stand here, in physical or logical form?
 * Then *plain tells whether without a key. */
static bool vectors_at(const uint8_t *data, size_t size, bool physical, uint32_t *address,
                       bool *plain) {
    uint8_t logical[START];
    struct beken_key key;
    if (size < START)
        return false;
    size_t length = START;
    if (physical)
        length = beken_unstripe(data, START, logical);
    else
        memcpy(logical, data, START);
    if (!code_recognise(logical, length, &key, address))
        return false;
    *plain = !beken_key_active(&key);
    return true;
}

/* Under a key the address shows; without one a file with nothing behind the place of a bootloader
 * is none with a bootloader. */
static bool is_application(const uint8_t *data, size_t size, bool physical) {
    uint32_t address, behind;
    bool plain, ignored;
    if (!vectors_at(data, size, physical, &address, &plain))
        return false;
    return plain ? size < APP_OFFSET ||
                       !vectors_at(data + APP_OFFSET, size - APP_OFFSET, true, &behind, &ignored)
                 : address == APP_ADDRESS;
}

/* A dump that was read from the application on and wraps is as large as its flash; the emulator
 * turns it. */
static bool is_whole(size_t size) {
    return size >= FLASH_LEAST && (size & (size - 1)) == 0;
}

bool bootable_make(const uint8_t *data, size_t size, struct bootable *out, char *why,
                   size_t why_size) {
    static const uint8_t ug_magic[] = {0x55, 0xAA, 0x55, 0xAA};
    struct ug_header ug;
    struct fault fault;
    *out = (struct bootable){.flash = NULL};
    if (size >= sizeof ug_magic && memcmp(data, ug_magic, sizeof ug_magic) == 0) {
        if (ug_decode(data, size, &ug, &fault)) {
            snprintf(why, why_size, "update package (UG): offset 0x%zX: expected %s", fault.offset,
                     fault.expected);
            return false;
        }
        return unpack(out, data + UG_HEADER_SIZE, ug.payload_size, "update package (UG)", why,
                      why_size);
    }
    if (size >= 4 && memcmp(data, "RBL", 4) == 0)
        return unpack(out, data, size, "update container (RBL)", why, why_size);
    if (!is_whole(size) && beken_stripe_grid(data, size) == 0 && is_application(data, size, true))
        return place(out, data, size, APP_OFFSET, "application alone (UA)", why, why_size);
    if (!is_whole(size) && is_application(data, size, false))
        return place_logical(out, data, size, "application alone, without CRCs", why, why_size);
    return place(out, data, size, 0, is_whole(size) ? NULL : "start of a flash (QIO)", why,
                 why_size);
}

void bootable_free(struct bootable *b) {
    free(b->flash);
    b->flash = NULL;
}
