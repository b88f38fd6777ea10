/* plugsmith flash: an image onto a chip, safely: recognised, checked against the chip, backed up
 * first, only what differs written, everything verified; once, or as a station. */
#include "cli/commands.h"
#include "cli/station.h"

#include <stdlib.h>

static enum cli_exit once(const struct cli_args *args, const struct flash_wish *wish) {
    struct chip_job job;
    enum cli_exit code = chip_job_begin(&job, args);
    if (code != CLI_OK)
        return code;
    chip_job_describe(&job);
    return chip_job_end(&job, flash_job(&job, wish));
}

static enum cli_exit run(const struct cli_args *args) {
    struct file image;
    char why[1024];
    const char *template = cli_get(args, "template"), *settings = cli_get(args, "config");
    struct obk_wish *config = NULL;
    if (template || settings) {
        if (!(config = calloc(1, sizeof *config)))
            return cli_fail(args, CLI_FAILED, "no memory");
        if (!obk_wish_read(template, settings, config, why, sizeof why)) {
            free(config);
            return cli_fail(args, CLI_FAILED, "%s", why);
        }
    }
    if (!chip_job_read_file(args->positional[0], &image, why, sizeof why)) {
        free(config);
        return cli_fail(args, CLI_FAILED, "%s", why);
    }
    struct flash_wish wish = {.image = &image,
                              .image_name = args->positional[0],
                              .backup = cli_get(args, "backup"),
                              .config = config,
                              .label = cli_get(args, "label")};
    enum cli_exit code = cli_has(args, "station") ? station_run(args, &wish) : once(args, &wish);
    file_free(&image);
    free(config);
    return code;
}

static const struct cli_option options[] = {
    CHIP_JOB_OPTIONS,
    CHIP_WRITE_OPTIONS,
    CHANGE_REGION_OPTIONS,
    {"backup", 0, "FILE", "where the backup goes (default backup-CHIP-TIME.bin)", NULL, false},
    {"no-backup", 0, NULL, "there is a backup already; compare by checksum only", NULL, false},
    {"rekey", 0, NULL, "encrypt the application anew for this chip's key", NULL, false},
    {"template", 0, "FILE.json", "write pins and start-up command of this OpenBeken template", NULL,
     false},
    {"config", 0, "FILE.json", "write these settings (wifi_ssid, mqtt_host, short_name, …)", NULL,
     false},
    {"label", 0, "TEXT", "replaces {label} in the settings", NULL, false},
    {"station", 0, NULL, "one device after another, at every --port given", NULL, false},
    {"labels", 0, "FILE", "station: a label for each device, one a line", NULL, false},
    {"serial", 0, "NUMBER", "station: first serial number, when there are no labels (default 1)",
     NULL, false},
    {"count", 0, "NUMBER", "station: devices at each port (default: no end)", NULL, false},
    {"station-log", 0, "FILE", "station: append one line for each device", NULL, false},
    {0},
};
static const struct cli_example examples[] = {
    {"flash -p /dev/ttyUSB0 OpenBK7231N_QIO.bin", "free a plug: backup, plan, write, verify"},
    {"flash -p /dev/ttyUSB0 --dry-run OpenBK7231N_QIO.bin", "only say what would be done"},
    {"flash -p /dev/ttyUSB0 --template plug.json --config home.json OpenBK7231N_QIO.bin",
     "the same, and the plug comes up with its pins and in the network"},
    {"flash --station -p /dev/ttyUSB0 -p /dev/ttyUSB1 --yes --labels names.txt "
     "--station-log done.tsv OpenBK7231N_QIO.bin",
     "a station with two adapters"},
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
        "otherwise, and verifies the whole flash at the end. A job that broke off goes on when the "
        "same command is given again.\n\n"
        "With --template and --config the firmware's configuration is written in the same go, over "
        "what the chip already holds; {label} in a setting becomes the device's label.\n\n"
        "With --station it waits at every port for one device after another. Each has a label "
        "(from --labels, else a serial number), which prefixes its lines, names its backup and "
        "stands in the log: time, label, port, outcome, seconds, chip or reason, separated by "
        "tabs.",
    .options = options,
    .examples = examples,
    .run = run,
};
