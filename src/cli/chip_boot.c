/* Where the bootloader that answers flashers lies in the flash (BK7231T and relatives), the real
 * one can be run. In the other families it is in mask ROM, which no dump holds. */
#include "cli/chip_boot.h"

#include "base/text.h"
#include "cli/soc_wire.h"
#include "workbench/emulator/mask_line.h"
#include "workbench/host/file.h"
#include "workbench/host/unpack.h"

#include <stdlib.h>
#include <string.h>

enum { TICKS_PER_US = 60 };

struct boot {
    struct soc_wire wire;
    char chip[16];
    bool verbose;
};

static void tell(const char *text) {
    char line[1200];
    snprintf(line, sizeof line, "%s", text + strspn(text, "\r\n"));
    mask_line(line);
    fprintf(stderr, "UART2: %s\n", line);
}

static void on_record(void *context, const struct soc_record *r) {
    struct boot *boot = context;
    soc_wire_take(&boot->wire, r);
    if (r->kind == SOC_CHIP)
        snprintf(boot->chip, sizeof boot->chip, "%s", r->text);
    if (boot->verbose && r->kind == SOC_LOG)
        tell(r->text);
}

static bool answers(const char *chip) {
    static const char *const chips[] = {"bk7231t", "bk7231u", "bk7231q", "bk7252"};
    for (size_t i = 0; i < sizeof chips / sizeof *chips; i++)
        if (text_same(chip, chips[i]))
            return true;
    return false;
}

static enum cli_exit save(const struct cli_args *args, const uint8_t *flash, size_t size) {
    char why[300];
    if (cli_has(args, "flash") &&
        !file_write(cli_get(args, "flash"), flash, size, true, why, sizeof why))
        return cli_fail(args, CLI_FAILED, "%s", why);
    return CLI_OK;
}

static enum cli_exit serve(const struct cli_args *args, struct boot *boot, struct file *file,
                           const struct serve_options *options) {
    char why[400] = "";
    bool save_it = cli_has(args, "flash");
    const struct soc_live_options live = {
        .request = {.ticks_per_us = TICKS_PER_US, .save = save_it, .raw_uart1 = true},
        .on = on_record,
        .context = boot};
    boot->wire.bootloader = true;
    boot->wire.live = soc_live_start(&live, file->data, file->size, why, sizeof why);
    if (!boot->wire.live)
        return cli_fail(args, CLI_FAILED, "%s: %s", cli_get(args, "boot"), why);
    enum cli_exit code = CLI_OK;
    if (!answers(boot->chip))
        code = cli_fail(args, CLI_FAILED,
                        "%s: the bootloader of a %s answers no flasher, its boot ROM does; "
                        "take plugsmith chip %s --flash FILE",
                        cli_get(args, "boot"), boot->chip, boot->chip);
    else if (!soc_wire_serve(&boot->wire, options, options->stop, why, sizeof why))
        code = cli_fail(args, CLI_FAILED, "%s", why);
    size_t saved = soc_live_end(boot->wire.live, save_it ? file->data : NULL, file->size);
    if (code == CLI_OK && saved == file->size)
        code = save(args, file->data, saved);
    return code;
}

enum cli_exit chip_boot(const struct cli_args *args, const struct serve_options *options) {
    struct file file;
    char why[400], reason[300];
    const char *path = cli_get(args, "boot"), *packed;
    struct boot *boot = calloc(1, sizeof *boot);
    if (!boot || !file_read(path, FILE_IMAGE_LIMIT, &file, why, sizeof why)) {
        enum cli_exit code = cli_fail(args, CLI_FAILED, "%s", boot ? why : "out of memory");
        free(boot);
        return code;
    }
    boot->verbose = cli_has(args, "verbose");
    enum cli_exit code;
    if (file_unpack(&file, FILE_IMAGE_LIMIT, &packed, reason, sizeof reason))
        code = serve(args, boot, &file, options);
    else
        code = cli_fail(args, CLI_FAILED, "%s: %s", path, reason);
    file_free(&file);
    free(boot);
    return code;
}
