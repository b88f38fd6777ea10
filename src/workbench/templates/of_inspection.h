/* The template of an inspected file: from stock configuration as it is, and from OpenBeken's
 * configuration block either word by word (OpenBeken) or through the stock keys that mean the same
 * (ESPHome, Tasmota). What `inspect`, its JSON and the virtual plug all use. */
#ifndef WORKBENCH_TEMPLATES_OF_INSPECTION_H
#define WORKBENCH_TEMPLATES_OF_INSPECTION_H
#include "workbench/inspector/inspection.h"
#include "workbench/templates/template.h"

/* `out` was started. NOT_FOUND with a warning when the file tells nothing to write. */
enum status template_of_inspection(enum template_kind kind, const struct inspection *in,
                                   struct template_output *out);
#endif
