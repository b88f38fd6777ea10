/* plugsmith make-dump: a synthetic stock dump from a configuration. */
#include "cli/commands.h"
#include "workbench/dumpbuild/dumpbuild.h"
#include "workbench/host/file.h"
#include "workbench/inspector/storage.h"

#include <stdlib.h>

static void list_chips(char *out, size_t size) {
    size_t at = 0;
    for (const struct beken_chip *c = beken_chips; c->name && at < size; c++)
        if (c->app_size)
            at += (size_t)snprintf(out + at, size - at, "%s%s", at ? ", " : "", c->name);
}

/* Reads the image back: everything that was put in must be found again. */
static bool reads_back(const struct dumpbuild *plan, const uint8_t *image, size_t size) {
    struct storage *storage = malloc(sizeof *storage);
    bool good = storage && storage_find(image, size, storage);
    for (int i = 0; good && i < plan->count; i++) {
        const struct dumpbuild_value *v = &plan->value[i];
        const struct storage_key *key = storage_get(storage, v->name);
        good = key && key->checksum_ok && key->length == v->length &&
               memcmp(key->value, v->value, v->length) == 0;
    }
    good = good && storage->key_count == plan->count && storage->damage_count == 0 &&
           storage->offset == plan->chip->key_offset;
    if (storage)
        storage_free(storage);
    free(storage);
    return good;
}

static enum cli_exit build(const struct cli_args *args, struct dumpbuild *plan) {
    char why[256], chips[256];
    const char *chip = cli_get(args, "chip"), *layout = cli_get(args, "layout");
    const char *config = cli_get(args, "config"), *path = args->positional[0];
    if (!config)
        return cli_fail(args, CLI_USAGE, "--config FILE.json is needed");
    plan->chip = beken_chip_find(chip ? chip : "BK7231N");
    if (!plan->chip || !plan->chip->app_size) {
        list_chips(chips, sizeof chips);
        return cli_fail(args, CLI_USAGE, "--chip: '%s' is none of %s", chip, chips);
    }
    plan->layout = layout && strcmp(layout, "os3") == 0 ? DUMPBUILD_OS3 : DUMPBUILD_CLASSIC;
    if (!dumpbuild_read(plan, config, why, sizeof why))
        return cli_fail(args, CLI_FAILED, "%s", why);
    dumpbuild_add_decoys(plan);
    size_t size;
    uint8_t *image = dumpbuild_make(plan, &size, why, sizeof why);
    if (!image)
        return cli_fail(args, CLI_FAILED, "%s", why);
    bool good = reads_back(plan, image, size);
    bool written = good && file_write(path, image, size, cli_has(args, "force"), why, sizeof why);
    free(image);
    if (!good)
        return cli_fail(args, CLI_FAILED, "%s: a value is stored twice or does not read back",
                        config);
    if (!written)
        return cli_fail(args, CLI_FAILED, "%s", why);
    fprintf(strcmp(path, "-") == 0 ? stderr : stdout,
            "%s: synthetic %s dump, %zu KiB, %d values stored, read back and checked\n", path,
            plan->chip->name, size >> 10, plan->count);
    return CLI_OK;
}

static enum cli_exit run(const struct cli_args *args) {
    struct dumpbuild *plan = calloc(1, sizeof *plan);
    enum cli_exit code = plan ? build(args, plan) : cli_fail(args, CLI_FAILED, "out of memory");
    free(plan);
    return code;
}

static const struct cli_option options[] = {
    {"config", 'c', "FILE.json", "configuration to put into the storage ('-': standard input)",
     NULL, false},
    {"chip", 0, "CHIP", "chip whose flash is imitated (default bk7231n)", NULL, false},
    {"layout", 0, "KIND", "how values are laid out: classic, or os3 as TuyaOS 3 does",
     "classic|os3", false},
    {"force", 'f', NULL, "replace OUT when it exists", NULL, false},
    {0},
};

static const struct cli_example examples[] = {
    {"make-dump --config docs/guide/demo/t34-plug-bl0937.json --chip t34 plug.bin",
     "a metering plug to try the inspector on"},
    {"make-dump --config plug.json --chip bk7231t --layout os3 plug.bin",
     "the same plug with another chip and storage layout"},
    {0},
};

const struct cli_command cmd_make_dump = {
    .name = "make-dump",
    .face = CLI_WORKBENCH,
    .summary = "build a synthetic stock dump from a configuration",
    .arguments = "--config FILE.json OUT",
    .least = 1,
    .most = 1,
    .description =
        "Writes what a full read of a stock plug would give: bootloader and application with valid "
        "vectors, partition table, checksums and encryption, the RF block, and the storage with "
        "the given configuration. The code in it only loops and names itself synthetic; do not "
        "flash it. Licence, network and keys in the storage are plainly fake, and older copies of "
        "them stand in swap sectors as in real flash.\n\n"
        "FILE.json is either the pin configuration itself ({\"rl1_pin\": 26, \"module\": "
        "\"CB2S\"}; "
        "values may be texts) or an object of stored values by name ({\"user_param_key\": {...}, "
        "\"baud_cfg\": {\"baud\": 9600}, \"em_sys_env\": \"bk7231n\"}). The order of members is "
        "kept; the crc member is computed.",
    .options = options,
    .examples = examples,
    .run = run,
};
