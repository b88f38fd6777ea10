/* From physical to logical, from key to key, and back. */
#include "workbench/flasher/rekey.h"

#include "base/crc.h"
#include "workbench/image/code_form.h"
#include "workbench/inspector/survey.h"

#include <stdio.h>
#include <stdlib.h>

/* The header at the end of the slot speaks of the bytes as stored. */
static void renew_header(const struct survey_code *app, const uint8_t *logical, uint8_t *physical) {
    struct rbl_header header = app->rbl;
    header.raw_hash = fnv1a_update(FNV1A_START, logical, header.raw_size);
    if (rbl_is_stored(&app->rbl))
        header.package_crc = rbl_installed_crc(&header, logical);
    rbl_encode_installed(&header, physical + (app->rbl_offset - app->offset));
}

static bool rekey_striped(const uint8_t *data, const struct survey_code *app,
                          const struct beken_key *to, struct file *out) {
    struct code_notes notes;
    uint8_t *logical = malloc(app->size + 1);
    out->size = app->size;
    out->data = malloc(app->size + 1);
    if (!logical || !out->data) {
        free(logical);
        file_free(out);
        return false;
    }
    size_t size = code_to_logical(data + app->offset, app->size, logical, &notes);
    size_t code =
        app->rbl_found ? beken_to_logical((uint32_t)(app->rbl_offset - app->offset)) : size;
    code_crypt(&app->key->key, BEKEN_APP_LOGICAL, logical, code);
    code_crypt(to, BEKEN_APP_LOGICAL, logical, code);
    memcpy(out->data, data + app->offset, app->size);
    size_t made = code_to_physical(logical, code, CODE_PADDING_ERASED, out->data);
    if (app->rbl_found)
        renew_header(app, logical, out->data);
    (void)made;
    free(logical);
    return true;
}

static bool rekey_plain(const uint8_t *data, size_t size, const struct beken_key *from,
                        const struct beken_key *to, struct file *out) {
    uint8_t *logical = malloc(size + 1);
    out->data = malloc((size + 31) / 32 * 34 + 1);
    if (!logical || !out->data) {
        free(logical);
        file_free(out);
        return false;
    }
    memcpy(logical, data, size);
    code_crypt(from, BEKEN_APP_LOGICAL, logical, size);
    code_crypt(to, BEKEN_APP_LOGICAL, logical, size);
    out->size = code_to_physical(logical, size, CODE_PADDING_ERASED, out->data);
    free(logical);
    return true;
}

static bool explain(char *why, size_t size, const char *text) {
    snprintf(why, size, "%s", text);
    return false;
}

bool rekey_image(const uint8_t *data, size_t size, const struct beken_key *to, struct file *out,
                 char *why, size_t why_size) {
    struct survey v;
    struct beken_key from;
    uint32_t address;
    *out = (struct file){.data = NULL};
    if (!survey_image(data, size, &v))
        return explain(why, why_size, "no memory");
    bool good = false;
    if (v.app.found && v.app.blocks.bad)
        explain(why, why_size, "the application in the image is damaged");
    else if (v.app.found && (!v.app.key || v.key_literal))
        explain(why, why_size, "the key of the application in the image is not known");
    else if (v.app.found)
        good = rekey_striped(data, &v.app, to, out) || explain(why, why_size, "no memory");
    else if (v.kind == IMAGE_RAW_CODE && code_recognise(data, size, &from, &address) &&
             address == BEKEN_APP_LOGICAL)
        good = rekey_plain(data, size, &from, to, out) || explain(why, why_size, "no memory");
    else
        explain(why, why_size, "it holds no application whose key is known");
    survey_free(&v);
    return good;
}
