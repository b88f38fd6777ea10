/* plugsmith repair: a damaged bootloader from a known-good one, a lost RF block from a backup or
 * rebuilt. */
#include "base/text.h"
#include "cli/change.h"
#include "cli/commands.h"
#include "codec/beken/keys.h"
#include "codec/beken/rf.h"
#include "workbench/flasher/boot_health.h"
#include "workbench/flasher/efuse.h"
#include "workbench/flasher/identify.h"
#include "workbench/host/unpack.h"

#include <stdlib.h>

static enum status read_present(struct session *s, struct backup *b, uint32_t start,
                                uint32_t size) {
    if (!backup_alloc(b, start, size))
        return session_fail(s, STATUS_NO_SPACE, "no memory");
    enum status status = backup_run(s, b);
    if (status != STATUS_OK)
        backup_free(b);
    return status;
}

static enum status apply(struct chip_job *job, const struct backup *b, const uint8_t *target,
                         unsigned kind, const char *what) {
    struct session *s = &job->session;
    struct program p;
    if (!program_alloc(&p, b->start, b->size, target))
        return session_fail(s, STATUS_NO_SPACE, "no memory");
    regions_guard(&p, s->chip.chip, s->chip.size, 1u << kind);
    enum status status = change_apply(job, &p, &(struct change){what, b->data, NULL});
    program_free(&p);
    return status;
}

static enum status check_key(struct session *s, const struct beken_bootloader *version) {
    enum status status = efuse_read_key(s);
    struct beken_key key;
    if (status != STATUS_OK || !version || !s->chip.has_key ||
        !beken_key_parse(version->key, &key) || beken_key_equal(&key, &s->chip.key))
        return status;
    return session_fail(s, STATUS_REFUSED,
                        "%s is for chips with the key '%s'; this chip holds another and would not "
                        "boot it",
                        version->name, version->key);
}

static enum status repair_boot(struct chip_job *job, const struct file *reference) {
    struct session *s = &job->session;
    struct backup b;
    struct boot_health health, good;
    static uint8_t target[BEKEN_BOOT_SIZE];
    char why[160];
    if (s->chip.family == BEKEN_FAMILY_B)
        return session_fail(s, STATUS_REFUSED,
                            "this chip answers from the bootloader that would be rewritten; one "
                            "failure would end that. Use an SPI programmer");
    enum status status = read_present(s, &b, 0, BEKEN_BOOT_SIZE);
    if (status != STATUS_OK)
        return status;
    boot_health_check(b.data, b.size, &health);
    chip_job_say(job, "bootloader",
                 json_pack("{s:i, s:i, s:b, s:s}", "bad_blocks", (int)health.blocks.bad,
                           "first_bad", health.blocks.bad ? (int)health.blocks.first_bad : -1,
                           "proven", health.proven, "version",
                           health.version ? health.version->name : ""),
                 "bootloader: %s, %u bad blocks", health.version ? health.version->name : "unknown",
                 (unsigned)health.blocks.bad);
    if (health.proven && !health.blocks.bad)
        chip_job_say(job, "healthy", NULL, "the bootloader is whole; nothing to do");
    else if (!boot_repair_plan(b.data, reference->data, reference->size, target, why, sizeof why))
        status = session_fail(s, STATUS_REFUSED, "%s: %s", job->args->positional[0], why);
    else {
        boot_health_check(target, sizeof target, &good);
        status = check_key(s, good.version);
        if (status == STATUS_OK)
            status = apply(job, &b, target, REGION_BOOTLOADER, "repair the bootloader");
    }
    backup_free(&b);
    return status;
}

/* The last RF block in a dump. */
static const uint8_t *find_rf(const struct file *dump) {
    struct rf_block rf;
    for (size_t at = dump->size & ~(size_t)(BEKEN_SECTOR - 1); at >= BEKEN_SECTOR;) {
        at -= BEKEN_SECTOR;
        if (memcmp(dump->data + at, "TLV", 4) == 0 &&
            rf_decode(dump->data + at, BEKEN_SECTOR, &rf, NULL) == STATUS_OK)
            return dump->data + at;
    }
    return NULL;
}

static bool parse_mac(const char *text, uint8_t mac[RF_MAC_SIZE]) {
    for (int i = 0; i < RF_MAC_SIZE; i++, text += 3) {
        int high = text_hex_digit(text[0]), low = high < 0 ? -1 : text_hex_digit(text[1]);
        if (low < 0 || text[2] != (i < RF_MAC_SIZE - 1 ? ':' : '\0'))
            return false;
        mac[i] = (uint8_t)(high << 4 | low);
    }
    static const uint8_t none[RF_MAC_SIZE];
    return !(mac[0] & 1) && memcmp(mac, none, sizeof none) != 0; /* no group, not nobody */
}

static enum status repair_rf(struct chip_job *job, const struct file *reference) {
    struct session *s = &job->session;
    const char *mac_text = cli_get(job->args, "mac");
    uint8_t sector[RF_SECTOR_SIZE], mac[RF_MAC_SIZE];
    const uint8_t *found = reference->size ? find_rf(reference) : NULL;
    if (!s->chip.chip)
        return session_fail(s, STATUS_REFUSED,
                            "which chip this is is not known, so neither is "
                            "where its RF block stands");
    if (reference->size && !found)
        return session_fail(s, STATUS_NOT_FOUND, "no RF block in %s", job->args->positional[0]);
    if (mac_text && !parse_mac(mac_text, mac))
        return session_fail(
            s, STATUS_BAD_ARGUMENT,
            "--mac %s: write six bytes, XX:XX:XX:XX:XX:XX, the first one even, not all 0",
            mac_text);
    if (!found && !mac_text)
        return session_fail(s, STATUS_BAD_ARGUMENT, "give a backup with the RF block, or --mac");
    if (found) {
        memcpy(sector, found, sizeof sector);
        if (mac_text)
            memcpy(sector + RF_MAC_OFFSET, mac, RF_MAC_SIZE);
    } else
        rf_encode(mac, sector);
    struct backup b;
    enum status status = read_present(s, &b, s->chip.chip->rf_offset, RF_SECTOR_SIZE);
    if (status != STATUS_OK)
        return status;
    status = apply(job, &b, sector, REGION_RF, "write the RF block");
    backup_free(&b);
    return status;
}

static enum cli_exit run(const struct cli_args *args) {
    struct chip_job job;
    struct file reference = {0};
    char why[256];
    bool rf = cli_has(args, "rf") || cli_has(args, "mac");
    if (!args->count && !rf)
        return cli_fail(args, CLI_USAGE, "give an image or dump with a good bootloader");
    if (args->count && !chip_job_read_file(args->positional[0], &reference, why, sizeof why))
        return cli_fail(args, CLI_FAILED, "%s", why);
    enum cli_exit code = chip_job_begin(&job, args);
    if (code == CLI_OK)
        code = chip_job_end(&job, rf ? repair_rf(&job, &reference) : repair_boot(&job, &reference));
    file_free(&reference);
    return code;
}

static const struct cli_option options[] = {
    CHIP_JOB_OPTIONS,
    CHIP_WRITE_OPTIONS,
    {"rf", 0, NULL, "restore the RF block (MAC, calibration) from FILE", NULL, false},
    {"mac", 0, "XX:XX:XX:XX:XX:XX", "use this MAC; without FILE a plain RF block is built", NULL,
     false},
    {0},
};
static const struct cli_example examples[] = {
    {"repair -p /dev/ttyUSB0 OpenBK7231N_QIO.bin", "mend a bootloader with damaged sectors"},
    {"repair -p /dev/ttyUSB0 --rf backup.bin", "bring MAC and calibration back"},
    {0},
};
const struct cli_command cmd_repair = {
    .name = "repair",
    .face = CLI_WORKBENCH,
    .summary = "mend a damaged bootloader or RF block",
    .arguments = "[FILE]",
    .least = 0,
    .most = 1,
    .description =
        "Finds damaged sectors of the bootloader by the checksum of every 34-byte block, tells the "
        "version by what is whole, and writes only the damaged sectors from FILE, whose bootloader "
        "must be one that is known to be good, of the same version and for the chip's key.\n\n"
        "With --rf the RF block is taken from FILE; with --mac it gets that address, and without "
        "FILE a plain one is built.",
    .options = options,
    .examples = examples,
    .run = run,
};
