/* Commands of saving power: radio and core while awake, deep sleep with a wake by time or pin, and
 * of the battery.
 * Source: openshwprojects/OpenBK7231T_App: src/cmnds/cmd_main.c,
 * src/driver/drv_doorSensorWithDeepSleep.c. */
#include "base/text.h"
#include "device/board/sleep.h"
#include "device/command/groups.h"
#include "device/device.h"

#define RUN(name) static enum command_result name(struct call *c)

RUN(save) {
    int32_t level = call_int(c, 0, 1);
    if (level < 0 || level > UINT8_MAX)
        return COMMAND_BAD_ARGUMENT;
    c->d->command.power_save = (uint8_t)level;
    if (c->d->hal.power_save)
        c->d->hal.power_save(c->d->hal.context, (unsigned)level);
    else
        device_log(c->d, LOG_INFO, "cmd", "PowerSave: this platform has no modes; only noted");
    return COMMAND_OK;
}
RUN(idle) {
    (void)c; /* between two polls every port waits as deeply as it can: that is this command */
    return COMMAND_OK;
}
RUN(deep) {
    int32_t seconds = call_int(c, 0, 0);
    if (seconds < 1)
        return COMMAND_BAD_ARGUMENT;
    return sleep_now(c->d, (uint32_t)seconds, false) ? COMMAND_OK : COMMAND_ERROR;
}
RUN(pin_deep) {
    int32_t seconds = call_int(c, 0, 0);
    if (seconds < 0)
        return COMMAND_BAD_ARGUMENT;
    sleep_soon(c->d, (uint32_t)seconds);
    return COMMAND_OK;
}
RUN(edge) {
    int32_t edge = call_int(c, 0, 0);
    int pin = c->count > 1 ? call_pin(c, 1) : -1;
    if (edge < 0 || edge > 2 || (c->count > 1 && (pin < 0 || pin >= c->d->hal.chip.pins)))
        return COMMAND_BAD_ARGUMENT;
    sleep_set_edge(c->d, pin, (unsigned)edge);
    return COMMAND_OK;
}
RUN(door_time) {
    const char *word = call_raw(c, 0);
    struct door_sleep *door = &c->d->board.sleep.door;
    if (*word == '+')
        door->idle_s -= call_int(c, 0, 0);
    else if (text_lower(*word) == 'c')
        door->idle_s = 0;
    else
        door->awake_s = call_int(c, 0, 60);
    if (c->count > 1)
        door->wake_s = call_int(c, 1, 0);
    return COMMAND_OK;
}
RUN(setup) {
    const struct battery values = {.empty_mv = call_float(c, 0, 0),
                                   .full_mv = call_float(c, 1, 0),
                                   .divider = call_float(c, 2, 2),
                                   .reference_mv = call_float(c, 3, 2400),
                                   .steps = call_float(c, 4, 4096)};
    return battery_setup(c->d, &values) ? COMMAND_OK : COMMAND_BAD_ARGUMENT;
}
RUN(cycle) {
    int32_t seconds = call_int(c, 0, 10);
    if (seconds < 1 || seconds > UINT16_MAX)
        return COMMAND_BAD_ARGUMENT;
    c->d->board.battery.cycle_s = (uint16_t)seconds;
    return COMMAND_OK;
}

const struct command_row sleep_rows[] = {
    {"PowerSave", "i", 0, 0, "[level=1]", HELP("0: none; reported as SleepMode"), save, NULL},
    {"PowerSave_WFI", "i", 0, 0, "[1]", HELP("sleep in the idle loop: always so here"), idle, NULL},
    {"DeepSleep", "i", 1, 0, "seconds", HELP("sleeps, wakes after that time"), deep, NULL},
    {"PinDeepSleep", "i", 0, 0, "[seconds=0]", HELP("sleeps until an input changes, or that long"),
     pin_deep, NULL},
    {"DSEdge", "ip", 1, 1, "0 rising|1 falling|2 opposite [pin]", HELP("which change wakes"), edge,
     NULL},
    {"DSTime", "bi", 1, 0, "seconds|+seconds|clear [wakeAfter]",
     HELP("door sensor: how long awake after the last change"), door_time, NULL},
    {"Battery_Setup", "fffff", 2, 0, "emptyMv fullMv [divider] [referenceMv] [adcSteps]",
     HELP("how the battery is measured"), setup, NULL},
    {"Battery_cycle", "i", 1, 0, "seconds", HELP("between measurements"), cycle, NULL},
};
const unsigned sleep_row_count = sizeof sleep_rows / sizeof *sleep_rows;
