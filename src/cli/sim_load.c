/* The table of truth and reading; see sim_load.h. */
#include "cli/sim_load.h"

#include "device/meter/meter.h"
#include "workbench/host/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { RECORDING_LIMIT = 64 << 20, ROWS = 24 };

static bool bare(const struct plug *plug) {
    for (unsigned pin = 0; pin < plug->device.hal.chip.pins; pin++)
        if (board_role(&plug->device, pin))
            return false;
    return !plug->device.metering.driver;
}

static void make_usual(struct plug *plug) {
    struct device *d = &plug->device;
    board_set_channel(d, 26, 1);
    board_set_role(d, 26, OBK_ROLE_RELAY);
    board_set_role(d, 6, OBK_ROLE_BL0937CF);
    board_set_role(d, 7, OBK_ROLE_BL0937CF1);
    board_set_role(d, 8, OBK_ROLE_BL0937SEL);
    channel_set_start(d, 1, 1);
    settings_save(d);
    plug_restart(plug, HAL_RESET_POWER);
}

bool sim_load(struct plug *plug, const char *text, char *why, size_t why_size) {
    struct file file = {0};
    struct fault fault = {.expected = "a load"};
    bool recorded = access(text, R_OK) == 0;
    if (recorded && !file_read(text, RECORDING_LIMIT, &file, why, why_size))
        return false;
    char *copy = recorded ? malloc(file.size + 1) : NULL;
    if (copy) {
        memcpy(copy, file.data, file.size);
        copy[file.size] = 0;
    }
    if (recorded)
        file_free(&file);
    if (bare(plug))
        make_usual(plug);
    enum status status = plug_load(plug, copy ? copy : text, &fault);
    free(copy);
    if (status == STATUS_OK)
        return true;
    snprintf(why, why_size,
             "load, character %zu: expected %s; a load is written like: 0m 60W; 20m 3W",
             fault.offset + 1, fault.expected);
    return false;
}

static double percent(double reading, double truth) {
    return truth > 0 ? 100 * (reading / truth - 1) : 0;
}

static void heading(void) {
    printf("%10s | %7s %8s %9s %11s | %7s %8s %9s %11s | %8s %8s\n", "time", "truth V", "A", "W",
           "Wh", "read V", "A", "W", "Wh", "W off", "Wh off");
}

static void row(const struct plug *plug, uint64_t second, double wh_before) {
    const struct truth *t = plug_truth(plug);
    const struct device *d = &plug->device;
    double volts = meter_reading_or_0(d, METER_VOLTAGE),
           amps = meter_reading_or_0(d, METER_CURRENT);
    double watts = meter_reading_or_0(d, METER_POWER);
    double wh = (double)plug->device.metering.ledger.counter * 1e-6 - wh_before;
    printf("%4u:%02u:%02u | %7.2f %8.4f %9.3f %11.4f | %7.2f %8.4f %9.3f %11.4f | %+7.3f%% "
           "%+7.3f%%\n",
           (unsigned)(second / 3600), (unsigned)(second / 60 % 60), (unsigned)(second % 60),
           t->volts, t->amps, t->watts, t->joules / 3600, volts, amps, watts, wh,
           percent(watts, t->watts), percent(wh, t->joules / 3600));
}

void sim_load_table(struct plug *plug, uint64_t seconds) {
    uint64_t every = seconds / ROWS ? seconds / ROWS : 1;
    double wh_before = (double)plug->device.metering.ledger.counter * 1e-6;
    heading();
    for (uint64_t second = 0; second < seconds;) {
        uint64_t part = seconds - second < every ? seconds - second : every;
        plug_run_fast(plug, part * 1000);
        second += part;
        row(plug, second, wh_before);
    }
}
