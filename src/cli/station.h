/* A flashing station: one device after another at each port, all ports at once, each device with a
 * label and a line in the log. */
#ifndef CLI_STATION_H
#define CLI_STATION_H
#include "cli/flash_job.h"

/* Runs until interrupted or --count devices were done at each port. The wish is for every device;
 * its backup and label are chosen here. FAILED when any device failed. */
enum cli_exit station_run(const struct cli_args *args, const struct flash_wish *wish);
#endif
