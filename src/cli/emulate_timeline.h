/* What happens to pins, PWM and UART1 of an emulated dump, as objects for programs. */
#ifndef CLI_EMULATE_TIMELINE_H
#define CLI_EMULATE_TIMELINE_H
#include "workbench/emulator/soc_client.h"

#include <jansson.h>

/* {"us":…, "kind":"pin"|"pwm"|"uart"|"unmapped"|"reset", …}, or NULL when the record is none of
 * these. */
json_t *timeline_row(const struct soc_record *record);
#endif
