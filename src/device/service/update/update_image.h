/* What an image says about itself, checked before a byte of flash is touched. Three kinds:
 * - our own: "PLUGSMI1", 256 bytes of header with chip, version, size and SHA-256 of what follows,
 *   an optional Ed25519 signature over the header, and a CRC-32;
 * - RBL, as Beken's bootloaders take it (CRC-32 of the content);
 * - BL60X_OTA, as Bouffalo's (SHA-256 of the content). */
#ifndef DEVICE_SERVICE_UPDATE_IMAGE_H
#define DEVICE_SERVICE_UPDATE_IMAGE_H
#include "codec/net/sha256.h"

#include <stdbool.h>

enum {
    UPDATE_HEADER_OWN = 256,
    UPDATE_HEADER_BOUFFALO = 512,
    UPDATE_HEADER_MAX = 512,
    UPDATE_SIGNED = 160, /* bytes of our header that the signature covers */
};

enum update_kind { UPDATE_UNKNOWN, UPDATE_OWN, UPDATE_RBL, UPDATE_BOUFFALO };

struct update_image {
    enum update_kind kind;
    uint32_t header, content; /* bytes */
    char chip[17], version[33];
    uint8_t digest[SHA256_SIZE]; /* of the content; not for RBL */
    uint32_t crc;                /* of the content, RBL only */
    bool has_signature;
    uint8_t signature[64];
};

/* Bytes of header needed to decide, by its first 16; 0: no image at all. */
uint32_t update_header_size(const uint8_t *data);
/* Why it is refused, in words; NULL: good. `length` is that of the whole file. */
const char *update_image_read(const uint8_t *header, uint64_t length, const char *chip,
                              uint32_t slot_size, struct update_image *out);
/* Our own header for content of that size and digest. */
void update_image_write(const struct update_image *image, uint8_t header[UPDATE_HEADER_OWN]);
#endif
