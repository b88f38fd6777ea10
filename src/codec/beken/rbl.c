/* The 96-byte header, field by field, and its striped twin at the end of an installed slot. */
#include "codec/beken/rbl.h"

#include "base/bytes.h"
#include "base/crc.h"
#include "codec/beken/stripe.h"

enum {
    AT_ALGORITHM = 4,
    AT_TIMESTAMP = 8,
    AT_NAME = 12,
    AT_VERSION = 28,
    AT_SERIAL = 52,
    AT_PACKAGE_CRC = 76,
    AT_RAW_HASH = 80,
    AT_RAW_SIZE = 84,
    AT_PACKAGE_SIZE = 88,
    AT_HEADER_CRC = 92,
};

const char rbl_default_key[] = "0123456789ABCDEF0123456789ABCDEF";
const char rbl_default_iv[] = "0123456789ABCDEF";

static void copy_text(char *to, const uint8_t *from, size_t size) {
    memcpy(to, from, size);
    to[size] = '\0';
}

enum status rbl_decode(const uint8_t *data, size_t size, struct rbl_header *out,
                       struct fault *fault) {
    if (size < RBL_HEADER_SIZE)
        return fault_at(fault, STATUS_TRUNCATED, size, "a 96-byte RBL header");
    if (memcmp(data, "RBL\0", 4) != 0)
        return fault_at(fault, STATUS_BAD_MAGIC, 0, "RBL magic");
    if (crc32_update(0, data, AT_HEADER_CRC) != load_le32(data + AT_HEADER_CRC))
        return fault_at(fault, STATUS_BAD_CHECKSUM, AT_HEADER_CRC, "CRC-32 of the RBL header");
    uint32_t algorithm = load_le32(data + AT_ALGORITHM);
    out->encryption = (uint8_t)(algorithm & 0xFF);
    out->compression = (uint8_t)(algorithm >> 8 & 0xFF);
    out->timestamp = load_le32(data + AT_TIMESTAMP);
    copy_text(out->name, data + AT_NAME, RBL_NAME_SIZE);
    copy_text(out->version, data + AT_VERSION, RBL_VERSION_SIZE);
    copy_text(out->serial, data + AT_SERIAL, RBL_VERSION_SIZE);
    out->package_crc = load_le32(data + AT_PACKAGE_CRC);
    out->raw_hash = load_le32(data + AT_RAW_HASH);
    out->raw_size = load_le32(data + AT_RAW_SIZE);
    out->package_size = load_le32(data + AT_PACKAGE_SIZE);
    return STATUS_OK;
}

static void put_text(uint8_t *to, const char *from, size_t size) {
    size_t length = strlen(from);
    memset(to, 0, size);
    memcpy(to, from, length < size ? length : size);
}

void rbl_encode(const struct rbl_header *h, uint8_t out[RBL_HEADER_SIZE]) {
    memcpy(out, "RBL\0", 4);
    store_le32(out + AT_ALGORITHM, h->encryption | (uint32_t)h->compression << 8);
    store_le32(out + AT_TIMESTAMP, h->timestamp);
    put_text(out + AT_NAME, h->name, RBL_NAME_SIZE);
    put_text(out + AT_VERSION, h->version, RBL_VERSION_SIZE);
    put_text(out + AT_SERIAL, h->serial, RBL_VERSION_SIZE);
    store_le32(out + AT_PACKAGE_CRC, h->package_crc);
    store_le32(out + AT_RAW_HASH, h->raw_hash);
    store_le32(out + AT_RAW_SIZE, h->raw_size);
    store_le32(out + AT_PACKAGE_SIZE, h->package_size);
    store_le32(out + AT_HEADER_CRC, crc32_update(0, out, AT_HEADER_CRC));
}

enum status rbl_decode_installed(const uint8_t *data, size_t size, struct rbl_header *out,
                                 struct fault *fault) {
    uint8_t plain[RBL_HEADER_SIZE];
    if (size < RBL_INSTALLED_SIZE)
        return fault_at(fault, STATUS_TRUNCATED, size, "a striped RBL header of 102 bytes");
    beken_unstripe(data, RBL_INSTALLED_SIZE, plain);
    return rbl_decode(plain, sizeof plain, out, fault);
}

void rbl_encode_installed(const struct rbl_header *header, uint8_t out[RBL_INSTALLED_SIZE]) {
    uint8_t plain[RBL_HEADER_SIZE];
    rbl_encode(header, plain);
    beken_stripe(plain, sizeof plain, out);
}

bool rbl_is_stored(const struct rbl_header *header) {
    return header->encryption == RBL_PLAIN && header->compression == RBL_STORED;
}

uint32_t rbl_installed_crc(const struct rbl_header *header, const uint8_t *logical_slot) {
    uint32_t crc = crc32_update(0, logical_slot, header->raw_size);
    uint8_t padding = (uint8_t)(header->package_size - header->raw_size);
    for (uint32_t i = header->raw_size; i < header->package_size; i++)
        crc = crc32_update(crc, &padding, 1);
    return crc;
}
