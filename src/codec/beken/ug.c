/* Magic, version, payload length and sum, header sum, closing magic. */
#include "codec/beken/ug.h"

#include "base/bytes.h"

enum { AT_VERSION = 4, AT_SIZE = 16, AT_SUM = 20, AT_HEADER_SUM = 24, AT_TAIL = 28 };
#define UG_HEAD 0x55AA55AAu
#define UG_TAIL 0xAA55AA55u

static uint32_t sum(const uint8_t *data, size_t size) {
    uint32_t total = 0;
    for (size_t i = 0; i < size; i++)
        total += data[i];
    return total;
}

enum status ug_decode(const uint8_t *data, size_t size, struct ug_header *out,
                      struct fault *fault) {
    if (size < UG_HEADER_SIZE)
        return fault_at(fault, STATUS_TRUNCATED, size, "a 32-byte UG header");
    if (load_be32(data) != UG_HEAD || load_be32(data + AT_TAIL) != UG_TAIL)
        return fault_at(fault, STATUS_BAD_MAGIC, 0, "UG magic");
    if (sum(data, AT_HEADER_SUM) != load_be32(data + AT_HEADER_SUM))
        return fault_at(fault, STATUS_BAD_CHECKSUM, AT_HEADER_SUM, "sum of the UG header");
    memcpy(out->version, data + AT_VERSION, UG_VERSION_SIZE);
    out->version[UG_VERSION_SIZE] = '\0';
    out->payload_size = load_be32(data + AT_SIZE);
    out->payload_sum = load_be32(data + AT_SUM);
    if (!bytes_inside(size, UG_HEADER_SIZE, out->payload_size))
        return fault_at(fault, STATUS_TRUNCATED, size, "the whole UG payload");
    if (sum(data + UG_HEADER_SIZE, out->payload_size) != out->payload_sum)
        return fault_at(fault, STATUS_BAD_CHECKSUM, AT_SUM, "sum of the UG payload");
    return STATUS_OK;
}

void ug_encode(const char *version, const uint8_t *payload, uint32_t size,
               uint8_t out[UG_HEADER_SIZE]) {
    size_t length = strlen(version);
    memset(out, 0, UG_HEADER_SIZE);
    store_be32(out, UG_HEAD);
    memcpy(out + AT_VERSION, version, length < UG_VERSION_SIZE ? length : UG_VERSION_SIZE);
    store_be32(out + AT_SIZE, size);
    store_be32(out + AT_SUM, sum(payload, size));
    store_be32(out + AT_HEADER_SUM, sum(out, AT_HEADER_SUM));
    store_be32(out + AT_TAIL, UG_TAIL);
}
