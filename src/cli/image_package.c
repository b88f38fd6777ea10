/* plugsmith image, update containers: RBL with its header and packing, UG. */
#include "base/bytes.h"
#include "cli/image_job.h"
#include "codec/beken/ug.h"
#include "workbench/image/package.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum cli_exit image_rbl_unpack(struct image_job *job) {
    struct rbl_header rbl;
    struct fault fault;
    uint8_t *code;
    size_t size;
    if (rbl_decode(job->file.data, job->file.size, &rbl, &fault))
        return cli_fail(job->args, CLI_FAILED, "%s: offset 0x%zX: expected %s", job->in,
                        fault.offset, fault.expected);
    enum status status =
        package_unpack(&rbl, job->file.data + RBL_HEADER_SIZE, job->file.size - RBL_HEADER_SIZE,
                       &package_default_keys, &code, &size);
    enum cli_exit result = CLI_FAILED;
    if (status)
        cli_fail(job->args, CLI_FAILED, "%s: package of %u bytes: %s", job->in, rbl.package_size,
                 status_text(status));
    else {
        fprintf(stderr, "%s %s, %u bytes packed\n", rbl.name, rbl.version, rbl.package_size);
        result = image_write(job, job->out, code, size);
    }
    free(code);
    return result;
}

static bool fill_header(const struct image_job *job, struct rbl_header *rbl) {
    const char *name = cli_get(job->args, "name"), *version = cli_get(job->args, "version");
    const char *pack = cli_get(job->args, "pack");
    uint64_t timestamp = (uint64_t)time(NULL);
    *rbl = (struct rbl_header){.encryption = RBL_AES256, .compression = RBL_GZIP};
    if (pack && !strstr(pack, "aes"))
        rbl->encryption = RBL_PLAIN;
    if (pack && !strstr(pack, "gzip"))
        rbl->compression = RBL_STORED;
    snprintf(rbl->name, sizeof rbl->name, "%s", name ? name : "app");
    snprintf(rbl->version, sizeof rbl->version, "%s", version ? version : "1.00");
    memset(rbl->serial, '0', RBL_VERSION_SIZE - 1);
    if (!cli_number(job->args, "timestamp", 0, UINT32_MAX, &timestamp))
        return false;
    rbl->timestamp = (uint32_t)timestamp;
    return true;
}

enum cli_exit image_rbl_pack(struct image_job *job) {
    struct rbl_header rbl;
    uint8_t *package;
    size_t size;
    if (!fill_header(job, &rbl))
        return CLI_USAGE;
    enum status status =
        package_pack(&rbl, job->file.data, job->file.size, &package_default_keys, &package, &size);
    if (status)
        return cli_fail(job->args, CLI_FAILED, "%s: %s", job->in, status_text(status));
    enum cli_exit code = CLI_FAILED;
    uint8_t *out = image_room(job, RBL_HEADER_SIZE + size);
    if (out) {
        rbl_encode(&rbl, out);
        memcpy(out + RBL_HEADER_SIZE, package, size);
        code = image_write(job, job->out, out, RBL_HEADER_SIZE + size);
    }
    free(out);
    free(package);
    return code;
}

enum cli_exit image_ug_unpack(struct image_job *job) {
    struct ug_header ug;
    struct fault fault;
    if (ug_decode(job->file.data, job->file.size, &ug, &fault))
        return cli_fail(job->args, CLI_FAILED, "%s: offset 0x%zX: expected %s", job->in,
                        fault.offset, fault.expected);
    fprintf(stderr, "version %s\n", ug.version);
    return image_write(job, job->out, job->file.data + UG_HEADER_SIZE, ug.payload_size);
}

enum cli_exit image_ug_pack(struct image_job *job) {
    const char *version = cli_get(job->args, "version");
    uint8_t *out = image_room(job, UG_HEADER_SIZE + job->file.size);
    if (!out)
        return CLI_FAILED;
    memcpy(out + UG_HEADER_SIZE, job->file.data, job->file.size);
    ug_encode(version ? version : "1.00", out + UG_HEADER_SIZE, (uint32_t)job->file.size, out);
    enum cli_exit code = image_write(job, job->out, out, UG_HEADER_SIZE + job->file.size);
    free(out);
    return code;
}
