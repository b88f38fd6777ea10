/* The clock through a warm restart: while it is right, its time is kept in retained RAM, and after
 * a crash, a watchdog or a restart it goes on from there without any network. It is then estimated:
 * behind by the time the restart took, and by a second at most besides. After the power was off
 * nobody knows for how long, and the clock stays unset until a server tells. */
#ifndef DEVICE_SERVICE_CLOCK_KEEP_H
#define DEVICE_SERVICE_CLOCK_KEEP_H

struct device;

/* At the start: takes the kept time over. */
void clock_keep_start(struct device *d);
/* Each second. */
void clock_keep_second(struct device *d);
#endif
