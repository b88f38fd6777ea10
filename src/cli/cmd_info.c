/* plugsmith info: what answers, and in which state its flash is. */
#include "cli/chip_job.h"
#include "cli/commands.h"
#include "codec/beken/keys.h"
#include "codec/beken/rf.h"
#include "workbench/flasher/boot_health.h"
#include "workbench/flasher/efuse.h"
#include "workbench/flasher/identify.h"
#include "workbench/flasher/protect.h"
#include "workbench/host/file.h"
#include "workbench/inspector/survey.h"

#include <stdlib.h>

static void say_key(struct chip_job *job) {
    const struct session_chip *c = &job->session.chip;
    if (!c->has_key) {
        chip_job_say(job, "key", NULL, "key:        cannot be read%s",
                     c->family == BEKEN_FAMILY_B ? " over this bootloader" : "");
        return;
    }
    const struct beken_known_key *known = beken_key_lookup(&c->key);
    chip_job_say(job, "key",
                 json_pack("{s:s, s:[I,I,I,I]}", "name", known ? known->name : "", "words",
                           (json_int_t)c->key.k[0], (json_int_t)c->key.k[1],
                           (json_int_t)c->key.k[2], (json_int_t)c->key.k[3]),
                 "key:        %08x %08x %08x %08x%s%s%s", (unsigned)c->key.k[0],
                 (unsigned)c->key.k[1], (unsigned)c->key.k[2], (unsigned)c->key.k[3],
                 known ? " (" : "", known ? known->name : "", known ? ")" : "");
}

static void say_protection(struct chip_job *job) {
    const struct session_chip *c = &job->session.chip;
    const char *state = !c->has_sr ? c->family == BEKEN_FAMILY_B ? "handled by the bootloader"
                                                                 : "not known for this flash chip"
                        : protect_is_on(&job->session) ? "ON (writing verbs clear it)"
                                                       : "off";
    chip_job_say(job, "protection", json_pack("{s:s, s:i}", "state", state, "sr", (int)c->sr),
                 "protection: %s", state);
}

static enum status read_into(struct session *s, uint8_t *image, uint32_t start, uint32_t size) {
    struct backup b;
    if (start + size > s->chip.size)
        return STATUS_OK;
    if (!backup_alloc(&b, start, size))
        return session_fail(s, STATUS_NO_SPACE, "no memory");
    enum status status = backup_run(s, &b);
    memcpy(image + start, b.data, size);
    backup_free(&b);
    return status;
}

static void say_boot(struct chip_job *job, const uint8_t *image, uint32_t size) {
    struct boot_health h;
    boot_health_check(image, size, &h);
    chip_job_say(job, "bootloader",
                 json_pack("{s:s, s:b, s:i, s:i}", "version", h.version ? h.version->name : "",
                           "known_good", h.proven, "bad_blocks", (int)h.blocks.bad, "first_bad",
                           h.blocks.bad ? (int)h.blocks.first_bad : -1),
                 "bootloader: %s%s",
                 h.blank     ? "ERASED"
                 : h.version ? h.version->name
                             : "unknown version",
                 h.blank        ? ""
                 : h.proven     ? ", whole, every byte as known"
                 : h.blocks.bad ? ", DAMAGED"
                 : h.version    ? ", not the known bytes"
                                : ", no bad block");
    for (uint32_t i = 0; h.blocks.bad && i * BEKEN_BOOT_SECTOR < BEKEN_BOOT_SIZE; i++)
        if (h.damaged_sectors >> i & 1)
            chip_job_say(job, "damage", json_pack("{s:i}", "sector", (int)(i * BEKEN_BOOT_SECTOR)),
                         "            damaged sector %06X..%06X; plugsmith repair mends it from a "
                         "good image",
                         (unsigned)(i * BEKEN_BOOT_SECTOR),
                         (unsigned)((i + 1) * BEKEN_BOOT_SECTOR));
}

static void say_rf(struct chip_job *job, const uint8_t *image) {
    const struct beken_chip *chip = job->session.chip.chip;
    struct rf_block rf;
    if (!chip)
        return;
    if (rf_decode(image + chip->rf_offset, RF_SECTOR_SIZE, &rf, NULL) != STATUS_OK || !rf.mac_set)
        chip_job_say(job, "rf", NULL,
                     "RF block:   MISSING at %06X; radio will be weak (plugsmith "
                     "repair --rf)",
                     (unsigned)chip->rf_offset);
    else
        chip_job_say(
            job, "rf",
            json_pack("{s:b, s:b}", "tx_power", rf.tx_power, "calibration", rf.calibration),
            "RF block:   MAC %02X:%02X:%02X:%02X:%02X:%02X%s%s", rf.mac[0], rf.mac[1], rf.mac[2],
            rf.mac[3], rf.mac[4], rf.mac[5], rf.tx_power ? ", transmit power" : "",
            rf.calibration ? ", calibration" : "");
}

static void say_image(struct chip_job *job, const uint8_t *image, uint32_t size) {
    struct survey v;
    if (!survey_image(image, size, &v))
        return;
    chip_job_say(job, "image",
                 json_pack("{s:b, s:s, s:s, s:s}", "app", v.app.found, "name", v.program.name,
                           "version", v.program.version, "key", v.app.key ? v.app.key->name : ""),
                 "image:      %s%s%s%s%s%s%s", v.app.found ? "application" : "no application found",
                 v.program.name[0] ? " " : "", v.program.name, v.program.version[0] ? " " : "",
                 v.program.version, v.app.key ? ", key " : "", v.app.key ? v.app.key->name : "");
    survey_free(&v);
}

/* OTP may hold secrets: how much of it is used is said, the bytes go only where they are asked to.
 */
static enum status save_otp(struct chip_job *job, const char *path) {
    struct session *s = &job->session;
    uint8_t data[EFUSE_OTP_MAX];
    char why[256];
    uint32_t size = efuse_otp_size(s), used = 0;
    enum status status = efuse_read_otp(s, data);
    if (status != STATUS_OK)
        return status;
    for (uint32_t i = 0; i < size; i++)
        used += data[i] != 0;
    if (!file_write(path, data, size, cli_has(job->args, "force"), why, sizeof why))
        return session_fail(s, STATUS_IO, "%s", why);
    chip_job_say(job, "otp",
                 json_pack("{s:i, s:i, s:s}", "bytes", (int)size, "used", (int)used, "file", path),
                 "OTP:        %u bytes, %u of them not zero, in %s", (unsigned)size, (unsigned)used,
                 path);
    return STATUS_OK;
}

static enum status examine(struct chip_job *job, uint8_t *image) {
    struct session *s = &job->session;
    const struct beken_chip *chip = s->chip.chip;
    if (cli_has(job->args, "otp") && !efuse_otp_size(s))
        return session_fail(s, STATUS_REFUSED, "--otp: a %s shows no OTP", identify_name(s));
    enum status status = efuse_read_key(s);
    if (status == STATUS_OK)
        status = protect_read(s);
    if (status == STATUS_OK)
        status = read_into(s, image, 0, BEKEN_BOOT_SIZE);
    if (status == STATUS_OK && cli_has(job->args, "full"))
        status = read_into(s, image, BEKEN_BOOT_SIZE, s->chip.size - BEKEN_BOOT_SIZE);
    else if (status == STATUS_OK && chip)
        status = read_into(s, image, chip->rf_offset, RF_SECTOR_SIZE);
    if (status != STATUS_OK)
        return status;
    chip_job_describe(job);
    chip_job_say(job, "flash", NULL, "flash:      %s, id %06X, %u KiB",
                 s->chip.flash ? s->chip.flash->name : "unknown", (unsigned)s->chip.flash_id,
                 (unsigned)(s->chip.size / 1024));
    say_protection(job);
    say_key(job);
    say_boot(job, image, s->chip.size);
    say_rf(job, image);
    if (cli_has(job->args, "full"))
        say_image(job, image, s->chip.size);
    return cli_has(job->args, "otp") ? save_otp(job, cli_get(job->args, "otp")) : STATUS_OK;
}

static enum cli_exit run(const struct cli_args *args) {
    struct chip_job job;
    char why[256];
    if (cli_has(args, "otp") &&
        !file_can_write(cli_get(args, "otp"), cli_has(args, "force"), why, sizeof why))
        return cli_fail(args, CLI_FAILED, "%s", why);
    enum cli_exit code = chip_job_begin(&job, args);
    if (code != CLI_OK)
        return code;
    uint8_t *image = malloc(job.session.chip.size);
    if (!image)
        return chip_job_end(&job, session_fail(&job.session, STATUS_NO_SPACE, "no memory"));
    memset(image, 0xFF, job.session.chip.size);
    enum status status = examine(&job, image);
    free(image);
    return chip_job_end(&job, status);
}

static const struct cli_option options[] = {
    CHIP_JOB_OPTIONS,
    {"full", 0, NULL, "read the whole flash to name the application, too", NULL, false},
    {"otp", 0, "FILE", "save the one-time memory of a BK7236 or BK7258", NULL, false},
    {"force", 'f', NULL, "overwrite that file", NULL, false},
    {0},
};
static const struct cli_example examples[] = {
    {"info -p /dev/ttyUSB0", "chip, flash, protection, key, bootloader health, MAC"},
    {"info -p virtual:bk7231n,flash=demo.bin --full", "and which application is in it"},
    {0},
};
const struct cli_command cmd_info = {
    .name = "info",
    .face = CLI_WORKBENCH,
    .summary = "say what chip answers and how its flash is",
    .arguments = "",
    .description =
        "Changes nothing. Reads the bootloader, block by block checked, and the RF "
        "block; --full reads everything and names the application. Where the chip keeps 4 bytes "
        "of key only (BK7238, BK7252N, BK7236, BK7258) every word of it is the same.",
    .options = options,
    .examples = examples,
    .run = run,
};
