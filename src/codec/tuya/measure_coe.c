/* Periods under a known load, as factors; see measure_coe.h. */
#include "codec/tuya/measure_coe.h"

#include "base/bytes.h"

static const struct tuya_meter_factors load_220v = {220.0f, 0.392f, 86.4f};
static const struct tuya_meter_factors load_120v = {120.0f, 0.833f, 100.0f};
/* Of a BL0937 with 1 mOhm; an HLW8012 has a tenth of its pulses of power. */
static const struct tuya_meter_factors usual_bl0937 = {0.129f, 0.0113f, 1.46f};
static const struct tuya_meter_factors usual_hlw8012 = {0.37f, 0.0136f, 8.5f};
#define FAR_OFF  3.0f
#define AGREES   0.05f /* the count is known to a pulse of some hundreds */
#define J_PER_WH 3600.0f
#define US_PER_S 1e6f

enum status tuya_measure_coe_decode(const uint8_t *data, size_t size, struct tuya_measure_coe *out,
                                    struct fault *fault) {
    *out = (struct tuya_measure_coe){0};
    if (size != TUYA_MEASURE_COE)
        return fault_at(fault, STATUS_BAD_LENGTH, size, "16 bytes");
    *out = (struct tuya_measure_coe){load_le32(data), load_le32(data + 4), load_le32(data + 8),
                                     load_le32(data + 12)};
    return STATUS_OK;
}

size_t tuya_measure_coe_encode(const struct tuya_measure_coe *in, uint8_t *buffer, size_t size) {
    if (size < TUYA_MEASURE_COE)
        return 0;
    store_le32(buffer, in->voltage_us);
    store_le32(buffer + 4, in->current_us);
    store_le32(buffer + 8, in->power_us);
    store_le32(buffer + 12, in->pulses_per_wh);
    return TUYA_MEASURE_COE;
}

static bool close_to(float value, float usual) {
    return value > usual / FAR_OFF && value < usual * FAR_OFF;
}

static bool like(const struct tuya_meter_factors *f, const struct tuya_meter_factors *usual,
                 float shunt) {
    return close_to(f->volts, usual->volts) && close_to(f->amps, usual->amps / shunt) &&
           close_to(f->watts, usual->watts / shunt);
}

bool tuya_measure_factors(const struct tuya_measure_coe *in, int32_t shunt_mohm, bool volts_120,
                          struct tuya_meter_factors *out) {
    const struct tuya_meter_factors *load = volts_120 ? &load_120v : &load_220v;
    float shunt = shunt_mohm > 0 && shunt_mohm <= 10 ? (float)shunt_mohm : 1;
    *out = (struct tuya_meter_factors){load->volts * (float)in->voltage_us / US_PER_S,
                                       load->amps * (float)in->current_us / US_PER_S,
                                       load->watts * (float)in->power_us / US_PER_S};
    float counted = out->watts * (float)in->pulses_per_wh / J_PER_WH;
    bool agree = in->pulses_per_wh == 0 || (counted > 1 - AGREES && counted < 1 + AGREES);
    return agree && (like(out, &usual_bl0937, shunt) || like(out, &usual_hlw8012, shunt));
}
