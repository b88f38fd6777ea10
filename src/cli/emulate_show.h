/* What plugsmith emulate shows while the guest runs: its log, what it does to pins and ports, and
 * what that adds up to so far. */
#ifndef CLI_EMULATE_SHOW_H
#define CLI_EMULATE_SHOW_H
#include "cli/command.h"
#include "cli/emulate_live.h"
#include "workbench/emulator/bootable.h"
#include "workbench/emulator/findings.h"
#include "workbench/inspector/inspection.h"

#include <jansson.h>

struct show {
    const struct cli_args *args;
    struct findings findings;
    bool json, events, hex, reveal, masked;
    bool hold_anyway; /* --experiment full */
    struct emulate_live live;
    const struct bootable *image;
    struct inspection *known; /* its secrets, for masking; read while the guest runs already */
    json_t *log, *timeline;   /* of --json */
    char chip[16];
    bool encrypted, turned;
    const char *from; /* what the file was, when not all of a flash */
    uint64_t end_us, ticks, hash;
    char reason[96];
};

/* One record of the run; `context` is a struct show. */
void emulate_show(void *context, const struct soc_record *r);
#endif
