/* Texts of the outcomes and the one way to report where decoding failed. */
#include "base/status.h"

const char *status_text(enum status status) {
    static const char *const texts[] = {
#define STATUS_TEXT(name, text) text,
        STATUS_LIST(STATUS_TEXT)
#undef STATUS_TEXT
    };
    return (unsigned)status < STATUS_COUNT ? texts[status] : "unknown status";
}

enum status fault_at(struct fault *fault, enum status status, size_t offset, const char *expected) {
    if (fault)
        *fault = (struct fault){status, offset, expected};
    return status;
}
