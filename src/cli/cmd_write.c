/* plugsmith write: a file into a range of the flash. */
#include "cli/change.h"
#include "cli/commands.h"
#include "workbench/host/file.h"

#include <stdlib.h>

static enum status write_file(struct chip_job *job, const struct file *file, uint32_t offset) {
    struct session *s = &job->session;
    uint32_t size = (uint32_t)((file->size + BEKEN_SECTOR - 1) & ~(size_t)(BEKEN_SECTOR - 1));
    if (offset % BEKEN_SECTOR || !size || (uint64_t)offset + size > s->chip.size)
        return session_fail(s, STATUS_BAD_LENGTH,
                            "%06X+%X: the offset must be a multiple of 0x1000 and the file end "
                            "inside the flash (0x%X)",
                            (unsigned)offset, (unsigned)size, (unsigned)s->chip.size);
    uint8_t *data = malloc(size);
    struct program p = {.action = NULL};
    if (!data || !program_alloc(&p, offset, size, data)) {
        free(data);
        return session_fail(s, STATUS_NO_SPACE, "no memory");
    }
    memset(data, 0xFF, size);
    memcpy(data, file->data, file->size);
    regions_guard(&p, s->chip.chip, s->chip.size, change_allowed(job));
    enum status status = change_apply(job, &p, &(struct change){.what = "write"});
    if (status == STATUS_OK)
        status = change_whole(job, &p);
    program_free(&p);
    free(data);
    return status;
}

static enum cli_exit run(const struct cli_args *args) {
    struct chip_job job;
    struct file file;
    char why[256];
    uint64_t offset;
    if (!cli_parse_number("OFFSET", args->positional[0], 0, 64u << 20, &offset))
        return CLI_USAGE;
    if (!chip_job_read_file(args->positional[1], &file, why, sizeof why))
        return cli_fail(args, CLI_FAILED, "%s", why);
    enum cli_exit code = chip_job_begin(&job, args);
    if (code == CLI_OK)
        code = chip_job_end(&job, write_file(&job, &file, (uint32_t)offset));
    file_free(&file);
    return code;
}

static const struct cli_option options[] = {
    CHIP_JOB_OPTIONS, CHIP_WRITE_OPTIONS, CHANGE_REGION_OPTIONS, {0}};
static const struct cli_example examples[] = {
    {"write -p /dev/ttyUSB0 0x132000 data.bin", "put data.bin at 0x132000"},
    {0},
};
const struct cli_command cmd_write = {
    .name = "write",
    .face = CLI_WORKBENCH,
    .summary = "write a file into a range of a chip's flash",
    .arguments = "OFFSET FILE",
    .least = 2,
    .most = 2,
    .description =
        "Writes only the sectors that differ, erases with the largest unit that touches nothing "
        "else, and verifies by the chip's checksum. Bootloader, RF block, configuration and vendor "
        "keys are kept unless an option says otherwise.",
    .options = options,
    .examples = examples,
    .run = run,
};
