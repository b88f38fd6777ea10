/* The table of all drivers, ended by a row without name. At most 64 rows: running drivers are
 * bits. */
#ifndef DEVICE_COMMAND_DRIVERS_H
#define DEVICE_COMMAND_DRIVERS_H
#include "device/driver.h"

extern const struct driver driver_table[];
#endif
