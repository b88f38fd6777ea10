/* Drivers: parts of the firmware that scripts switch on and off by name (startDriver, stopDriver)
 * and that pins can bring along by their roles. One row per driver in command/drivers.c, with the
 * functions of the room that does its work; a row without functions and with `where` is known by
 * name only, and says so when it is asked for.
 * Source: openshwprojects/OpenBK7231T_App: src/driver/drv_main.c. */
#ifndef DEVICE_DRIVER_H
#define DEVICE_DRIVER_H
#include <stdbool.h>
#include <stdint.h>

struct device;
struct meter_driver;

/* Any function may be NULL. */
struct driver {
    const char *name; /* as scripts write it; found in any case */
    /* `arguments` is the rest of the startDriver line, "" when there is none. */
    void (*start)(struct device *d, const char *arguments);
    void (*stop)(struct device *d);
    void (*second)(struct device *d);
    const struct meter_driver *meter; /* instead of the three: a meter */
    const char *where;                /* set: not in this build, and what brings it */
    uint8_t needs[4];                 /* roles that together start it at boot; 0 ends the list */
    uint8_t instead[2]; /* roles, each of which may stand for the last one of `needs` */
};

/* Number of the row; -1 when there is no such driver. */
int driver_find(const struct driver *drivers, const char *name);
bool driver_on(const struct device *d, const char *name);
/* True when it runs afterwards. Unknown names, missing rooms and double starts are logged. */
bool driver_start(struct device *d, const char *name, const char *arguments);
/* "*" stops all. */
void driver_stop(struct device *d, const char *name);
/* At boot: those whose roles are there (unless flag 36); and the second tick of running ones. */
void drivers_autostart(struct device *d);
void drivers_second(struct device *d);
#endif
