/* plugsmith flash: an image onto a chip, safely: recognised, checked against the chip, backed up
 * first, only what differs written, everything verified. */
#include "cli/change.h"
#include "cli/commands.h"
#include "workbench/flasher/identify.h"
#include "workbench/flasher/image_fit.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* The flash as it shall be: what it holds now with the image over it. */
static uint8_t *compose(const struct backup *now, const struct image_fit *fit,
                        const struct file *image) {
    uint8_t *wanted = malloc(now->size);
    if (!wanted)
        return NULL;
    memcpy(wanted, now->data, now->size);
    memcpy(wanted + fit->offset, image->data, image->size);
    return wanted;
}

static void backup_name(const struct chip_job *job, char *name, size_t size) {
    const char *given = cli_get(job->args, "backup");
    char stamp[32];
    time_t now = time(NULL);
    struct tm tm;
    strftime(stamp, sizeof stamp, "%Y%m%d-%H%M%S", localtime_r(&now, &tm));
    if (given)
        snprintf(name, size, "%s", given);
    else
        snprintf(name, size, "backup-%s-%s.bin",
                 job->session.chip.chip ? job->session.chip.chip->name : "chip", stamp);
}

/* A chip whose own bootloader is not whole must not be left with it. */
static enum status check_bootloader(struct chip_job *job, const struct image_fit *fit) {
    const struct session_chip *c = &job->session.chip;
    const struct beken_bootloader *ours = fit->survey.bootloader;
    if (!fit->has_bootloader || !ours || !c->bootloader || c->bootloader == ours)
        return STATUS_OK;
    session_say(&job->session, SESSION_NOTE,
                "the chip keeps its bootloader %s; the image brings %s (--bootloader writes it)",
                c->bootloader->name, ours->name);
    return STATUS_OK;
}

static enum status fit_or_refuse(struct chip_job *job, const struct file *image,
                                 struct image_fit *fit) {
    struct session *s = &job->session;
    enum status status = identify_key(s);
    if (status != STATUS_OK)
        return status;
    if (!image_fit_check(s, image->data, image->size, -1, fit))
        return session_fail(s, STATUS_NO_SPACE, "no memory");
    chip_job_say(job, "image", NULL, "%s: %s", job->args->positional[0], fit->summary);
    if (fit->refusal[0])
        return session_fail(s, STATUS_REFUSED, "refused: %s", fit->refusal);
    if (fit->whole_dump)
        return session_fail(s, STATUS_REFUSED,
                            "refused: this is a dump of a whole flash; plugsmith restore puts it "
                            "back onto its own chip");
    return check_bootloader(job, fit);
}

static enum status flash_over(struct chip_job *job, const struct image_fit *fit,
                              const struct file *image, const struct backup *now) {
    struct session *s = &job->session;
    uint8_t *wanted = compose(now, fit, image);
    struct program p = {.action = NULL};
    if (!wanted || !program_alloc(&p, 0, now->size, wanted)) {
        free(wanted);
        return session_fail(s, STATUS_NO_SPACE, "no memory");
    }
    regions_forbid(&p, s->chip.chip, s->chip.size, change_allowed(job));
    enum status status = change_apply(job, &p, now->data, "flash");
    program_free(&p);
    free(wanted);
    return status;
}

/* Without a backup only the image's own range is looked at. */
static enum status flash_range(struct chip_job *job, const struct image_fit *fit,
                               const struct file *image) {
    struct session *s = &job->session;
    uint32_t size = (uint32_t)((image->size + BEKEN_SECTOR - 1) & ~(size_t)(BEKEN_SECTOR - 1));
    uint8_t *wanted = malloc(size);
    struct program p = {.action = NULL};
    if (!wanted || !program_alloc(&p, fit->offset, size, wanted)) {
        free(wanted);
        return session_fail(s, STATUS_NO_SPACE, "no memory");
    }
    memset(wanted, 0xFF, size);
    memcpy(wanted, image->data, image->size);
    regions_forbid(&p, s->chip.chip, s->chip.size, change_allowed(job));
    enum status status = change_apply(job, &p, NULL, "flash");
    program_free(&p);
    free(wanted);
    return status;
}

static enum status flash_image(struct chip_job *job, const struct file *image) {
    struct session *s = &job->session;
    struct image_fit fit = {.offset = 0};
    struct backup now;
    char path[4096];
    enum status status = fit_or_refuse(job, image, &fit);
    if (status == STATUS_OK && cli_has(job->args, "no-backup"))
        status = flash_range(job, &fit, image);
    else if (status == STATUS_OK) {
        bool dry = cli_has(job->args, "dry-run");
        backup_name(job, path, sizeof path);
        if (!dry && access(path, F_OK) == 0)
            status =
                session_fail(s, STATUS_REFUSED, "%s exists; choose another --backup FILE", path);
        else if (!backup_alloc(&now, 0, s->chip.size))
            status = session_fail(s, STATUS_NO_SPACE, "no memory");
        else {
            status = change_backup_first(job, &now, dry ? NULL : path);
            if (status == STATUS_OK)
                status = flash_over(job, &fit, image, &now);
            backup_free(&now);
        }
    }
    image_fit_free(&fit);
    return status;
}

static enum cli_exit run(const struct cli_args *args) {
    struct chip_job job;
    struct file image;
    char why[256];
    if (!chip_job_read_file(args->positional[0], &image, why, sizeof why))
        return cli_fail(args, CLI_FAILED, "%s", why);
    enum cli_exit code = chip_job_begin(&job, args);
    if (code == CLI_OK) {
        chip_job_describe(&job);
        code = chip_job_end(&job, flash_image(&job, &image));
    }
    file_free(&image);
    return code;
}

static const struct cli_option options[] = {
    CHIP_JOB_OPTIONS,
    CHIP_WRITE_OPTIONS,
    CHANGE_REGION_OPTIONS,
    {"backup", 0, "FILE", "where the backup goes (default backup-CHIP-TIME.bin)", NULL, false},
    {"no-backup", 0, NULL, "there is a backup already; compare by checksum only", NULL, false},
    {0},
};
static const struct cli_example examples[] = {
    {"flash -p /dev/ttyUSB0 OpenBK7231N_QIO.bin", "free a plug: backup, plan, write, verify"},
    {"flash -p /dev/ttyUSB0 --dry-run OpenBK7231N_QIO.bin", "only say what would be done"},
    {0},
};
const struct cli_command cmd_flash = {
    .name = "flash",
    .face = CLI_WORKBENCH,
    .summary = "put firmware onto a chip, safely",
    .arguments = "IMAGE",
    .least = 1,
    .most = 1,
    .description =
        "Recognises the image by its content and chooses the place itself; refuses, with the "
        "reason, an image for another chip, another key or a larger flash, packed updates, raw "
        "code and damaged images. Saves a verified backup first, writes only the sectors that "
        "differ, keeps bootloader, RF block, configuration and vendor keys unless an option says "
        "otherwise, and verifies the whole flash at the end.",
    .options = options,
    .examples = examples,
    .run = run,
};
