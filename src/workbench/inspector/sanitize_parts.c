/* Secrets outside the key-value store: protected blocks, user files, the RF block, OpenBeken's
 * configuration. */
#include "base/text.h"
#include "codec/beken/rf.h"
#include "codec/openbeken/obk_config.h"
#include "workbench/host/crypto.h"
#include "workbench/inspector/sanitize_private.h"

#include <stdlib.h>

static void blank_records(uint8_t *area, size_t length, struct sanitize *report) {
    struct protected_record record;
    for (size_t at = 0; protected_next(area, length, &at, &record, NULL) == STATUS_OK;)
        sanitize_value(report, "protected ", record.name, area + (record.value - area),
                       record.length);
}

void sanitize_protected(uint8_t *image, const struct storage *storage, struct sanitize *report) {
    for (int i = 0; i < storage->protected_count; i++) {
        const struct storage_protected *block = &storage->protected_block[i];
        uint8_t plain[TUYA_SECTOR], key[STORAGE_KEY_SIZE], *at = image + block->offset;
        uint8_t *area = plain + PROTECTED_AREA_AT;
        struct protected_header header;
        size_t used = ((size_t)block->length + 15) / 16 * 16;
        aes128_ecb_decrypt(key_block_master, at, plain, TUYA_SECTOR);
        if (!block->key_variant ||
            protected_decode(plain, TUYA_SECTOR, &header, NULL) != STATUS_OK) {
            memset(at, 0xFF, TUYA_SECTOR);
            sanitize_count(report, "damaged protected block");
            continue;
        }
        data_key_derive(data_key_variant_find(block->key_variant), header.key, key);
        aes128_ecb_decrypt(key, area, area, used);
        blank_records(area, block->length, report);
        memset(area + block->length, 0xFF, TUYA_SECTOR - PROTECTED_AREA_AT - block->length);
        aes128_ecb_encrypt(key, area, area, used);
        protected_encode(&header, plain);
        aes128_ecb_encrypt(key_block_master, plain, at, TUYA_SECTOR);
    }
}

static bool file_uses(const struct storage_uf *uf, const uint8_t *block) {
    for (int i = 0; i < uf->files.count; i++)
        if (uf->data[i].data && uf->data[i].data < block + TUYA_SECTOR &&
            uf->data[i].data + uf->data[i].size > block)
            return true;
    return false;
}

static void wipe(uint8_t *data, size_t size, const char *what, struct sanitize *report) {
    if (bytes_all(data, size, 0xFF))
        return;
    memset(data, 0xFF, size);
    sanitize_count(report, "%s", what);
}

/* Is this place taken by something that is no user file? */
static bool place_taken(const struct storage *s, size_t at) {
    if (s->found && at + TUYA_SECTOR > s->offset && at < s->offset + 21 * TUYA_SECTOR)
        return true;
    for (int i = 0; i < s->protected_count; i++)
        if (at < s->protected_block[i].offset + TUYA_SECTOR &&
            at + TUYA_SECTOR > s->protected_block[i].offset)
            return true;
    return false;
}

/* Blocks of the partition that no file owns may hold deleted logs. */
static void wipe_free_blocks(uint8_t *image, size_t size, const struct storage *s,
                             struct sanitize *report) {
    enum { FIRST_BLOCK = 2, PARTITION_BLOCKS = 0x18 };
    uint32_t before = s->found && s->offset > s->uf.base ? (uint32_t)(s->offset - s->uf.base) : 0;
    for (uint32_t block = FIRST_BLOCK; before && block < PARTITION_BLOCKS; block++) {
        int64_t at = (int64_t)s->uf.base + user_files_block_offset(block, before);
        if (at < 0 || !bytes_inside(size, (size_t)at, TUYA_SECTOR) || place_taken(s, (size_t)at) ||
            file_uses(&s->uf, image + at))
            continue;
        wipe(image + at, TUYA_SECTOR, "user file blocks that no file owns", report);
    }
}

void sanitize_files(uint8_t *image, size_t size, const struct storage *s, struct sanitize *report) {
    for (int i = 0; s->uf.found && i < s->uf.files.count; i++) {
        struct span file = s->uf.data[i];
        if (!file.data)
            continue;
        uint8_t *data = image + (file.data - image);
        size_t offset = (size_t)(data - image);
        size_t block = (file.size + TUYA_SECTOR - 1) / TUYA_SECTOR * TUYA_SECTOR;
        if (!bytes_inside(size, offset, block))
            block = file.size;
        if (secret_file_is_log(s->uf.files.file[i].name)) {
            wipe(data, block, "user files with logs", report);
            continue;
        }
        for (int n = sanitize_value(report, "file ", s->uf.files.file[i].name, data, file.size) +
                     sanitize_search(report, data, file.size);
             n > 0; n--)
            sanitize_count(report, "secrets in user files");
        size_t text = user_files_text_length(data, file.size);
        bool json = text > 1 && data[0] == '{';
        if (json && text < file.size && strcmp(s->uf.files.file[i].name, "json") == 0)
            memset(data + text, 'Z', file.size - text); /* remains of longer texts */
        memset(data + file.size, 0xFF, block - file.size);
    }
    if (s->uf.found)
        wipe_free_blocks(image, size, s, report);
}

/* The forms in which a MAC address is written elsewhere. */
static void remember_mac(struct sanitize *report, const uint8_t mac[RF_MAC_SIZE]) {
    for (int form = 0; form < 4; form++) {
        char buffer[24];
        struct text text = text_start(buffer, sizeof buffer);
        for (int i = 0; i < RF_MAC_SIZE; i++) {
            if (i && form & 1)
                text_char(&text, ':');
            text_hex(&text, mac[i], 2);
        }
        for (size_t i = 0; form & 2 && i < text.length; i++)
            buffer[i] = text_lower(buffer[i]);
        sanitize_remember(report, (const uint8_t *)buffer, text.length);
    }
}

void sanitize_rf(uint8_t *image, size_t size, struct sanitize *report) {
    struct rf_block rf;
    for (size_t at = 0;; at += 4) {
        at = bytes_find(image, size, at, "TLV\0", 4);
        if (at == SIZE_MAX)
            return;
        if (rf_decode(image + at, size - at, &rf, NULL) != STATUS_OK || rf.records == 0 ||
            !rf.mac_set || memcmp(image + at + RF_MAC_OFFSET, rf.mac, RF_MAC_SIZE) != 0)
            continue;
        remember_mac(report, rf.mac);
        memset(image + at + RF_MAC_OFFSET + 3, 0, RF_MAC_SIZE - 3); /* the vendor's part stays */
        sanitize_count(report, "RF block: MAC address");
    }
}

/* Fields of OpenBeken's block that say something about a household; same place in all pin groups.
 */
static const struct {
    uint16_t offset, size;
    const char *name;
    bool old; /* there in blocks of version 3 and earlier, too */
} obk_fields[] = {
    {0x014, 64, "Wi-Fi name", true},     {0x054, 64, "Wi-Fi password", true},
    {0x094, 256, "MQTT host", true},     {0x1D4, 64, "MQTT user", true},
    {0x214, 128, "MQTT password", true}, {0x2D8, 6, "MAC address", true},
    {0xC00, 64, "Wi-Fi name", false},    {0xC40, 68, "Wi-Fi password", false},
    {0xC84, 33, "web password", false},
};

static void blank_obk(uint8_t *block, size_t length, struct sanitize *report) {
    enum obk_crc kind = block[3] == obk_crc8(OBK_CRC_SIGNED, block + 4, length - 4)
                            ? OBK_CRC_SIGNED
                            : OBK_CRC_UNSIGNED;
    for (size_t i = 0; i < sizeof obk_fields / sizeof *obk_fields; i++) {
        if (length < OBK_CONFIG_SIZE && !obk_fields[i].old)
            continue;
        uint8_t *field = block + obk_fields[i].offset;
        size_t text = 0;
        while (text < obk_fields[i].size && field[text])
            text++;
        if (obk_fields[i].size != RF_MAC_SIZE)
            sanitize_remember(report, field, text);
        if (!bytes_all(field, obk_fields[i].size, 0))
            sanitize_count(report, "OpenBeken: %s", obk_fields[i].name);
        memset(field, 0, obk_fields[i].size);
    }
    block[3] = obk_crc8(kind, block + 4, length - 4);
}

void sanitize_openbeken(uint8_t *image, size_t size, struct sanitize *report) {
    struct obk_config *config = malloc(sizeof *config);
    for (size_t at = 0; config; at += 3) {
        at = bytes_find(image, size, at, "CFG", 3);
        if (at == SIZE_MAX)
            break;
        if (obk_config_decode(image + at, size - at, OBK_GROUP_D, config, NULL) != STATUS_OK)
            continue;
        size_t length = config->version <= 3 ? OBK_CONFIG_SIZE_OLD : OBK_CONFIG_SIZE;
        if (bytes_inside(size, at, length))
            blank_obk(image + at, length, report);
    }
    free(config);
}
