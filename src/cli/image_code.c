/* plugsmith image, forms of code: logical and physical (blocks of 34 bytes), plain and encrypted.
 */
#include "cli/image_job.h"
#include "codec/beken/keys.h"
#include "workbench/image/code_form.h"

#include <stdlib.h>
#include <string.h>

/* Refuses code whose CRCs do not match, unless --force-crc; says what cannot be undone. */
static bool accept_blocks(const struct image_job *job, const struct code_notes *notes) {
    const struct beken_stripe_count *b = &notes->blocks;
    bool any = cli_has(job->args, "ignore-crc");
    if (b->good == 0 && !any) {
        cli_fail(job->args, CLI_FAILED,
                 "%s: no 34-byte block has a right CRC: this is no physical code (--ignore-crc "
                 "converts anyway)",
                 job->in);
        return false;
    }
    if (b->bad)
        cli_fail(job->args, CLI_FAILED,
                 "%s: %u of %u blocks have a wrong CRC, the first at 0x%zX%s", job->in, b->bad,
                 b->bad + b->good, b->first_bad,
                 any ? "" : " (--ignore-crc converts anyway; inspect tells more)");
    if (notes->padded && b->erased)
        cli_fail(job->args, CLI_OK,
                 "note: %u blocks of FF carry a CRC and %u are erased; the way back makes them "
                 "alike (--padding)",
                 notes->padded, b->erased);
    return b->bad == 0 || any;
}

enum cli_exit image_to_logical(struct image_job *job) {
    struct code_notes notes;
    uint8_t *out = image_room(job, job->file.size);
    if (!out)
        return CLI_FAILED;
    size_t size = code_to_logical(job->file.data, job->file.size, out, &notes);
    enum cli_exit code =
        accept_blocks(job, &notes) ? image_write(job, job->out, out, size) : CLI_FAILED;
    free(out);
    return code;
}

static enum code_padding padding_of(const struct image_job *job) {
    const char *text = cli_get(job->args, "padding");
    return text && strcmp(text, "code") == 0 ? CODE_PADDING_CODE : CODE_PADDING_ERASED;
}

enum cli_exit image_to_physical(struct image_job *job) {
    uint8_t *out = image_room(job, (job->file.size + 31) / 32 * 34);
    if (!out)
        return CLI_FAILED;
    size_t size = code_to_physical(job->file.data, job->file.size, padding_of(job), out);
    enum cli_exit code = image_write(job, job->out, out, size);
    free(out);
    return code;
}

/* Key and logical address from the options, else from the vectors in `logical` (may be NULL when
 * the data are plain and nothing can be recognised). */
static bool choose_key(const struct image_job *job, const uint8_t *logical, size_t size,
                       struct beken_key *key, uint32_t *address) {
    const char *text = cli_get(job->args, "key");
    uint64_t at = BEKEN_LOGICAL_BLOCK * 0x800u;
    bool known = logical && code_recognise(logical, size, key, address);
    if (known)
        at = *address;
    if (!cli_number(job->args, "address", 0, 0xFFFFFFFC, &at))
        return false;
    if (text && !beken_key_parse(text, key)) {
        cli_fail(job->args, CLI_USAGE,
                 "--key: '%s' is neither four hex words nor one of tuya, none", text);
        return false;
    }
    if (!text && !known) {
        cli_fail(job->args, CLI_FAILED,
                 "%s: no known key makes code of it; give --key (and --address when it does not "
                 "start at 0x10000)",
                 job->in);
        return false;
    }
    *address = (uint32_t)at;
    const struct beken_known_key *row = beken_key_lookup(key);
    fprintf(stderr, "key %s, logical address 0x%X\n", row ? row->name : "as given", *address);
    return true;
}

enum cli_exit image_decrypt(struct image_job *job) {
    struct beken_key key;
    uint32_t address;
    if (!choose_key(job, job->file.data, job->file.size, &key, &address))
        return cli_has(job->args, "key") ? CLI_USAGE : CLI_FAILED;
    code_crypt(&key, address, job->file.data, job->file.size);
    return image_write(job, job->out, job->file.data, job->file.size);
}

enum cli_exit image_encrypt(struct image_job *job) {
    struct beken_key key;
    uint32_t address;
    if (!cli_has(job->args, "key"))
        return cli_fail(job->args, CLI_USAGE, "encrypt needs --key (tuya, none or four hex words)");
    if (!choose_key(job, NULL, 0, &key, &address))
        return CLI_USAGE;
    code_crypt(&key, address, job->file.data, job->file.size);
    return image_write(job, job->out, job->file.data, job->file.size);
}

/* Physical and encrypted to logical and plain in one go. */
enum cli_exit image_decode(struct image_job *job) {
    struct code_notes notes;
    struct beken_key key;
    uint32_t address;
    enum cli_exit code = CLI_FAILED;
    uint8_t *out = image_room(job, job->file.size);
    if (!out)
        return CLI_FAILED;
    size_t size = code_to_logical(job->file.data, job->file.size, out, &notes);
    if (accept_blocks(job, &notes) && choose_key(job, out, size, &key, &address)) {
        code_crypt(&key, address, out, size);
        code = image_write(job, job->out, out, size);
    }
    free(out);
    return code;
}

enum cli_exit image_encode(struct image_job *job) {
    struct beken_key key;
    uint32_t address;
    if (!cli_has(job->args, "key"))
        return cli_fail(job->args, CLI_USAGE, "encode needs --key (tuya, none or four hex words)");
    if (!choose_key(job, NULL, 0, &key, &address))
        return CLI_USAGE;
    code_crypt(&key, address, job->file.data, job->file.size);
    return image_to_physical(job);
}
