/* Switching drivers on and off; see driver.h. */
#include "device/driver.h"

#include "base/text.h"
#include "device/device.h"

enum { FLAG_NO_AUTOSTART = 36 };

static uint64_t bit(int row) {
    return (uint64_t)1 << row;
}

int driver_find(const struct driver *drivers, const char *name) {
    for (int i = 0; drivers[i].name; i++)
        if (text_same(drivers[i].name, name))
            return i;
    return -1;
}

bool driver_on(const struct device *d, const char *name) {
    int row = driver_find(d->wiring->drivers, name);
    return row >= 0 && (d->command.drivers & bit(row));
}

bool driver_start(struct device *d, const char *name, const char *arguments) {
    int row = driver_find(d->wiring->drivers, name);
    if (row < 0) {
        device_log2(d, LOG_ERROR, "driver", "there is no driver ", name);
        return false;
    }
    const struct driver *driver = &d->wiring->drivers[row];
    if (driver->where) {
        char line[DEVICE_LOG_LINE];
        struct text text = text_start(line, sizeof line);
        text_add(&text, driver->name);
        text_add(&text, ": not in this build; it comes with ");
        text_add(&text, driver->where);
        device_log(d, LOG_WARN, "driver", line);
        return false;
    }
    if (d->command.drivers & bit(row)) {
        device_log2(d, LOG_INFO, "driver", "runs already: ", driver->name);
        return true;
    }
    d->command.drivers |= bit(row);
    if (driver->meter)
        driver->meter->start(d, arguments);
    else if (driver->start)
        driver->start(d, arguments);
    device_log2(d, LOG_INFO, "driver", "started ", driver->name);
    return true;
}

static void stop(struct device *d, int row) {
    if (!(d->command.drivers & bit(row)))
        return;
    d->command.drivers &= ~bit(row);
    if (d->wiring->drivers[row].meter)
        d->wiring->drivers[row].meter->stop(d);
    else if (d->wiring->drivers[row].stop)
        d->wiring->drivers[row].stop(d);
    device_log2(d, LOG_INFO, "driver", "stopped ", d->wiring->drivers[row].name);
}

void driver_stop(struct device *d, const char *name) {
    int row = driver_find(d->wiring->drivers, name);
    if (*name == '*')
        for (int i = 0; d->wiring->drivers[i].name; i++)
            stop(d, i);
    else if (row >= 0)
        stop(d, row);
    else
        device_log2(d, LOG_ERROR, "driver", "there is no driver ", name);
}

static bool has_role(const struct device *d, unsigned role) {
    for (unsigned pin = 0; pin < d->hal.chip.pins; pin++)
        if (board_role(d, pin) == role)
            return true;
    return false;
}

static bool roles_there(const struct device *d, const struct driver *driver) {
    unsigned last = 0;
    if (!driver->needs[0])
        return false;
    while (last + 1 < sizeof driver->needs && driver->needs[last + 1])
        if (!has_role(d, driver->needs[last++]))
            return false;
    bool there = has_role(d, driver->needs[last]);
    for (unsigned i = 0; i < sizeof driver->instead && driver->instead[i]; i++)
        there |= has_role(d, driver->instead[i]);
    return there;
}

void drivers_autostart(struct device *d) {
    for (int i = 0; d->wiring->drivers[i].name && !settings_flag(d, FLAG_NO_AUTOSTART); i++)
        if (roles_there(d, &d->wiring->drivers[i]))
            driver_start(d, d->wiring->drivers[i].name, "");
}

void drivers_second(struct device *d) {
    for (int i = 0; d->wiring->drivers[i].name; i++)
        if (d->command.drivers & bit(i) && d->wiring->drivers[i].second)
            d->wiring->drivers[i].second(d);
        else if (d->command.drivers & bit(i) && d->wiring->drivers[i].meter)
            d->wiring->drivers[i].meter->second(d);
}
