/* Logs, listings and pasted texts. */
#include "workbench/inspector/textsource.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct tuya_config config;
    struct text_finding finding;
    (void)text_source_read(data, size, &config, &finding);
    return 0;
}
