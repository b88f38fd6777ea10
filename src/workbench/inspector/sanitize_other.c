/* Secrets in the stores of other firmware and other chips: EasyFlash values, PSM pairs, and the
 * files of a LittleFS volume. */
#include "base/text.h"
#include "codec/openbeken/easyflash.h"
#include "codec/openbeken/littlefs.h"
#include "codec/tuya/psm.h"
#include "workbench/host/crypto.h"
#include "workbench/inspector/sanitize_private.h"

#include <stdlib.h>

/* Values of chip vendors' SDKs that hold credentials, by what their names contain. */
static bool is_credential(const char *name) {
    static const char *const parts[] = {"ssid", "psk", "pass", "pwd", "mqtt", "token", "secret"};
    char small[EASYFLASH_NAME_MAX + 1];
    size_t n = 0;
    for (; n < EASYFLASH_NAME_MAX && name[n]; n++)
        small[n] = text_lower(name[n]);
    small[n] = '\0';
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (strstr(small, parts[i]))
            return true;
    return false;
}

static void blank_node(uint8_t *area, const struct easyflash_node *node, struct sanitize *report) {
    uint8_t *value = area + (node->value - area);
    if (is_credential(node->name)) {
        sanitize_remember(report, value, node->length);
        sanitize_blank(value, node->length, true);
        sanitize_count(report, "EasyFlash: %s", node->name);
    }
    for (int n = sanitize_search(report, value, node->length); n > 0; n--)
        sanitize_count(report, "EasyFlash: %s holds a copy of one of these", node->name);
}

/* The first pass, before anything is changed: which nodes are whole. */
void sanitize_easyflash_note(const uint8_t *image, const struct storage *storage,
                             struct sanitize *report) {
    for (int i = 0; i < storage->easyflash_count; i++) {
        const struct storage_easyflash *store = &storage->easyflash[i];
        struct easyflash_node node;
        for (size_t at = 0;
             easyflash_next(image + store->offset, store->size, store->layout, &at, &node);)
            if (node.crc_ok && report->node_count < SANITIZE_NODES_MAX)
                report->node[report->node_count++] = store->offset + node.offset;
    }
}

static bool was_whole(const struct sanitize *report, size_t offset) {
    for (int i = 0; i < report->node_count; i++)
        if (report->node[i] == offset)
            return true;
    return false;
}

/* The last pass: credentials go, and nodes that were whole are whole again; a torn one is wiped,
 * since nobody can tell what is in it. */
void sanitize_easyflash(uint8_t *image, const struct storage *storage, struct sanitize *report) {
    for (int i = 0; i < storage->easyflash_count; i++) {
        const struct storage_easyflash *store = &storage->easyflash[i];
        uint8_t *area = image + store->offset;
        struct easyflash_node node;
        for (size_t at = 0; easyflash_next(area, store->size, store->layout, &at, &node);) {
            if (was_whole(report, store->offset + node.offset)) {
                blank_node(area, &node, report);
                easyflash_seal(area, node.offset, store->layout);
            } else {
                memset(area + (node.value - area), 0, node.length);
                sanitize_count(report, "EasyFlash: torn values");
            }
        }
    }
}

static void blank_pairs(uint8_t *plain, size_t size, struct sanitize *report) {
    struct psm_pair pair;
    for (size_t at = 0; psm_next(plain, size, &at, &pair);) {
        char name[64];
        struct text text = text_start(name, sizeof name);
        text_add_n(&text, pair.key, pair.key_size);
        uint8_t *value = plain + ((const uint8_t *)pair.value - plain);
        if (is_credential(name) && !secret_key_known(name)) {
            sanitize_remember(report, value, pair.value_size);
            sanitize_blank(value, pair.value_size, true);
            sanitize_count(report, "PSM: %s", name);
        } else
            sanitize_value(report, "PSM: ", name, value, pair.value_size);
    }
}

void sanitize_psm(uint8_t *image, const struct storage *storage, struct sanitize *report) {
    const struct storage_psm *psm = &storage->psm;
    uint8_t *at = image + psm->offset;
    uint8_t *plain = psm->found ? malloc(psm->size) : NULL;
    if (!plain)
        return;
    if (psm->encrypted)
        aes128_ecb_decrypt(psm->key, at, plain, psm->size);
    else
        memcpy(plain, at, psm->size);
    blank_pairs(plain, psm->size, report);
    if (psm->encrypted)
        aes128_ecb_encrypt(psm->key, plain, at, psm->size);
    else
        memcpy(at, plain, psm->size);
    free(plain);
}

/* Scripts and pages may hold anything, and the file system's checksums cover every byte: it goes as
 * a whole. Firmware makes a new one when it needs it. */
void sanitize_littlefs(uint8_t *image, size_t size, struct sanitize *report) {
    enum { COUNT_AT = 28, BLOCKS_MAX = 0x1000 };
    struct littlefs_file *file = calloc(LITTLEFS_FILES, sizeof *file);
    for (size_t at = 0; file && bytes_inside(size, at, LITTLEFS_BLOCK); at += LITTLEFS_BLOCK) {
        uint32_t blocks = load_le32(image + at + COUNT_AT);
        if (!littlefs_is_volume(image + at, size - at) || blocks < 2 || blocks > BLOCKS_MAX)
            continue;
        size_t length = (size_t)blocks * LITTLEFS_BLOCK;
        length = length < size - at ? length : size - at;
        for (size_t n = littlefs_list(image + at, length, file, LITTLEFS_FILES); n > 0; n--)
            sanitize_count(report, "files of the LittleFS file system, with all of it");
        memset(image + at, 0xFF, length);
    }
    free(file);
}
