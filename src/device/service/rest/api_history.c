/* The chart's figures over /api/v2. */
#include "device/device.h"
#include "device/service/rest/api_v2.h"

void api_history(struct device *d, struct http_exchange *x) {
    (void)d;
    api_error(x, 404, "this plug keeps no history", NULL);
}
