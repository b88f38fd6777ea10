/* The steps of a flash job: fit, backup (or the one of a job that broke off), configuration, plan,
 * change. */
#include "cli/flash_job.h"

#include "base/crc.h"
#include "cli/plug_store.h"
#include "codec/beken/keys.h"
#include "codec/beken/rf.h"
#include "workbench/flasher/efuse.h"
#include "workbench/flasher/identify.h"
#include "workbench/flasher/image_fit.h"
#include "workbench/flasher/journal.h"
#include "workbench/flasher/map_file.h"
#include "workbench/flasher/rekey.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

struct flashing {
    struct chip_job *job;
    const struct flash_wish *wish;
    const struct file *image; /* of the wish, or rekeyed */
    struct file rekeyed;
    struct image_fit fit;
    struct backup before; /* the chip as it was before this job changed anything */
    char path[4096];      /* of the backup */
    bool resumed;         /* the chip has been changed since `before` */
    uint32_t crc;         /* of image and configuration */
};

/* The flash as it shall be: what it held with the image over it. */
static uint8_t *compose(const struct flashing *f) {
    const struct file *image = f->image;
    uint8_t *wanted = malloc(f->before.size);
    if (!wanted)
        return NULL;
    memcpy(wanted, f->before.data, f->before.size);
    memcpy(wanted + f->fit.offset, image->data, image->size);
    return wanted;
}

static void backup_name(struct flashing *f) {
    const struct chip_job *job = f->job;
    char stamp[32];
    time_t now = time(NULL);
    struct tm tm;
    strftime(stamp, sizeof stamp, "%Y%m%d-%H%M%S", localtime_r(&now, &tm));
    if (f->wish->backup)
        snprintf(f->path, sizeof f->path, "%s", f->wish->backup);
    else
        snprintf(f->path, sizeof f->path, "backup-%s%s%s-%s.bin",
                 job->session.chip.chip ? job->session.chip.chip->name : "chip",
                 f->wish->label ? "-" : "", f->wish->label ? f->wish->label : "", stamp);
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

/* The key that an application must be encrypted with here: of the eFuse, else of the bootloader. */
static bool chip_key(const struct session *s, struct beken_key *key) {
    if (s->chip.has_key)
        *key = s->chip.key;
    return s->chip.has_key || (s->chip.bootloader && beken_key_parse(s->chip.bootloader->key, key));
}

static enum status rekey(struct flashing *f) {
    struct session *s = &f->job->session;
    struct beken_key key;
    char why[160];
    if (!chip_key(s, &key))
        return session_fail(s, STATUS_UNSUPPORTED, "--rekey: the chip's key is not known");
    if (!rekey_image(f->image->data, f->image->size, &key, &f->rekeyed, why, sizeof why))
        return session_fail(s, STATUS_BAD_VALUE, "--rekey: %s", why);
    f->image = &f->rekeyed;
    chip_job_say(f->job, "rekey", NULL, "the application was encrypted anew for this chip's key");
    return STATUS_OK;
}

static enum status fit_or_refuse(struct flashing *f) {
    struct chip_job *job = f->job;
    struct session *s = &job->session;
    enum status status = efuse_read_key(s);
    if (status == STATUS_OK && cli_has(job->args, "rekey"))
        status = rekey(f);
    if (status != STATUS_OK)
        return status;
    const struct file *image = f->image;
    if (!image_fit_check(s, image->data, image->size, -1, &f->fit))
        return session_fail(s, STATUS_NO_SPACE, "no memory");
    chip_job_say(job, "image", NULL, "%s: %s", f->wish->image_name, f->fit.summary);
    if (f->fit.refusal[0])
        return session_fail(s, STATUS_REFUSED, "refused: %s", f->fit.refusal);
    if (f->fit.whole_dump)
        return session_fail(s, STATUS_REFUSED,
                            "refused: this is a dump of a whole flash; plugsmith restore puts it "
                            "back onto its own chip");
    return check_bootloader(job, &f->fit);
}

/* --- the backup --- */

/* A job that broke off has left its backup; the chip is half changed since. */
static bool take_journal(struct flashing *f) {
    struct session *s = &f->job->session;
    struct journal_entry entry;
    if (!journal_find(s, f->wish->backup, f->crc, &entry) ||
        !map_file_load(entry.backup, &f->before, s))
        return false;
    snprintf(f->path, sizeof f->path, "%s", entry.backup);
    f->resumed = true;
    chip_job_say(f->job, "resume", json_pack("{s:s}", "file", f->path),
                 "going on where it broke off; the backup from before is %s", f->path);
    return true;
}

/* A file is there: an unfinished backup of this chip goes on, a finished one serves if the chip
 * still holds just that. */
static enum status take_existing(struct flashing *f) {
    struct session *s = &f->job->session;
    bool whole = map_file_load(f->path, &f->before, s);
    if (!whole && !map_file_resume(f->path, &f->before, s))
        return session_fail(s, STATUS_REFUSED,
                            "%s exists and is no backup of this chip; choose another --backup FILE",
                            f->path);
    if (!whole)
        return STATUS_OK;
    uint32_t differs, count;
    enum status status = program_verify(s, 0, f->before.data, f->before.size, &differs, &count);
    if (status == STATUS_OK && count)
        return session_fail(s, STATUS_REFUSED,
                            "%s is a backup of this chip as it was earlier (%u sectors have "
                            "changed since); choose another --backup FILE",
                            f->path, (unsigned)count);
    return status;
}

static enum status take_backup(struct flashing *f) {
    struct session *s = &f->job->session;
    bool dry = cli_has(f->job->args, "dry-run");
    if (!backup_alloc(&f->before, 0, s->chip.size))
        return session_fail(s, STATUS_NO_SPACE, "no memory");
    if (take_journal(f))
        return STATUS_OK;
    memset(f->before.data, 0xFF, f->before.size);
    memset(f->before.state, SECTOR_UNREAD, f->before.size / BEKEN_SECTOR);
    backup_name(f);
    if (!dry && access(f->path, F_OK) == 0) {
        enum status status = take_existing(f);
        if (status != STATUS_OK)
            return status;
    }
    return change_backup_first(f->job, &f->before, dry ? NULL : f->path);
}

/* --- the change --- */

static const uint8_t *rf_of(const struct flashing *f) {
    const struct beken_chip *chip = f->job->session.chip.chip;
    struct rf_block rf;
    if (!chip || chip->rf_offset + BEKEN_SECTOR > f->before.size)
        return NULL;
    const uint8_t *sector = f->before.data + chip->rf_offset;
    bool good = rf_decode(sector, BEKEN_SECTOR, &rf, NULL) == STATUS_OK && rf.mac_set;
    return good ? sector : NULL;
}

static const uint8_t *mac_of(const struct flashing *f, struct rf_block *block) {
    const uint8_t *rf = rf_of(f);
    *block = (struct rf_block){.mac_set = false};
    if (rf)
        rf_decode(rf, BEKEN_SECTOR, block, NULL);
    return block->mac_set ? block->mac : NULL;
}

/* A plug with this project's firmware looks into its own store. Where that lies over vendor keys
 * they are gone long since. */
static enum status configure_store(struct flashing *f, const uint8_t *block, uint8_t *wanted,
                                   struct program *p) {
    struct session *s = &f->job->session;
    char why[200];
    uint32_t from, to;
    if (!plug_store_present(s->chip.chip->name, wanted, f->before.size))
        return STATUS_OK;
    if (!plug_store_update(s->chip.chip->name, block, wanted, f->before.size, &from, &to, why,
                           sizeof why))
        return session_fail(s, STATUS_IO, "%s", why);
    for (int i = 0; i < p->guarded_count; i++)
        if (p->guarded[i].start < to && p->guarded[i].end > from)
            p->guarded[i].may_change = true;
    chip_job_say(f->job, "configuration", NULL, "the plug's own store gets it, too");
    return STATUS_OK;
}

/* Puts the configuration into `wanted`; it is then no longer a region to keep. */
static enum status configure(struct flashing *f, uint8_t *wanted, struct program *p) {
    struct session *s = &f->job->session;
    const struct beken_chip *chip = s->chip.chip;
    uint8_t sector[BEKEN_SECTOR];
    struct rf_block rf;
    char why[200];
    if (!chip || !chip->config_offset)
        return session_fail(s, STATUS_UNSUPPORTED,
                            "where this chip keeps its configuration is not known");
    uint8_t *at = wanted + chip->config_offset;
    memset(sector, 0xFF, sizeof sector);
    if (!obk_block_make(f->wish->config, chip->name, mac_of(f, &rf), f->wish->label, at, sector,
                        why, sizeof why))
        return session_fail(s, STATUS_BAD_VALUE, "%s", why);
    memcpy(at, sector, sizeof sector);
    chip_job_say(f->job, "configuration", NULL, "configuration: %s", why);
    return configure_store(f, sector, wanted, p);
}

static enum status flash_over(struct flashing *f) {
    struct session *s = &f->job->session;
    bool dry = cli_has(f->job->args, "dry-run");
    uint8_t *wanted = compose(f);
    struct program p = {.action = NULL};
    unsigned allowed = change_allowed(f->job);
    if (f->wish->config)
        allowed |= 1u << REGION_CONFIG;
    if (!wanted || !program_alloc(&p, 0, f->before.size, wanted)) {
        free(wanted);
        return session_fail(s, STATUS_NO_SPACE, "no memory");
    }
    regions_guard(&p, s->chip.chip, s->chip.size, allowed);
    enum status status = f->wish->config ? configure(f, wanted, &p) : STATUS_OK;
    if (status == STATUS_OK) {
        if (!dry && !f->resumed)
            journal_begin(s, f->path, f->crc, rf_of(f));
        status = change_apply(
            f->job, &p,
            &(struct change){"flash", f->resumed ? NULL : f->before.data, f->before.data});
        if (!dry && (status == STATUS_OK || s->stats.writes + s->stats.erases == 0))
            journal_end(f->path);
    }
    program_free(&p);
    free(wanted);
    return status;
}

/* Without a backup only the image's own range is looked at. */
static enum status flash_range(struct flashing *f) {
    struct session *s = &f->job->session;
    const struct file *image = f->image;
    uint32_t size = (uint32_t)((image->size + BEKEN_SECTOR - 1) & ~(size_t)(BEKEN_SECTOR - 1));
    if (f->wish->config)
        return session_fail(s, STATUS_BAD_ARGUMENT,
                            "a configuration needs what the backup reads; leave out --no-backup");
    uint8_t *wanted = malloc(size);
    struct program p = {.action = NULL};
    if (!wanted || !program_alloc(&p, f->fit.offset, size, wanted)) {
        free(wanted);
        return session_fail(s, STATUS_NO_SPACE, "no memory");
    }
    memset(wanted, 0xFF, size);
    memcpy(wanted, image->data, image->size);
    regions_guard(&p, s->chip.chip, s->chip.size, change_allowed(f->job));
    enum status status = change_apply(f->job, &p, &(struct change){.what = "flash"});
    program_free(&p);
    free(wanted);
    return status;
}

enum status flash_job(struct chip_job *job, const struct flash_wish *wish) {
    struct flashing f = {.job = job, .wish = wish, .image = wish->image};
    f.crc = crc32_update(0, wish->image->data, wish->image->size);
    if (wish->config)
        f.crc = crc32_update(f.crc, wish->config, sizeof *wish->config);
    enum status status = fit_or_refuse(&f);
    if (status == STATUS_OK && cli_has(job->args, "no-backup"))
        status = flash_range(&f);
    else if (status == STATUS_OK) {
        status = take_backup(&f);
        if (status == STATUS_OK)
            status = flash_over(&f);
    }
    backup_free(&f.before);
    image_fit_free(&f.fit);
    file_free(&f.rekeyed);
    return status;
}
