/* Decoding and encoding are one walk over the same table of fields, so that they cannot disagree;
 * only pins and what lies between them and `reserved` depends on the group. */
#include "codec/openbeken/obk_config.h"

#include "base/bytes.h"
#include <string.h>

/* Where things lie that differ between groups. */
struct group_layout {
    uint8_t pins;
    uint16_t start_values, send_flags, calibration, static_ip;
};
static const struct group_layout layouts[] = {
    [OBK_GROUP_D] = {32, 0x3DE, 0x460, 0x498, 0x527},
    [OBK_GROUP_A] = {48, 0x40E, 0x490, 0x4C8, 0x527},
    [OBK_GROUP_B] = {50, 0x414, 0x498, 0x4D0, 0x527},
    [OBK_GROUP_C] = {64, 0x43E, 0x4C0, 0x4F8, 0x525},
};

#define PINS_AT 0x33E

enum field_kind { FIELD_BYTES, FIELD_TEXT, FIELD_U16, FIELD_U32, FIELD_BOOL };
/* What an offset is counted from. */
enum field_base { BASE_BLOCK, BASE_START, BASE_SEND, BASE_CALIBRATION, BASE_IP };

struct field {
    uint16_t at, member, size; /* in the block, in the struct, bytes in the block */
    uint8_t kind, base;
};
#define FIELD(at, name, size, kind, base)                                                          \
    { at, (uint16_t)offsetof(struct obk_config, name), size, FIELD_##kind, BASE_##base }

static const struct field fields[] = {
    FIELD(0x004, version, 4, U32, BLOCK),
    FIELD(0x008, flags, 4, U32, BLOCK),
    FIELD(0x00C, flags2, 4, U32, BLOCK),
    FIELD(0x010, change_counter, 2, U16, BLOCK),
    FIELD(0x012, ota_counter, 2, U16, BLOCK),
    FIELD(0x014, wifi_ssid, 64, TEXT, BLOCK),
    FIELD(0x054, wifi_pass, 64, TEXT, BLOCK),
    FIELD(0x094, mqtt_host, 256, TEXT, BLOCK),
    FIELD(0x194, mqtt_client_id, 64, TEXT, BLOCK),
    FIELD(0x1D4, mqtt_user, 64, TEXT, BLOCK),
    FIELD(0x214, mqtt_pass, 128, TEXT, BLOCK),
    FIELD(0x294, mqtt_port, 4, U32, BLOCK),
    FIELD(0x298, webapp_root, 64, TEXT, BLOCK),
    FIELD(0x2D8, mac, 6, BYTES, BLOCK),
    FIELD(0x2DE, short_name, 32, TEXT, BLOCK),
    FIELD(0x2FE, long_name, 64, TEXT, BLOCK),
    FIELD(0x080, log2lfs, 1, BYTES, START),
    FIELD(0x000, group_send_flags, 4, U32, SEND),
    FIELD(0x004, group_receive_flags, 4, U32, SEND),
    FIELD(0x008, group_name, 16, TEXT, SEND),
    FIELD(0x018, ntp_server, 32, TEXT, SEND),
    FIELD(0x000, calibration, 32, BYTES, CALIBRATION),
    FIELD(0x020, button_short, 1, BYTES, CALIBRATION),
    FIELD(0x021, button_long, 1, BYTES, CALIBRATION),
    FIELD(0x022, button_repeat, 1, BYTES, CALIBRATION),
    FIELD(0x024, lfs_size, 4, U32, CALIBRATION),
    FIELD(0x028, logger_flags, 4, U32, CALIBRATION),
    FIELD(0x000, static_ip, 16, BYTES, IP),
    FIELD(0x010, led_map, 5, BYTES, IP),
    FIELD(0x53C, led_correction, 24, BYTES, BLOCK),
    FIELD(0x554, mqtt_group, 64, TEXT, BLOCK),
    FIELD(0x597, boot_ok_seconds, 1, BYTES, BLOCK),
    FIELD(0x598, ping_interval, 4, U32, BLOCK),
    FIELD(0x59C, ping_seconds, 4, U32, BLOCK),
    FIELD(0x5A0, ping_host, 64, TEXT, BLOCK),
    FIELD(0x5E0, startup, OBK_STARTUP_SIZE, TEXT, BLOCK),
    FIELD(0xC00, wifi_ssid2, 64, TEXT, BLOCK),
    FIELD(0xC40, wifi_pass2, 68, TEXT, BLOCK),
    FIELD(0xC84, web_password, 33, TEXT, BLOCK),
    FIELD(0xCA5, mqtt_use_tls, 1, BOOL, BLOCK),
    FIELD(0xCA6, mqtt_verify_tls, 1, BOOL, BLOCK),
    FIELD(0xCA7, mqtt_cert, 20, TEXT, BLOCK),
    FIELD(0xCBB, disable_web, 1, BOOL, BLOCK),
};
#define FIELD_COUNT (sizeof fields / sizeof *fields)

static size_t field_at(const struct field *field, enum obk_group group) {
    const struct group_layout *layout = &layouts[group];
    const size_t bases[] = {0, layout->start_values, layout->send_flags, layout->calibration,
                            layout->static_ip};
    return bases[field->base] + field->at;
}

static void field_decode(const struct field *field, const uint8_t *from, size_t available,
                         void *to) {
    size_t size = field->size < available ? field->size : available;
    uint32_t word;
    switch (field->kind) {
    case FIELD_TEXT: { /* stops at the first NUL, or fills the field */
        const uint8_t *end = memchr(from, 0, size);
        size_t length = end ? (size_t)(end - from) : size;
        memcpy(to, from, length);
        ((char *)to)[length] = '\0';
        break;
    }
    case FIELD_U16:
        word = load_le16(from);
        memcpy(to, &(uint16_t){(uint16_t)word}, 2);
        break;
    case FIELD_U32:
        word = load_le32(from);
        memcpy(to, &word, 4);
        break;
    case FIELD_BOOL:
        *(bool *)to = *from != 0;
        break;
    default:
        memcpy(to, from, size);
    }
}

static size_t text_length(const char *text, size_t most) {
    const char *end = memchr(text, 0, most);
    return end ? (size_t)(end - text) : most;
}

static void field_encode(const struct field *field, const void *from, uint8_t *to) {
    uint32_t word;
    uint16_t half;
    switch (field->kind) {
    case FIELD_TEXT:
        memcpy(to, from, text_length(from, field->size));
        break;
    case FIELD_U16:
        memcpy(&half, from, 2);
        store_le16(to, half);
        break;
    case FIELD_U32:
        memcpy(&word, from, 4);
        store_le32(to, word);
        break;
    case FIELD_BOOL:
        *to = *(const bool *)from;
        break;
    default:
        memcpy(to, from, field->size);
    }
}

static void tables_decode(const uint8_t *data, struct obk_config *out) {
    const struct group_layout *layout = &layouts[out->group];
    const uint8_t *roles = data + PINS_AT;
    out->pin_count = layout->pins;
    for (size_t i = 0; i < layout->pins; i++)
        out->pins[i] = (struct obk_pin){.role = roles[i],
                                        .channel = roles[layout->pins + i],
                                        .channel2 = roles[2u * layout->pins + i]};
    memcpy(out->channel_types, roles + 3u * layout->pins, OBK_CHANNELS);
    for (size_t i = 0; i < OBK_CHANNELS; i++)
        out->start_values[i] = (int16_t)load_le16(data + layout->start_values + 2 * i);
}

static void tables_encode(const struct obk_config *config, uint8_t *data) {
    const struct group_layout *layout = &layouts[config->group];
    uint8_t *roles = data + PINS_AT;
    for (size_t i = 0; i < layout->pins; i++) {
        roles[i] = config->pins[i].role;
        roles[layout->pins + i] = config->pins[i].channel;
        roles[2u * layout->pins + i] = config->pins[i].channel2;
    }
    memcpy(roles + 3u * layout->pins, config->channel_types, OBK_CHANNELS);
    for (size_t i = 0; i < OBK_CHANNELS; i++)
        store_le16(data + layout->start_values + 2 * i, (uint16_t)config->start_values[i]);
}

/* Whether a block can be decoded, which CRC it has and how long it is. */
static enum status examine(const uint8_t *data, size_t size, enum obk_crc *crc, size_t *length,
                           struct fault *fault) {
    if (size < 8 || memcmp(data, "CFG", 3) != 0)
        return fault_at(fault, STATUS_BAD_MAGIC, 0, "the letters CFG");
    uint32_t version = load_le32(data + 4);
    if (version < 1 || version > 100)
        return fault_at(fault, STATUS_BAD_VALUE, 4, "a version from 1 to 100");
    *length = version <= 3 ? OBK_CONFIG_SIZE_OLD : OBK_CONFIG_SIZE;
    if (size < *length)
        return fault_at(fault, STATUS_TRUNCATED, size, "a whole configuration block");
    if (obk_crc8(OBK_CRC_SIGNED, data + 4, *length - 4) == data[3])
        *crc = OBK_CRC_SIGNED;
    else if (obk_crc8(OBK_CRC_UNSIGNED, data + 4, *length - 4) == data[3])
        *crc = OBK_CRC_UNSIGNED;
    else
        return fault_at(fault, STATUS_BAD_CHECKSUM, 3, "the CRC-8 of the block");
    return STATUS_OK;
}

enum status obk_config_check(const uint8_t *data, size_t size, struct fault *fault) {
    enum obk_crc crc = OBK_CRC_SIGNED;
    size_t length = 0;
    return examine(data, size, &crc, &length, fault);
}

enum status obk_config_decode(const uint8_t *data, size_t size, enum obk_group group,
                              struct obk_config *out, struct fault *fault) {
    enum obk_crc crc = OBK_CRC_SIGNED;
    size_t length = 0;
    enum status status = examine(data, size, &crc, &length, fault);
    if (status != STATUS_OK)
        return status;
    memset(out, 0, sizeof *out);
    out->group = group;
    out->crc = crc;
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        size_t at = field_at(&fields[i], group);
        if (at < length)
            field_decode(&fields[i], data + at, length - at, (char *)out + fields[i].member);
    }
    if (load_le32(data + 4) < 5) /* the web password came with version 5 */
        memset(out->web_password, 0, sizeof out->web_password);
    tables_decode(data, out);
    return STATUS_OK;
}

size_t obk_config_encode(const struct obk_config *config, uint8_t *buffer, size_t size) {
    if (size < OBK_CONFIG_SIZE)
        return 0;
    memset(buffer, 0, OBK_CONFIG_SIZE);
    buffer[0] = 'C';
    buffer[1] = 'F';
    buffer[2] = 'G';
    for (size_t i = 0; i < FIELD_COUNT; i++)
        field_encode(&fields[i], (const char *)config + fields[i].member,
                     buffer + field_at(&fields[i], config->group));
    store_le32(buffer + 4, 5);
    tables_encode(config, buffer);
    buffer[3] = obk_crc8(config->crc, buffer + 4, OBK_CONFIG_SIZE - 4);
    return OBK_CONFIG_SIZE;
}
