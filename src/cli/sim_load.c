/* The table of truth and reading; see sim_load.h. */
#include "cli/sim_load.h"

#include "device/meter/meter.h"
#include "workbench/host/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { RECORDING_LIMIT = 64 << 20, ROWS = 24 };

void sim_load_meter(struct plug *plug) {
    enum { CF = 6, CF1 = 7, SEL = 8 };
    board_set_role(&plug->device, CF, OBK_ROLE_BL0937CF);
    board_set_role(&plug->device, CF1, OBK_ROLE_BL0937CF1);
    board_set_role(&plug->device, SEL, OBK_ROLE_BL0937SEL);
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
    double wh = (double)d->metering.ledger.counter * 1e-6 - wh_before;
    double watts = meter_reading_or_0(d, METER_POWER);
    printf("%4u:%02u:%02u | %7.2f %8.4f %9.3f %11.4f | ", (unsigned)(second / 3600),
           (unsigned)(second / 60 % 60), (unsigned)(second % 60), t->volts, t->amps, t->watts,
           t->joules / 3600);
    if (plug->mains->supply.off)
        printf("the plug has no power: %+.4f Wh\n", wh - t->joules / 3600);
    else
        printf("%7.2f %8.4f %9.3f %11.4f | %+7.3f%% %+7.3f%%\n",
               meter_reading_or_0(d, METER_VOLTAGE), meter_reading_or_0(d, METER_CURRENT), watts,
               wh, percent(watts, t->watts), percent(wh, t->joules / 3600));
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
