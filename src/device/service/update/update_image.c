/* Reading image headers; see update_image.h. */
#include "device/service/update/update_image.h"

#include "base/bytes.h"
#include "base/crc.h"
#include "base/text.h"
#include "codec/beken/rbl.h"

/* Our header: magic 8, size 4, flags 4, chip 16, version 32, digest 32, zeros to 160, signature 64,
 * zeros, CRC-32 at 252. */
enum {
    SIZE_AT = 8,
    FLAGS_AT = 12,
    CHIP_AT = 16,
    VERSION_AT = 32,
    DIGEST_AT = 64,
    SIGNATURE_AT = 160,
    CRC_AT = 252
};

static const char own_magic[] = "PLUGSMI1", bouffalo_magic[] = "BL60X_OTA";

uint32_t update_header_size(const uint8_t *data) {
    if (memcmp(data, own_magic, 8) == 0)
        return UPDATE_HEADER_OWN;
    if (memcmp(data, "RBL", 4) == 0)
        return RBL_HEADER_SIZE;
    return memcmp(data, bouffalo_magic, 9) == 0 ? UPDATE_HEADER_BOUFFALO : 0;
}

static void copy(char *to, size_t size, const uint8_t *from, size_t length) {
    struct text text = text_start(to, size);
    for (size_t i = 0; i < length && from[i] > ' ' && from[i] < 127; i++)
        text_char(&text, (char)from[i]);
}

static const char *read_own(const uint8_t *p, struct update_image *out) {
    if (load_le32(p + CRC_AT) != crc32_update(0, p, CRC_AT))
        return "the header is damaged";
    out->kind = UPDATE_OWN;
    out->header = UPDATE_HEADER_OWN;
    out->content = load_le32(p + SIZE_AT);
    out->has_signature = load_le32(p + FLAGS_AT) & 1;
    copy(out->chip, sizeof out->chip, p + CHIP_AT, 16);
    copy(out->version, sizeof out->version, p + VERSION_AT, 32);
    memcpy(out->digest, p + DIGEST_AT, SHA256_SIZE);
    memcpy(out->signature, p + SIGNATURE_AT, sizeof out->signature);
    return NULL;
}

static const char *read_rbl(const uint8_t *p, struct update_image *out) {
    struct rbl_header rbl;
    struct fault fault;
    if (rbl_decode(p, RBL_HEADER_SIZE, &rbl, &fault) != STATUS_OK)
        return "the RBL header is damaged";
    if (strcmp(rbl.name, "app") != 0)
        return "this RBL file holds something else than an application";
    out->kind = UPDATE_RBL;
    out->header = RBL_HEADER_SIZE;
    out->content = rbl.package_size;
    out->crc = rbl.package_crc;
    copy(out->version, sizeof out->version, (const uint8_t *)rbl.version, RBL_VERSION_SIZE);
    copy(out->chip, sizeof out->chip, (const uint8_t *)"BK7231", 6);
    return NULL;
}

static const char *read_bouffalo(const uint8_t *p, struct update_image *out) {
    if (memcmp(p + 16, "XZ  ", 4) != 0 && memcmp(p + 16, "RAW ", 4) != 0)
        return "the type in the header is neither XZ nor RAW";
    out->kind = UPDATE_BOUFFALO;
    out->header = UPDATE_HEADER_BOUFFALO;
    out->content = load_le32(p + 20);
    copy(out->version, sizeof out->version, p + 48, 16);
    copy(out->chip, sizeof out->chip, (const uint8_t *)"BL602", 5);
    memcpy(out->digest, p + 64, SHA256_SIZE);
    return NULL;
}

const char *update_image_read(const uint8_t *header, uint64_t length, const char *chip,
                              uint32_t slot_size, struct update_image *out) {
    uint32_t size = update_header_size(header);
    *out = (struct update_image){0};
    const char *why = size == UPDATE_HEADER_OWN        ? read_own(header, out)
                      : size == RBL_HEADER_SIZE        ? read_rbl(header, out)
                      : size == UPDATE_HEADER_BOUFFALO ? read_bouffalo(header, out)
                                                       : "this is no firmware image";
    if (why)
        return why;
    bool fits = out->kind == UPDATE_RBL ? text_starts(chip, out->chip) : text_same(chip, out->chip);
    if (!fits)
        return "the image is for another chip";
    if (length != (uint64_t)out->header + out->content || !out->content)
        return "the length is not what the header says: the file is cut or not whole";
    if (length > slot_size)
        return "the image is larger than the slot";
    return NULL;
}

void update_image_write(const struct update_image *image, uint8_t header[UPDATE_HEADER_OWN]) {
    memset(header, 0, UPDATE_HEADER_OWN);
    memcpy(header, own_magic, 8);
    store_le32(header + SIZE_AT, image->content);
    store_le32(header + FLAGS_AT, image->has_signature);
    memcpy(header + CHIP_AT, image->chip, 16);
    memcpy(header + VERSION_AT, image->version, 32);
    memcpy(header + DIGEST_AT, image->digest, SHA256_SIZE);
    memcpy(header + SIGNATURE_AT, image->signature, sizeof image->signature);
    store_le32(header + CRC_AT, crc32_update(0, header, CRC_AT));
}
