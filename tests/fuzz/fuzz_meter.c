/* Meter chips on a UART that say anything: the first byte picks the driver, the rest arrives in
 * pieces over some seconds. Readings stay finite, and energy grows by no more than a plug carries.
 */
#include "device/meter/meter.h"
#include "device/script/command.h"
#include "virtual/plug/plug.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PIECE = 24, MOST_W = 30000 };

static const char *const starts[] = {"startDriver BL0942", "startDriver BL0940",
                                     "startDriver CSE7766", "startDriver RN8209"};

static void look(const struct plug *plug) {
    for (int i = METER_VOLTAGE; i <= METER_POWER; i++)
        if (isinf(meter_reading(&plug->device, (enum meter_quantity)i)))
            abort();
    double seconds = (double)plug_now_ms(plug) / 1000 + 2;
    if (meter_reading(&plug->device, METER_ENERGY_TOTAL) > MOST_W * seconds / 3600)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct plug *plug = malloc(sizeof *plug);
    if (!size || !plug || !plug_init(plug, "BK7231N")) {
        free(plug);
        return 0;
    }
    command_run(&plug->device, starts[data[0] % 4], 0);
    for (size_t at = 1; at < size && at < 4096; at += PIECE) {
        size_t n = size - at < PIECE ? size - at : PIECE;
        device_on_uart(&plug->device, 0, data + at, n);
        plug_run_fast(plug, 260);
        look(plug);
    }
    plug_free(plug);
    free(plug);
    return 0;
}
