/* Walking the records with every length checked; a record of 5A bytes is filler and ends the walk.
 */
#include "codec/beken/rf.h"

#include "base/bytes.h"

#define GROUP_BASIC        0x11111100u
#define GROUP_POWER        0x22222200u
#define GROUP_CALIBRATION  0x33333300u
#define GROUP_CALIBRATION2 0x44444400u
#define TYPE_CHIP          0x11111101u
#define TYPE_MAC           0x11111102u
#define TYPE_FILLER        0x5A5A5A5Au

enum { HEADER = 8, RECORD = 8 };

static void note(struct rf_block *out, uint32_t type) {
    out->records++;
    out->tx_power |= type == GROUP_POWER;
    out->calibration |= type == GROUP_CALIBRATION || type == GROUP_CALIBRATION2;
}

enum status rf_decode(const uint8_t *data, size_t size, struct rf_block *out, struct fault *fault) {
    *out = (struct rf_block){0};
    if (size < RF_MAC_OFFSET + RF_MAC_SIZE)
        return fault_at(fault, STATUS_TRUNCATED, size, "an RF block");
    if (memcmp(data, "TLV\0", 4) != 0)
        return fault_at(fault, STATUS_BAD_MAGIC, 0, "TLV magic");
    out->length = load_le32(data + 4);
    if (!bytes_inside(size < RF_SECTOR_SIZE ? size : RF_SECTOR_SIZE, HEADER, out->length))
        return fault_at(fault, STATUS_BAD_LENGTH, 4, "a length inside the sector");
    size_t end = HEADER + out->length;
    for (size_t at = HEADER; at + RECORD <= end;) {
        uint32_t type = load_le32(data + at), length = load_le32(data + at + 4);
        if (type == TYPE_FILLER)
            break;
        bool group = (type & 0xFF) == 0;
        if (!bytes_inside(end, at + RECORD, length))
            return fault_at(fault, STATUS_BAD_LENGTH, at + 4, "a record inside the block");
        note(out, type);
        if (type == TYPE_MAC && length == RF_MAC_SIZE)
            memcpy(out->mac, data + at + RECORD, RF_MAC_SIZE);
        at += RECORD + (group ? 0 : length);
    }
    out->mac_set = !bytes_all(out->mac, RF_MAC_SIZE, 0) && !bytes_all(out->mac, RF_MAC_SIZE, 0xFF);
    return STATUS_OK;
}

static uint8_t *put_record(uint8_t *p, uint32_t type, const void *data, uint32_t size) {
    store_le32(p, type);
    store_le32(p + 4, size);
    memcpy(p + RECORD, data, size);
    return p + RECORD + size;
}

void rf_encode(const uint8_t mac[RF_MAC_SIZE], uint8_t sector[RF_SECTOR_SIZE]) {
    static const uint8_t chip[4] = {0x4E, 0x61, 0xBC, 0x00}, words[8] = {0};
    memset(sector, 0xFF, RF_SECTOR_SIZE);
    memcpy(sector, "TLV\0", 4);
    uint8_t *group = sector + HEADER;
    uint8_t *p = put_record(group + RECORD, TYPE_CHIP, chip, sizeof chip);
    p = put_record(p, TYPE_MAC, mac, RF_MAC_SIZE);
    for (uint32_t type = TYPE_MAC + 1; type <= TYPE_MAC + 4; type++)
        p = put_record(p, type, words, 4);
    p = put_record(p, TYPE_MAC + 5, words, 8);
    store_le32(group, GROUP_BASIC);
    store_le32(group + 4, (uint32_t)(p - group - RECORD));
    store_le32(sector + 4, (uint32_t)(p - group));
}
