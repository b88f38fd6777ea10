/* OpenBeken's running values; see obk_counters.h. */
#include "codec/openbeken/obk_counters.h"

#include "base/bytes.h"

/* Where each field stands. */
enum {
    AT_BOOTS = 0,
    AT_COMPLETED = 2,
    AT_SLOTS = 4,
    AT_TOTAL = 28,
    AT_TODAY = 32,
    AT_YESTERDAY = 36,
    AT_SAVES = 40,
    AT_EARLIER = 44,
    AT_RESET = 52,
    AT_DAY = 59,
    AT_RGB = 60,
    AT_LENGTH = 63,
};

static float load_wh(const uint8_t *p) {
    uint32_t bits = load_le32(p);
    float value;
    memcpy(&value, &bits, sizeof value);
    return value >= 0 && value < 1e12F ? value : 0;
}

static void store_wh(uint8_t *p, float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    store_le32(p, bits);
}

enum status obk_counters_decode(const uint8_t *data, size_t size, struct obk_counters *out) {
    if (size < OBK_COUNTERS_SIZE)
        return STATUS_TRUNCATED;
    *out = (struct obk_counters){
        .boots = load_le16(data + AT_BOOTS),
        .completed = load_le16(data + AT_COMPLETED),
        .total_wh = load_wh(data + AT_TOTAL),
        .today_wh = load_wh(data + AT_TODAY),
        .yesterday_wh = load_wh(data + AT_YESTERDAY),
        .earlier_wh = {load_wh(data + AT_EARLIER), load_wh(data + AT_EARLIER + 4)},
        .saves = (int32_t)load_le32(data + AT_SAVES),
        .reset_time = load_le32(data + AT_RESET),
        .today = (int8_t)data[AT_DAY],
        .rgb = {data[AT_RGB], data[AT_RGB + 1], data[AT_RGB + 2]},
    };
    for (unsigned i = 0; i < OBK_COUNTERS_SLOTS; i++)
        out->slots[i] = (int16_t)load_le16(data + AT_SLOTS + 2 * i);
    return STATUS_OK;
}

void obk_counters_encode(const struct obk_counters *in, uint8_t data[OBK_COUNTERS_SIZE]) {
    memset(data, 0, OBK_COUNTERS_SIZE);
    store_le16(data + AT_BOOTS, in->boots);
    store_le16(data + AT_COMPLETED, in->completed);
    for (unsigned i = 0; i < OBK_COUNTERS_SLOTS; i++)
        store_le16(data + AT_SLOTS + 2 * i, (uint16_t)in->slots[i]);
    store_wh(data + AT_TOTAL, in->total_wh);
    store_wh(data + AT_TODAY, in->today_wh);
    store_wh(data + AT_YESTERDAY, in->yesterday_wh);
    store_le32(data + AT_SAVES, (uint32_t)in->saves);
    store_wh(data + AT_EARLIER, in->earlier_wh[0]);
    store_wh(data + AT_EARLIER + 4, in->earlier_wh[1]);
    store_le32(data + AT_RESET, in->reset_time);
    data[AT_DAY] = (uint8_t)in->today;
    memcpy(data + AT_RGB, in->rgb, sizeof in->rgb);
    data[AT_LENGTH] = OBK_COUNTERS_SIZE;
}
