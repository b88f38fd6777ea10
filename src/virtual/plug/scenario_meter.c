/* Operations and queries of the metering room: ready readings, packets of a BL0942, the figures. */
#include "codec/meter/bl0942.h"
#include "virtual/plug/scenario_run.h"

#include <math.h>
#include <string.h>

enum { FACTOR_AMPERE = 251210, FACTOR_VOLT = 15188, FACTOR_WATT = 598 };

static void packet_in(struct scenario *s, const struct scenario_arg *a) {
    uint8_t bytes[BL0942_PACKET];
    struct bl0942_packet packet = {.voltage = (uint32_t)(a[1].number * FACTOR_VOLT),
                                   .current = (uint32_t)(a[2].number * FACTOR_AMPERE),
                                   .power = (int32_t)(a[3].number * FACTOR_WATT)};
    bl0942_encode(&packet, bytes);
    device_on_uart(&s->plug.device, s->plug.device.metering.uart.port, bytes, sizeof bytes);
}

/* NaN as energy: it follows from the power. */
static void ready_in(struct scenario *s, const struct scenario_arg *a, unsigned n) {
    double wh = n > 5 ? a[5].number : NAN;
    struct meter_sample sample = {.voltage = (float)a[1].number,
                                  .current = (float)a[2].number,
                                  .power = (float)a[3].number,
                                  .frequency = n > 4 ? (float)a[4].number : NAN,
                                  .counted = !isnan(wh)};
    if (sample.counted && wh > 0)
        sample.energy_uwh = (uint64_t)(wh * 1e6 + 0.5);
    meter_take(&s->plug.device, &sample);
}

void scenario_meter_in(struct scenario *s, const struct scenario_arg *a, unsigned n) {
    if (strcmp(a[0].text.data, "RAW") == 0 && n >= 4)
        ready_in(s, a, n);
    else if (strcmp(a[0].text.data, "BL0942") == 0 && n >= 4)
        packet_in(s, a);
    else
        scenario_bad(s, "BL0942 V A W, or RAW V A W Hz Wh", a[0].text.data);
}

double scenario_reading(struct scenario *s, const struct scenario_arg *a, unsigned n) {
    (void)n;
    int i = (int)a[0].number;
    if (i < 0 || i >= METER_QUANTITIES) {
        scenario_bad(s, "a reading from 0 to 13", "");
        return 0;
    }
    double value = meter_reading(&s->plug.device, (enum meter_quantity)i);
    return isnan(value) ? 0 : value;
}
