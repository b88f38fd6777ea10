/* A template whose pins were recovered by booting the dump says of each line how sure it is and on
 * what grounds: as comments where the format has them (ESPHome), as warnings elsewhere. */
#ifndef WORKBENCH_TEMPLATES_OF_RECOVERY_H
#define WORKBENCH_TEMPLATES_OF_RECOVERY_H
#include "workbench/inspector/inspection.h"
#include "workbench/templates/template.h"

/* `out` holds the written template. Does nothing when the configuration was not recovered so. */
void template_of_recovery(enum template_kind kind, const struct inspection *in,
                          struct template_output *out);
#endif
