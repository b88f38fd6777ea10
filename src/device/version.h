/* Which firmware this is. Nothing here changes with the time of the build: the same sources give
 * the same bytes. */
#ifndef DEVICE_VERSION_H
#define DEVICE_VERSION_H

#ifndef PLUGSMITH_VERSION
#define PLUGSMITH_VERSION "0.1.0"
#endif
#define DEVICE_VERSION "plugsmith_" PLUGSMITH_VERSION
/* Clients read the last word as the version, and the rest as a date and time. */
#define DEVICE_BUILD_DATE "2026-01-01T00:00:00"
#define DEVICE_BUILD_TEXT "Built on Jan 01 2026 00:00:00 version " DEVICE_VERSION
#endif
