/* Operations and queries of the format that wait for their room; a scenario that uses one is
 * reported as unsupported by its name. Whoever builds one takes it out of here. */
#include "virtual/plug/scenario_run.h"

const char *const scenario_missing_ops[] = {
    "driver-second",
    "driver-poll",
    "uart-in",
    "uart-rx-init",
    "uart-rx-drop",
    "uart-log",
    "uart-clear",
    "ddp-in",
    "ddp-wait",
    "dgr-power",
    "dgr-brightness",
    "dgr-state",
    "strip-set",
    "strip-scale",
    "owm-reply",
    "expect-uart",
    "expect-uart-empty",
    "tuya-v0-dpcache-reply",
    NULL,
};

const char *const scenario_missing_queries[] = {
    "uart_rx_count",
    "uart_rx_byte",
    "uart_tx_count",
    "uart_tx_byte",
    "uart_tx_take",
    "pixel3",
    "pixel4",
    "pixel5",
    "strip_count",
    "max72_lit",
    "max72_scroll",
    "ddp_count",
    NULL,
};
