/* Operations and queries of the format that wait for their room; a scenario that uses one is
 * reported as unsupported by its name. Whoever builds one takes it out of here. */
#include "virtual/plug/scenario_run.h"

const char *const scenario_missing_ops[] = {
    "ddp-in",    "ddp-wait",    "dgr-power", "dgr-brightness",        "dgr-state",
    "strip-set", "strip-scale", "owm-reply", "tuya-v0-dpcache-reply", NULL,
};

const char *const scenario_missing_queries[] = {
    "pixel3", "pixel4", "pixel5", "strip_count", "max72_lit", "max72_scroll", "ddp_count", NULL,
};
