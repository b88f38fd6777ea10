/* plugsmith verify: does the flash hold this file? */
#include "cli/chip_job.h"
#include "cli/commands.h"
#include "workbench/host/file.h"

static enum status compare(struct chip_job *job, const struct file *file, uint32_t offset) {
    struct session *s = &job->session;
    uint32_t differs, count, size = (uint32_t)file->size;
    if (offset % BEKEN_SECTOR || size % BEKEN_SECTOR || !size ||
        (uint64_t)offset + size > s->chip.size)
        return session_fail(s, STATUS_BAD_LENGTH,
                            "%06X+%zX does not lie in whole sectors inside the flash (0x%X)",
                            (unsigned)offset, file->size, (unsigned)s->chip.size);
    enum status status = program_verify(s, offset, file->data, size, &differs, &count);
    if (status == STATUS_OK && count)
        return session_fail(s, STATUS_BAD_CHECKSUM, "%u of %u sectors differ, the first at %06X",
                            (unsigned)count, (unsigned)(size / BEKEN_SECTOR), (unsigned)differs);
    if (status == STATUS_OK)
        chip_job_say(job, "verify", NULL, "the chip holds exactly this, %u bytes from %06X",
                     (unsigned)size, (unsigned)offset);
    return status;
}

static enum cli_exit run(const struct cli_args *args) {
    struct chip_job job;
    struct file file;
    char why[256];
    uint64_t offset = 0;
    if (!cli_number(args, "offset", 0, 64u << 20, &offset))
        return CLI_USAGE;
    if (!chip_job_read_file(args->positional[0], &file, why, sizeof why))
        return cli_fail(args, CLI_FAILED, "%s", why);
    enum cli_exit code = chip_job_begin(&job, args);
    if (code == CLI_OK)
        code = chip_job_end(&job, compare(&job, &file, (uint32_t)offset));
    file_free(&file);
    return code;
}

static const struct cli_option options[] = {
    CHIP_JOB_OPTIONS,
    {"offset", 'o', "OFFSET", "where FILE stands in the flash (default 0)", NULL, false},
    {0},
};
static const struct cli_example examples[] = {
    {"verify -p /dev/ttyUSB0 plug.bin", "is the chip as it was when plug.bin was saved?"},
    {0},
};
const struct cli_command cmd_verify = {
    .name = "verify",
    .face = CLI_WORKBENCH,
    .summary = "compare a chip's flash with a file",
    .arguments = "FILE",
    .least = 1,
    .most = 1,
    .description = "Compares by the chip's own checksums, per 64 KiB and then per 4 KiB, so that "
                   "nothing needs to be read. Exit code 1 when anything differs.",
    .options = options,
    .examples = examples,
    .run = run,
};
