/* plugsmith image, pieces: cut one out by address, split a dump at its usual borders, lay several
 * over one another. */
#include "cli/image_job.h"
#include "codec/beken/stripe.h"

#include <stdlib.h>
#include <string.h>

enum cli_exit image_cut(struct image_job *job) {
    uint64_t offset = 0, size = UINT64_MAX;
    if (!cli_number(job->args, "offset", 0, FILE_IMAGE_LIMIT, &offset) ||
        !cli_number(job->args, "size", 1, FILE_IMAGE_LIMIT, &size))
        return CLI_USAGE;
    if (!cli_has(job->args, "size") && offset < job->file.size)
        size = job->file.size - offset;
    if (offset >= job->file.size || size > job->file.size - offset)
        return cli_fail(job->args, CLI_FAILED,
                        "%s: 0x%llX bytes from 0x%llX lie beyond its end (0x%zX)", job->in,
                        (unsigned long long)size, (unsigned long long)offset, job->file.size);
    return image_write(job, job->out, job->file.data + offset, size);
}

/* Writes `name` beside the prefix when the file reaches that far. */
static enum cli_exit split_part(struct image_job *job, const char *name, size_t from, size_t to) {
    char path[4096];
    if (from >= job->file.size)
        return CLI_OK;
    if (to > job->file.size)
        to = job->file.size;
    if (snprintf(path, sizeof path, "%s%s.bin", job->out, name) >= (int)sizeof path)
        return cli_fail(job->args, CLI_FAILED, "%s: name too long", job->out);
    return image_write(job, path, job->file.data + from, to - from);
}

enum cli_exit image_split(struct image_job *job) {
    enum { APP = 0x11000 };
    if (beken_stripe_grid(job->file.data, job->file.size) != 0 || job->file.size <= APP)
        return cli_fail(job->args, CLI_FAILED,
                        "%s: does not start with a bootloader (no striped code at 0): nothing to "
                        "split",
                        job->in);
    size_t end = APP;
    for (size_t at = APP; at + BEKEN_PHYSICAL_BLOCK <= job->file.size; at += BEKEN_PHYSICAL_BLOCK)
        if (beken_block_check(job->file.data + at) == BEKEN_BLOCK_GOOD)
            end = at + BEKEN_PHYSICAL_BLOCK;
    enum cli_exit code = split_part(job, "bootloader", 0, APP);
    if (code == CLI_OK)
        code = split_part(job, "app", APP, end);
    return code == CLI_OK ? split_part(job, "rest", end, job->file.size) : code;
}

/* Lays FILE@OFFSET pieces over the first file; gaps are FF. */
enum cli_exit image_join(struct image_job *job) {
    const struct cli_args *args = job->args;
    size_t size = job->file.size;
    for (int i = 3; i < args->count; i++) {
        const char *at = strrchr(args->positional[i], '@');
        uint64_t offset;
        char name[4096], why[512];
        struct file piece;
        if (!at)
            return cli_fail(args, CLI_USAGE, "join: '%s' is not FILE@OFFSET", args->positional[i]);
        snprintf(name, sizeof name, "%.*s", (int)(at - args->positional[i]), args->positional[i]);
        if (!cli_parse_number(args->positional[i], at + 1, 0, FILE_IMAGE_LIMIT, &offset))
            return CLI_USAGE;
        if (!file_read(name, FILE_IMAGE_LIMIT, &piece, why, sizeof why))
            return cli_fail(args, CLI_FAILED, "%s", why);
        size_t end = offset + piece.size > size ? offset + piece.size : size;
        uint8_t *larger = realloc(job->file.data, end + 1);
        if (!larger) {
            file_free(&piece);
            return cli_fail(args, CLI_FAILED, "out of memory");
        }
        job->file.data = larger;
        memset(larger + size, 0xFF, end - size);
        memcpy(larger + offset, piece.data, piece.size);
        size = end;
        file_free(&piece);
    }
    return image_write(job, job->out, job->file.data, size);
}
