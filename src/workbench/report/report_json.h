/* The second half of the JSON report: stores, configuration, module, templates, secrets. */
#ifndef WORKBENCH_REPORT_REPORT_JSON_H
#define WORKBENCH_REPORT_REPORT_JSON_H
#include "workbench/report/report.h"

void report_json_contents(json_t *root, const struct inspection *inspection,
                          const struct report_options *options);
/* What booting the dump told, or null. */
json_t *report_json_emulation(const struct inspection *inspection);
#endif
