/* The whole inspection of arbitrary bytes, with both reports. */
#include "workbench/report/report.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0)
        return 0;
    struct inspection *in = inspection_make(data, size);
    if (!in)
        return 0;
    char *page = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&page, &length);
    const struct report_options options = {
        .path = "f", .colour = true, .reveal = true, .table = true};
    if (out) {
        report_text(in, &options, out);
        report_row(in, &options, out);
        fclose(out);
    }
    free(page);
    json_decref(report_json(in, &options));
    inspection_free(in);
    return 0;
}
