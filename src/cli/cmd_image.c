/* plugsmith image: changes the form of an image and nothing else. One row per verb; what they do is
 * in image_code.c, image_package.c and image_pieces.c. */
#include "cli/commands.h"
#include "cli/image_job.h"

#include <stdlib.h>
#include <string.h>

enum cli_exit image_write(const struct image_job *job, const char *path, const void *data,
                          size_t size) {
    char why[512];
    if (!file_write(path, data, size, cli_has(job->args, "force"), why, sizeof why))
        return cli_fail(job->args, CLI_FAILED, "%s", why);
    if (strcmp(path, "-") != 0)
        printf("%s: %zu bytes (0x%zX)\n", path, size, size);
    return CLI_OK;
}

uint8_t *image_room(const struct image_job *job, size_t size) {
    uint8_t *out = malloc(size ? size : 1);
    if (!out)
        cli_fail(job->args, CLI_FAILED, "out of memory");
    return out;
}

static const struct verb {
    const char *name;
    enum cli_exit (*run)(struct image_job *job);
} verbs[] = {
    {"to-logical", image_to_logical},
    {"to-physical", image_to_physical},
    {"decrypt", image_decrypt},
    {"encrypt", image_encrypt},
    {"decode", image_decode},
    {"encode", image_encode},
    {"rbl-unpack", image_rbl_unpack},
    {"rbl-pack", image_rbl_pack},
    {"ug-unpack", image_ug_unpack},
    {"ug-pack", image_ug_pack},
    {"cut", image_cut},
    {"split", image_split},
    {"join", image_join},
};

static enum cli_exit run(const struct cli_args *args) {
    char why[512];
    struct image_job job = {.args = args, .in = args->positional[1], .out = args->positional[2]};
    bool many = strcmp(args->positional[0], "join") == 0;
    if (args->count > 3 && !many)
        return cli_fail(args, CLI_USAGE, "unexpected argument '%s'", args->positional[3]);
    if (!file_read(job.in, FILE_IMAGE_LIMIT, &job.file, why, sizeof why))
        return cli_fail(args, CLI_FAILED, "%s", why);
    enum cli_exit code = CLI_USAGE;
    if (job.file.size == 0)
        code = cli_fail(args, CLI_FAILED, "%s: is empty", job.in);
    else
        for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
            if (strcmp(verbs[i].name, args->positional[0]) == 0)
                code = verbs[i].run(&job);
    file_free(&job.file);
    return code;
}

static const struct cli_option options[] = {
    {"key", 'k', "KEY", "coefficients: tuya, none, or four hex words (default: recognised)", NULL,
     false},
    {"address", 'a', "ADDRESS",
     "logical address of the first byte (default: recognised, else 0x10000)", NULL, false},
    {"padding", 0, "KIND", "what blocks of FF become: erased flash, or code with a CRC",
     "erased|code", false},
    {"ignore-crc", 0, NULL, "convert even where block CRCs are wrong", NULL, false},
    {"offset", 0, "OFFSET", "cut: first byte", NULL, false},
    {"size", 0, "SIZE", "cut: number of bytes (default: to the end)", NULL, false},
    {"pack", 0, "HOW", "rbl-pack: packing of the code", "gzip+aes|gzip|aes|none", false},
    {"name", 0, "NAME", "rbl-pack: partition name (app)", NULL, false},
    {"version", 0, "TEXT", "rbl-pack, ug-pack: version (1.00)", NULL, false},
    {"timestamp", 0, "SECONDS", "rbl-pack: Unix time (now)", NULL, false},
    {"force", 'f', NULL, "replace an existing OUT", NULL, false},
    {0},
};

static const struct cli_example examples[] = {
    {"image decode app_UA.bin app.elf.bin", "plain code for a disassembler, from a UA file"},
    {"image encode --key tuya app.bin app_UA.bin", "and back"},
    {"image split OpenBK7231N_QIO.bin part-", "bootloader and application of a QIO file"},
    {"image cut --offset 0x1D0000 --size 4k dump.bin rf.bin", "the RF block of a BK7231N"},
    {"image join boot.bin whole.bin app.bin@0x11000", "lay an application behind a bootloader"},
    {"image rbl-unpack firmware.rbl app.bin", "the code inside an update"},
    {0},
};

const struct cli_command cmd_image = {
    .name = "image",
    .face = CLI_WORKBENCH,
    .summary = "change the form of an image: CRCs, encryption, RBL, UG, cut, join",
    .arguments = "VERB IN OUT [FILE@OFFSET...]",
    .least = 3,
    .most = -1,
    .verbs = "to-logical|to-physical|decrypt|encrypt|decode|encode|rbl-unpack|rbl-pack|ug-unpack|"
             "ug-pack|cut|split|join",
    .description =
        "to-logical removes the 2 CRC bytes after every 32, to-physical adds them. decrypt and "
        "encrypt\nwork on logical code; decode and encode do both steps. Keys and addresses are "
        "recognised by the\nexception vectors where they can be.\n\n"
        "split takes a file name prefix as OUT and writes bootloader, app and rest. IN may be - "
        "for "
        "standard\ninput, OUT - for standard output.",
    .options = options,
    .examples = examples,
    .run = run,
};
