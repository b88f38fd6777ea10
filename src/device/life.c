/* What the device remembers of its own life: boot counters and safe mode. Safe mode is for crash
 * loops: only boots count that began with a crash or a watchdog reset before the previous boot had
 * reached stability. A power outage, however often it comes, does not count. In safe mode no
 * scripts run, but relays and buttons work and settings can be repaired; a safe boot that reaches
 * stability ends the streak, so that the next boot is an ordinary one. */
#include "device/life.h"

#include "base/text.h"
#include "device/device.h"
#include "device/store/files.h"

enum { CRASHES_UNTIL_SAFE = 5 };

static const uint16_t boot_key = STORE_KEY_BOOT;

struct boot_record {
    uint32_t started, completed;
    uint8_t streak, stable, asked, unused;
};

static void record_load(struct device *d, struct boot_record *r) {
    *r = (struct boot_record){0};
    store_get(&d->store, boot_key, r, sizeof *r, NULL);
}

static void record_save(struct device *d, const struct boot_record *r) {
    store_put(&d->store, boot_key, r, sizeof *r);
    device_log_streak(d, r->streak);
}

bool life_crashed(enum hal_reset_cause cause) {
    return cause == HAL_RESET_CRASH || cause == HAL_RESET_WATCHDOG;
}

void life_count_boot(struct device *d) {
    struct boot_record r;
    record_load(d, &r);
    if (life_crashed(d->cause) && !r.stable && r.started)
        r.streak = (uint8_t)(r.streak < UINT8_MAX ? r.streak + 1 : r.streak);
    else if (d->cause == HAL_RESET_SOFTWARE)
        r.streak = 0;
    d->safe = r.asked ? SAFE_ASKED : r.streak >= CRASHES_UNTIL_SAFE ? SAFE_CRASHES : SAFE_NO;
    r.started++;
    r.stable = r.asked = 0;
    record_save(d, &r);
    d->boots = (struct boot_counts){r.started, r.completed};
    d->crash_streak = r.streak;
}

/* Called once when this boot has lasted long enough. */
void device_boot_complete(struct device *d) {
    struct boot_record r;
    d->boot_done = true;
    record_load(d, &r);
    r.completed = r.started;
    r.stable = 1;
    r.streak = 0;
    record_save(d, &r);
    d->boots.completed = r.completed;
}

void device_ask_safe_mode(struct device *d) {
    struct boot_record r;
    record_load(d, &r);
    r.asked = 1;
    record_save(d, &r);
}

uint32_t device_failed_boots(const struct device *d) {
    uint32_t failed = d->boots.started - d->boots.completed;
    return failed && d->running ? failed - 1 : failed; /* the running boot has not failed yet */
}

const char *device_safe_text(const struct device *d) {
    switch (d->safe) {
    case SAFE_CRASHES:
        return "safe mode: five starts in a row ended in a crash before they were stable; scripts "
               "are off, relays and buttons work";
    case SAFE_ASKED:
        return "safe mode: asked for by command; scripts are off, relays and buttons work";
    default:
        return "";
    }
}

const char *device_cause_text(enum hal_reset_cause cause) {
    static const char *const texts[] = {
        [HAL_RESET_POWER] = "power on",           [HAL_RESET_SOFTWARE] = "software restart",
        [HAL_RESET_WATCHDOG] = "watchdog",        [HAL_RESET_PIN_WAKE] = "woken by a pin",
        [HAL_RESET_TIMER_WAKE] = "woken by time", [HAL_RESET_CRASH] = "crash",
        [HAL_RESET_BROWN_OUT] = "brown-out",
    };
    return cause <= HAL_RESET_BROWN_OUT ? texts[cause] : "unknown";
}

void device_restart(struct device *d, unsigned seconds) {
    d->restart_in_s = (uint16_t)(seconds ? seconds : 1);
}

/* `logStartup2lfs`: the setting holds the second at which to copy (0 … 30) + 31 * starts left. */
void device_startup_log(struct device *d) {
    unsigned seconds = d->config.log2lfs % 31u, starts = d->config.log2lfs / 31u;
    char name[24], lines[DEVICE_LOG_RING + 1];
    if (!starts || d->uptime_s != seconds)
        return;
    struct text text = text_start(name, sizeof name);
    text_add(&text, "startupLog_");
    text_uint(&text, starts);
    text_add(&text, ".txt");
    size_t length = device_log_read(d, lines, sizeof lines);
    enum status status = store_file_write(&d->store, name, lines, length);
    if (status != STATUS_OK)
        device_log2(d, LOG_ERROR, "boot", "log not copied: ", status_text(status));
    d->config.log2lfs = (uint8_t)(starts > 1 ? seconds + 31 * (starts - 1) : 0);
    settings_changed(d);
}

void device_factory(struct device *d) {
    for (unsigned pin = 0; d->board.on && pin < d->hal.chip.pins; pin++)
        board_set_role(d, pin, OBK_ROLE_NONE); /* what was driven or read is not any more */
    settings_factory(d);
    settings_save(d);
}

void device_on_wifi(struct device *d, enum hal_wifi_state state) {
    if (d->wifi == state)
        return;
    d->wifi = (uint8_t)state;
    d->wiring->event(d, EVENT_WIFI_STATE, state, 0, 0);
}
