/* The script room as the core drives it: boot, quick tick, second tick. */
#include "device/script/script.h"

#include "device/clock.h"
#include "device/device.h"
#include "device/store/files.h"

#include <string.h>

enum { STARTUP_LINES = 200 };

void script_init(struct device *d) {
    memset(&d->script, 0, sizeof d->script);
    clock_init(d);
}

void script_early(struct device *d) {
    script_exec(d, "early.bat");
}

/* The startup command is a script of its own: its first lines run at once, and it may wait. */
static void startup(struct device *d) {
    struct block *b = script_load_text(d, "@startup", d->config.startup);
    if (!b)
        return;
    struct thread *t = thread_start_at(d, b, b->code, 0);
    d->script.running++;
    if (t)
        thread_run(d, t, STARTUP_LINES);
    d->script.running--;
}

void script_boot(struct device *d) {
    struct store_file_info info;
    if (d->config.startup[0])
        startup(d);
    if (store_file_find(&d->store, "autoexec.bat", &info) == STATUS_OK)
        thread_start(d, "autoexec.bat", "", 0);
}

void script_tick(struct device *d, uint32_t elapsed_ms) {
    blocks_tidy(d);
    d->script.running++;
    threads_tick(d, elapsed_ms);
    repeats_tick(d, elapsed_ms);
    d->script.running--;
}

void script_clock(struct device *d) {
    clock_events_run(d, clock_now(d) + clock_offset(d), d->clock_set);
}

void script_second(struct device *d) {
    if (!d->mqtt_connected) {
        int32_t before = (int32_t)d->script.no_mqtt_s++;
        events_change(d, EVENT_NO_MQTT_TIME, before, before + 1);
    } else {
        d->script.no_mqtt_s = 0;
    }
    script_clock(d);
}

uint32_t script_next_ms(const struct device *d) {
    uint32_t threads = threads_next_ms(d), repeats = repeats_next_ms(d);
    return threads < repeats ? threads : repeats;
}
