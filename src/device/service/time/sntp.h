/* Time from the network: asks the server of the settings, then the second one, then the router,
 * until one answers; each minute at first, each hour when the clock is set. An answer must belong
 * to the question, come from the asked address and lie between 2024 and 2100; once the clock is
 * set, a jump of more than ten minutes counts only when the next answer says the same. Servers are
 * given by name or address; a name server that stays silent is waited for five seconds. Runs while
 * driver NTP does. */
#ifndef DEVICE_SERVICE_SNTP_H
#define DEVICE_SERVICE_SNTP_H
#include "base/text.h"
#include "device/service/service.h"

extern const struct service sntp_service;

/* One line about clock and servers. */
void sntp_tell(const struct device *d, struct text *out);
#endif
