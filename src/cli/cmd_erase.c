/* plugsmith erase: a range of the flash back to FF. */
#include "cli/change.h"
#include "cli/commands.h"

#include <stdlib.h>

static enum status erase(struct chip_job *job, uint32_t start, uint32_t size) {
    struct session *s = &job->session;
    uint8_t *data = malloc(size);
    struct program p = {.action = NULL};
    if (!data || !program_alloc(&p, start, size, data)) {
        free(data);
        return session_fail(s, STATUS_NO_SPACE, "no memory");
    }
    memset(data, 0xFF, size);
    regions_guard(&p, s->chip.chip, s->chip.size, change_allowed(job));
    enum status status = change_apply(job, &p, &(struct change){.what = "erase"});
    if (status == STATUS_OK)
        status = change_whole(job, &p);
    program_free(&p);
    free(data);
    return status;
}

static enum cli_exit run(const struct cli_args *args) {
    struct chip_job job;
    uint32_t start, size;
    enum cli_exit code = chip_job_begin(&job, args);
    if (code != CLI_OK)
        return code;
    if (!chip_job_range(&job, args->positional[0], args->positional[1], &start, &size))
        return chip_job_close(&job, CLI_USAGE);
    return chip_job_end(&job, erase(&job, start, size));
}

static const struct cli_option options[] = {
    CHIP_JOB_OPTIONS, CHIP_WRITE_OPTIONS, CHANGE_REGION_OPTIONS, {0}};
static const struct cli_example examples[] = {
    {"erase -p /dev/ttyUSB0 0x132000 0xA6000", "empty the update slot of a BK7231T"},
    {0},
};
const struct cli_command cmd_erase = {
    .name = "erase",
    .face = CLI_WORKBENCH,
    .summary = "erase a range of a chip's flash",
    .arguments = "OFFSET SIZE",
    .least = 2,
    .most = 2,
    .description = "Erases what is not blank already, and verifies. Bootloader, RF block, "
                   "configuration and vendor keys are kept unless an option says otherwise.",
    .options = options,
    .examples = examples,
    .run = run,
};
