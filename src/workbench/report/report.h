/* Reports of an inspection: for people, for programs, and one line for a table of many files. */
#ifndef WORKBENCH_REPORT_REPORT_H
#define WORKBENCH_REPORT_REPORT_H
#include "workbench/inspector/inspection.h"

#include <jansson.h>
#include <stdio.h>

/* The version of the JSON schema (docs/reference/inspect-json.md). It grows when a member changes
 * its meaning or goes away, not when one is added. */
#define REPORT_SCHEMA_VERSION 1

struct report_options {
    const char *path;           /* as the user gave it */
    const char *packed;         /* "xz", "gzip", or NULL */
    bool colour, reveal, table; /* table: regions as a table, too */
};

void report_text(const struct inspection *inspection, const struct report_options *options,
                 FILE *out);
/* A new reference, or NULL without memory. */
json_t *report_json(const struct inspection *inspection, const struct report_options *options);
/* The same shape for a file that could not be read. */
json_t *report_json_failure(const char *path, const char *why);

/* One row of the summary table of many files. */
void report_row_head(FILE *out, bool colour);
void report_row(const struct inspection *inspection, const struct report_options *options,
                FILE *out);

/* The map alone: `columns` sectors a line. Used by the text report. */
void report_map(const struct inspection *inspection, bool colour, FILE *out);
void report_region_table(const struct inspection *inspection, FILE *out);
/* MAC address with its last half masked unless `reveal`. */
void report_mac(const uint8_t mac[6], bool reveal, char out[18]);
#endif
