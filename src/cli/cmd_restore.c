/* plugsmith restore: a whole dump back onto the chip it came from. */
#include "cli/change.h"
#include "cli/commands.h"
#include "codec/beken/rf.h"
#include "workbench/flasher/efuse.h"
#include "workbench/flasher/identify.h"
#include "workbench/flasher/image_fit.h"
#include "workbench/host/unpack.h"

#include <stdlib.h>

/* The MAC in the RF block says whether a dump is this chip's own. */
static enum status check_own(struct chip_job *job, const struct file *dump) {
    struct session *s = &job->session;
    struct rf_block ours, theirs;
    struct backup b;
    uint32_t at = s->chip.chip ? s->chip.chip->rf_offset : 0;
    if (!at || at + BEKEN_SECTOR > dump->size || cli_has(job->args, "foreign"))
        return STATUS_OK;
    if (!backup_alloc(&b, at, BEKEN_SECTOR))
        return session_fail(s, STATUS_NO_SPACE, "no memory");
    enum status status = backup_run(s, &b);
    bool both = status == STATUS_OK && rf_decode(b.data, b.size, &ours, NULL) == STATUS_OK &&
                rf_decode(dump->data + at, BEKEN_SECTOR, &theirs, NULL) == STATUS_OK &&
                ours.mac_set && theirs.mac_set;
    if (both && memcmp(ours.mac, theirs.mac, RF_MAC_SIZE) != 0)
        status = session_fail(s, STATUS_REFUSED,
                              "the dump is of another device (MAC ends %02X:%02X, this chip's "
                              "%02X:%02X); --foreign restores it all the same and keeps this "
                              "chip's RF block",
                              theirs.mac[4], theirs.mac[5], ours.mac[4], ours.mac[5]);
    backup_free(&b);
    return status;
}

static unsigned allowed(const struct chip_job *job) {
    unsigned bits = 1u << REGION_CONFIG | 1u << REGION_KEYS;
    if (job->session.chip.family == BEKEN_FAMILY_F)
        bits |= 1u << REGION_BOOTLOADER;
    if (!cli_has(job->args, "foreign"))
        bits |= 1u << REGION_RF;
    return bits;
}

static enum status restore(struct chip_job *job, const struct file *dump) {
    struct session *s = &job->session;
    struct image_fit fit;
    struct program p;
    if (dump->size != s->chip.size)
        return session_fail(s, STATUS_BAD_LENGTH, "the dump has %zu bytes, the flash %u",
                            dump->size, (unsigned)s->chip.size);
    enum status status = efuse_read_key(s);
    if (status != STATUS_OK)
        return status;
    if (!image_fit_check(s, dump->data, dump->size, 0, &fit))
        return session_fail(s, STATUS_NO_SPACE, "no memory");
    if (fit.refusal[0])
        status = session_fail(s, STATUS_REFUSED, "%s", fit.refusal);
    image_fit_free(&fit);
    if (status == STATUS_OK)
        status = check_own(job, dump);
    if (status != STATUS_OK)
        return status;
    if (!program_alloc(&p, 0, s->chip.size, dump->data))
        return session_fail(s, STATUS_NO_SPACE, "no memory");
    regions_guard(&p, s->chip.chip, s->chip.size, allowed(job));
    status = change_apply(job, &p, &(struct change){.what = "restore"});
    program_free(&p);
    return status;
}

static enum cli_exit run(const struct cli_args *args) {
    struct chip_job job;
    struct file dump;
    char why[256];
    if (!chip_job_read_file(args->positional[0], &dump, why, sizeof why))
        return cli_fail(args, CLI_FAILED, "%s", why);
    enum cli_exit code = chip_job_begin(&job, args);
    if (code == CLI_OK)
        code = chip_job_end(&job, restore(&job, &dump));
    file_free(&dump);
    return code;
}

static const struct cli_option options[] = {
    CHIP_JOB_OPTIONS,
    CHIP_WRITE_OPTIONS,
    {"foreign", 0, NULL, "the dump may be of another device; this chip's RF block is kept", NULL,
     false},
    {0},
};
static const struct cli_example examples[] = {
    {"restore -p /dev/ttyUSB0 plug.bin", "make the chip again what it was when plug.bin was saved"},
    {0},
};
const struct cli_command cmd_restore = {
    .name = "restore",
    .face = CLI_WORKBENCH,
    .summary = "put a whole dump back onto its chip",
    .arguments = "DUMP",
    .least = 1,
    .most = 1,
    .description =
        "Checks that the dump is of this kind of chip, of its key and size and, by the MAC in the "
        "RF block, of this very device; then writes what differs and verifies. On chips without "
        "boot ROM (BK7231T and relatives) the bootloader is kept.",
    .options = options,
    .examples = examples,
    .run = run,
};
