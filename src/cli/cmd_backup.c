/* plugsmith backup: a verified copy of the flash, with a map of how sure each sector is. */
#include "cli/chip_job.h"
#include "cli/commands.h"
#include "workbench/flasher/boot_health.h"
#include "workbench/flasher/driver.h"
#include "workbench/flasher/map_file.h"
#include "workbench/host/file.h"

#include <unistd.h>

/* A finished backup is not overwritten: it may be the only copy. */
static bool may_write(struct chip_job *job, const char *path, bool resumed) {
    if (access(path, F_OK) != 0 || resumed || cli_has(job->args, "force"))
        return true;
    session_fail(&job->session, STATUS_REFUSED,
                 "%s exists and is no unfinished backup of this chip; choose another name or say "
                 "--force",
                 path);
    return false;
}

/* A damaged bootloader is named at once, while the good copy may still be at hand. */
static void say_boot(struct chip_job *job, const struct backup *b) {
    struct boot_health h;
    boot_health_check(b->data, b->size, &h);
    if (h.blank)
        chip_job_say(job, "bootloader", NULL, "the bootloader is ERASED in this chip");
    for (uint32_t i = 0; h.blocks.bad && i * BEKEN_BOOT_SECTOR < BEKEN_BOOT_SIZE; i++)
        if (h.damaged_sectors >> i & 1)
            chip_job_say(
                job, "damage", json_pack("{s:i}", "sector", (int)(i * BEKEN_BOOT_SECTOR)),
                "the bootloader%s%s is DAMAGED in this chip, sector %06X; plugsmith repair "
                "mends it from a good image",
                h.version ? " " : "", h.version ? h.version->name : "",
                (unsigned)(i * BEKEN_BOOT_SECTOR));
}

static enum status take(struct chip_job *job, const char *path) {
    struct session *s = &job->session;
    struct backup b;
    char why[256];
    if (!backup_alloc(&b, 0, s->chip.size))
        return session_fail(s, STATUS_NO_SPACE, "no memory");
    if (map_file_load(path, &b, s) && !cli_has(job->args, "force")) {
        backup_free(&b);
        return session_fail(s, STATUS_REFUSED, "%s is a finished backup; --force reads again",
                            path);
    }
    memset(b.state, SECTOR_UNREAD, b.size / BEKEN_SECTOR);
    bool resumed = map_file_resume(path, &b, s);
    uint32_t there = backup_count(&b, SECTOR_READ);
    if (!may_write(job, path, resumed)) {
        backup_free(&b);
        return STATUS_REFUSED;
    }
    if (resumed && cli_has(job->args, "force"))
        memset(b.state, SECTOR_UNREAD, b.size / BEKEN_SECTOR);
    else if (resumed)
        chip_job_say(job, "resume", json_pack("{s:i}", "sectors", (int)there),
                     "going on: %u of %u sectors are there already and will be confirmed",
                     (unsigned)there, (unsigned)(b.size / BEKEN_SECTOR));
    uint64_t start = session_now_us(&job->session);
    enum status status = backup_run(s, &b);
    /* Whatever was read is kept. */
    if (!map_file_save(path, &b, s, why, sizeof why))
        status = session_fail(s, STATUS_IO, "%s", why);
    uint32_t verified = backup_count(&b, SECTOR_VERIFIED);
    double seconds = (double)(session_now_us(&job->session) - start) * 1e-6;
    chip_job_say(
        job, "backup",
        json_pack("{s:s, s:s, s:i, s:i, s:f}", "file", path, "map", path, "verified", (int)verified,
                  "sectors", (int)(b.size / BEKEN_SECTOR), "seconds", seconds),
        "%s: %u of %u sectors verified, %u KiB were blank, %.1f s%s", path, (unsigned)verified,
        (unsigned)(b.size / BEKEN_SECTOR), (unsigned)(b.blank_bytes / 1024), seconds,
        status == STATUS_OK ? "" : "; run the same command again to go on");
    if (status == STATUS_OK)
        say_boot(job, &b);
    backup_free(&b);
    return status;
}

static enum cli_exit run(const struct cli_args *args) {
    struct chip_job job;
    char why[256];
    if (!file_can_write(args->positional[0], true, why, sizeof why))
        return cli_fail(args, CLI_FAILED, "%s", why);
    enum cli_exit code = chip_job_begin(&job, args);
    if (code != CLI_OK)
        return code;
    chip_job_describe(&job);
    return chip_job_end(&job, take(&job, args->positional[0]));
}

static const struct cli_option options[] = {
    CHIP_JOB_OPTIONS,
    {"force", 'f', NULL, "replace an existing file", NULL, false},
    {0},
};
static const struct cli_example examples[] = {
    {"backup -p /dev/ttyUSB0 plug.bin", "save the whole flash, verified"},
    {"backup -p virtual:bk7231n,flash=demo.bin copy.bin", "the same from a chip made of software"},
    {0},
};
const struct cli_command cmd_backup = {
    .name = "backup",
    .face = CLI_WORKBENCH,
    .summary = "save a chip's flash to a file, verified",
    .arguments = "FILE",
    .least = 1,
    .most = 1,
    .description =
        "Reads the whole flash. The chip's own checksum of every 64 KiB says which parts are blank "
        "and need not be read, and proves what was read; only what differs is read again.\n\n"
        "FILE.map beside the dump says for every sector how sure it is. A backup that broke off "
        "goes on when the same command is given again; what was read is never thrown away.",
    .options = options,
    .examples = examples,
    .run = run,
};
