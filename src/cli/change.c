/* Plan, question, execution, proof. */
#include "cli/change.h"

#include "workbench/flasher/guard.h"
#include "workbench/flasher/map_file.h"
#include "workbench/host/file.h"

#include <string.h>

static bool has_option(const struct chip_job *job, const char *name) {
    for (const struct cli_option *o = job->args->command->options; o && o->name; o++)
        if (strcmp(o->name, name) == 0)
            return cli_has(job->args, name);
    return false;
}

unsigned change_allowed(const struct chip_job *job) {
    static const struct {
        const char *option;
        enum region_kind kind;
    } rows[] = {{"bootloader", REGION_BOOTLOADER},
                {"overwrite-rf", REGION_RF},
                {"wipe-config", REGION_CONFIG},
                {"overwrite-keys", REGION_KEYS}};
    unsigned allowed = 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (has_option(job, rows[i].option))
            allowed |= 1u << rows[i].kind;
    if (job->session.chip.family == BEKEN_FAMILY_B)
        allowed &= ~(1u << REGION_BOOTLOADER); /* it is what answers us */
    return allowed;
}

static void show_plan(struct chip_job *job, const struct program *p, const char *what) {
    double seconds = (double)program_estimate_us(&job->session, p) * 1e-6;
    chip_job_say(job, "plan",
                 json_pack("{s:s, s:i, s:i, s:i, s:i, s:i, s:f}", "what", what, "start",
                           (int)p->start, "write_sectors", (int)p->write, "erase_sectors",
                           (int)p->erase, "same_sectors", (int)p->keep, "kept_regions_sectors",
                           (int)p->forbidden_sectors, "seconds", seconds),
                 "plan: %s: write %u KiB, erase %u KiB more, leave %u KiB as they are; about "
                 "%.0f s",
                 what, (unsigned)(p->write * 4), (unsigned)(p->erase * 4), (unsigned)(p->keep * 4),
                 seconds);
    for (int i = 0; p->forbidden_sectors && i < p->guarded_count; i++) {
        const struct guarded_range *r = &p->guarded[i];
        if (!r->may_change && r->start < p->start + p->size && r->end > p->start)
            chip_job_say(job, "kept", NULL, "  kept: %s (%06X..%06X)", r->what, (unsigned)r->start,
                         (unsigned)r->end);
    }
}

/* After trouble nobody knows what else was hit; when the chip still answers, look. */
static enum status check_rest(struct chip_job *job, struct guard *g, enum status result) {
    struct session *s = &job->session;
    char why[sizeof s->line.why];
    memcpy(why, s->line.why, sizeof why);
    if (result == STATUS_OK)
        return guard_check(s, g, true);
    if (result == STATUS_CANCELLED || session_link_check(s, 8) != STATUS_OK ||
        guard_check(s, g, false) != STATUS_OK)
        session_say(s, SESSION_WARNING,
                    "whether a damaged request changed more than the job is about is not known "
                    "(%s): compare with a backup",
                    result == STATUS_CANCELLED || !s->line.why[0] ? "broken off" : s->line.why);
    memcpy(s->line.why, why, sizeof why);
    return result;
}

static enum status run_guarded(struct chip_job *job, struct program *p,
                               const struct change *change) {
    struct session *s = &job->session;
    struct guard g;
    enum status status = guard_take(s, p, change->whole, &g);
    if (status == STATUS_OK) {
        status = program_run(s, p);
        status = check_rest(job, &g, status);
    }
    guard_free(&g);
    return status;
}

enum status change_apply(struct chip_job *job, struct program *p, const struct change *change) {
    struct session *s = &job->session;
    enum status status = STATUS_OK;
    if (change->present)
        program_plan_from(p, change->present);
    else
        status = program_plan(s, p);
    if (status != STATUS_OK)
        return status;
    show_plan(job, p, change->what);
    if (cli_has(job->args, "dry-run"))
        return STATUS_OK;
    uint32_t changed = p->write + p->erase;
    if (changed && !chip_job_confirm(job, "Change the chip?"))
        return STATUS_REFUSED;
    if (changed)
        status = run_guarded(job, p, change);
    if (status == STATUS_OK)
        chip_job_say(job, "done", json_pack("{s:i}", "sectors", (int)changed),
                     "%s: done, %u KiB changed, verified", change->what, (unsigned)(changed * 4));
    else if (changed)
        session_say(s, SESSION_WARNING,
                    "the chip holds a part of it; the same command goes on from there");
    return status;
}

enum status change_whole(struct chip_job *job, const struct program *p) {
    if (!p->forbidden_sectors)
        return STATUS_OK;
    return session_fail(&job->session, STATUS_REFUSED,
                        "%u sectors of the range were kept; see the options that allow them",
                        (unsigned)p->forbidden_sectors);
}

enum status change_backup_first(struct chip_job *job, struct backup *b, const char *path) {
    struct session *s = &job->session;
    char why[256];
    if (path && !file_can_write(path, true, why, sizeof why))
        return session_fail(s, STATUS_IO, "%s", why);
    enum status status = backup_run(s, b);
    if (path && !map_file_save(path, b, s, why, sizeof why))
        return session_fail(s, STATUS_IO, "%s", why);
    if (path)
        chip_job_say(job, "backup", json_pack("{s:s}", "file", path), "backup: %s, %s", path,
                     status == STATUS_OK ? "verified" : "incomplete");
    return status;
}
