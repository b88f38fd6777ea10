/* What verbs on a chip have in common beyond the connection: a range and a file from the command
 * line, and the line that says which chip it is. */
#include "cli/chip_job.h"

#include "workbench/flasher/identify.h"
#include "workbench/host/unpack.h"

bool chip_job_range(struct chip_job *job, const char *offset, const char *size, uint32_t *start,
                    uint32_t *length) {
    uint64_t from = 0, count = 0;
    uint32_t flash = job->session.chip.size;
    if ((offset && !cli_parse_number("OFFSET", offset, 0, flash, &from)) ||
        (size && !cli_parse_number("SIZE", size, 1, flash, &count)))
        return false;
    if (!size)
        count = flash - from;
    if (from % BEKEN_SECTOR || count % BEKEN_SECTOR || from + count > flash || !count) {
        chip_job_fail(job, CLI_USAGE,
                      "%06llX+%llX: offset and size must be multiples of 0x1000 inside the flash "
                      "(0x%X)",
                      (unsigned long long)from, (unsigned long long)count, (unsigned)flash);
        return false;
    }
    *start = (uint32_t)from;
    *length = (uint32_t)count;
    return true;
}

bool chip_job_read_file(const char *path, struct file *file, char *why, size_t why_size) {
    const char *packed;
    if (!file_read(path, FILE_IMAGE_LIMIT, file, why, why_size))
        return false;
    if (file_unpack(file, FILE_IMAGE_LIMIT, &packed, why, why_size))
        return true;
    file_free(file);
    return false;
}

void chip_job_describe(struct chip_job *job) {
    const struct session_chip *c = &job->session.chip;
    chip_job_say(job, "chip",
                 json_pack("{s:s, s:I, s:s, s:I, s:s, s:i, s:s}", "chip",
                           identify_name(&job->session), "chip_id", (json_int_t)c->chip_id,
                           "answered_by", c->family == BEKEN_FAMILY_F ? "boot ROM" : "bootloader",
                           "flash_id", (json_int_t)c->flash_id, "flash",
                           c->flash ? c->flash->name : "", "size", (int)c->size, "bootloader",
                           c->bootloader ? c->bootloader->name : c->version),
                 "%s, %u KiB of flash%s%s, at %u baud", identify_name(&job->session),
                 (unsigned)(c->size / 1024), c->flash ? " " : "", c->flash ? c->flash->name : "",
                 (unsigned)session_baud(&job->session));
}
