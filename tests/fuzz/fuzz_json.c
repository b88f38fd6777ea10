/* The JSON reader: whatever comes, events nest, texts stay within bounds. */
#include "codec/net/json.h"

#include <stdlib.h>
#include <string.h>

static bool watch(void *context, enum json_event event, unsigned depth, const char *text,
                  size_t length) {
    unsigned *open = context;
    if (event == JSON_OBJECT_END || event == JSON_ARRAY_END)
        --*open;
    if (depth != *open || length >= JSON_PART || text[length] != 0)
        abort();
    if (event == JSON_OBJECT || event == JSON_ARRAY)
        ++*open;
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct json_reader r;
    unsigned open = 0;
    char buffer[256];
    struct text out = text_start(buffer, sizeof buffer);
    json_start(&r, watch, &open);
    json_feed(&r, (const char *)data, size);
    if (json_finish(&r) == STATUS_OK && open)
        abort();
    text_escape(&out, (const char *)data, size);
    return 0;
}
