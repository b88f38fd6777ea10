/* Backlogs of any length. A line is compiled in one piece and that piece has a size; a backlog, as
 * templates bring them, may be longer, and its commands stand alone anyway.
 * Source: openshwprojects/OpenBK7231T_App: src/cmnds/cmd_tasmota.c. */
#include "base/text.h"
#include "device/device.h"
#include "device/script/script.h"

#include <string.h>

enum { PART_MAX = 127 };

static enum command_result run_part(struct device *d, const char *text, size_t length,
                                    unsigned source) {
    char part[PART_MAX + 1];
    struct text t = text_start(part, sizeof part);
    text_add_n(&t, text, length);
    return command_run(d, part, source);
}

enum command_result backlog_run(struct device *d, const char *text, unsigned source) {
    enum command_result result = COMMAND_OK;
    if (backlog_waits(text, text + strlen(text))) {
        const struct block *b = script_load_backlog(d, text);
        return b && thread_start_at(d, b, b->code, 0) ? COMMAND_OK : COMMAND_ERROR;
    }
    while (*text) {
        size_t length = strcspn(text, ";");
        enum command_result one = run_part(d, text, length, source);
        if (one != COMMAND_OK && one != COMMAND_EMPTY)
            result = one;
        text += length + (text[length] == ';');
    }
    return result;
}
