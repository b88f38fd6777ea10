/* plugsmith image: changes the form of an image and nothing else. One row per verb; each takes the
 * whole input file and gives a whole output file, so that nothing is ever half-written. */
#include "base/bytes.h"
#include "cli/commands.h"
#include "codec/beken/keys.h"
#include "codec/beken/ug.h"
#include "workbench/host/file.h"
#include "workbench/image/code_form.h"
#include "workbench/image/package.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* One call: what is read, where the result goes. */
struct job {
    const struct cli_args *args;
    const char *in, *out;
    struct file file;
};

static enum cli_exit write_result(const struct job *job, const char *path, const void *data,
                                  size_t size) {
    char why[512];
    if (!file_write(path, data, size, cli_has(job->args, "force"), why, sizeof why))
        return cli_fail(job->args, CLI_FAILED, "%s", why);
    if (strcmp(path, "-") != 0)
        printf("%s: %zu bytes (0x%zX)\n", path, size, size);
    return CLI_OK;
}

static uint8_t *room(const struct job *job, size_t size) {
    uint8_t *out = malloc(size ? size : 1);
    if (!out)
        cli_fail(job->args, CLI_FAILED, "out of memory");
    return out;
}

/* Refuses code whose CRCs do not match, unless --force-crc; says what cannot be undone. */
static bool accept_blocks(const struct job *job, const struct code_notes *notes) {
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

static enum cli_exit to_logical(struct job *job) {
    struct code_notes notes;
    uint8_t *out = room(job, job->file.size);
    if (!out)
        return CLI_FAILED;
    size_t size = code_to_logical(job->file.data, job->file.size, out, &notes);
    enum cli_exit code =
        accept_blocks(job, &notes) ? write_result(job, job->out, out, size) : CLI_FAILED;
    free(out);
    return code;
}

static enum code_padding padding_of(const struct job *job) {
    const char *text = cli_get(job->args, "padding");
    return text && strcmp(text, "code") == 0 ? CODE_PADDING_CODE : CODE_PADDING_ERASED;
}

static enum cli_exit to_physical(struct job *job) {
    uint8_t *out = room(job, (job->file.size + 31) / 32 * 34);
    if (!out)
        return CLI_FAILED;
    size_t size = code_to_physical(job->file.data, job->file.size, padding_of(job), out);
    enum cli_exit code = write_result(job, job->out, out, size);
    free(out);
    return code;
}

/* Key and logical address from the options, else from the vectors in `logical` (may be NULL when
 * the data are plain and nothing can be recognised). */
static bool choose_key(const struct job *job, const uint8_t *logical, size_t size,
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

static enum cli_exit decrypt(struct job *job) {
    struct beken_key key;
    uint32_t address;
    if (!choose_key(job, job->file.data, job->file.size, &key, &address))
        return cli_has(job->args, "key") ? CLI_USAGE : CLI_FAILED;
    code_crypt(&key, address, job->file.data, job->file.size);
    return write_result(job, job->out, job->file.data, job->file.size);
}

static enum cli_exit encrypt(struct job *job) {
    struct beken_key key;
    uint32_t address;
    if (!cli_has(job->args, "key"))
        return cli_fail(job->args, CLI_USAGE, "encrypt needs --key (tuya, none or four hex words)");
    if (!choose_key(job, NULL, 0, &key, &address))
        return CLI_USAGE;
    code_crypt(&key, address, job->file.data, job->file.size);
    return write_result(job, job->out, job->file.data, job->file.size);
}

/* Physical and encrypted to logical and plain in one go. */
static enum cli_exit decode(struct job *job) {
    struct code_notes notes;
    struct beken_key key;
    uint32_t address;
    enum cli_exit code = CLI_FAILED;
    uint8_t *out = room(job, job->file.size);
    if (!out)
        return CLI_FAILED;
    size_t size = code_to_logical(job->file.data, job->file.size, out, &notes);
    if (accept_blocks(job, &notes) && choose_key(job, out, size, &key, &address)) {
        code_crypt(&key, address, out, size);
        code = write_result(job, job->out, out, size);
    }
    free(out);
    return code;
}

static enum cli_exit encode(struct job *job) {
    struct beken_key key;
    uint32_t address;
    if (!cli_has(job->args, "key"))
        return cli_fail(job->args, CLI_USAGE, "encode needs --key (tuya, none or four hex words)");
    if (!choose_key(job, NULL, 0, &key, &address))
        return CLI_USAGE;
    code_crypt(&key, address, job->file.data, job->file.size);
    return to_physical(job);
}

static enum cli_exit rbl_unpack(struct job *job) {
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
        result = write_result(job, job->out, code, size);
    }
    free(code);
    return result;
}

static bool fill_header(const struct job *job, struct rbl_header *rbl) {
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

static enum cli_exit rbl_pack(struct job *job) {
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
    uint8_t *out = room(job, RBL_HEADER_SIZE + size);
    if (out) {
        rbl_encode(&rbl, out);
        memcpy(out + RBL_HEADER_SIZE, package, size);
        code = write_result(job, job->out, out, RBL_HEADER_SIZE + size);
    }
    free(out);
    free(package);
    return code;
}

static enum cli_exit ug_unpack(struct job *job) {
    struct ug_header ug;
    struct fault fault;
    if (ug_decode(job->file.data, job->file.size, &ug, &fault))
        return cli_fail(job->args, CLI_FAILED, "%s: offset 0x%zX: expected %s", job->in,
                        fault.offset, fault.expected);
    fprintf(stderr, "version %s\n", ug.version);
    return write_result(job, job->out, job->file.data + UG_HEADER_SIZE, ug.payload_size);
}

static enum cli_exit ug_pack(struct job *job) {
    const char *version = cli_get(job->args, "version");
    uint8_t *out = room(job, UG_HEADER_SIZE + job->file.size);
    if (!out)
        return CLI_FAILED;
    memcpy(out + UG_HEADER_SIZE, job->file.data, job->file.size);
    ug_encode(version ? version : "1.00", out + UG_HEADER_SIZE, (uint32_t)job->file.size, out);
    enum cli_exit code = write_result(job, job->out, out, UG_HEADER_SIZE + job->file.size);
    free(out);
    return code;
}

static enum cli_exit cut(struct job *job) {
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
    return write_result(job, job->out, job->file.data + offset, size);
}

/* Writes `name` beside the prefix when the file reaches that far. */
static enum cli_exit split_part(struct job *job, const char *name, size_t from, size_t to) {
    char path[4096];
    if (from >= job->file.size)
        return CLI_OK;
    if (to > job->file.size)
        to = job->file.size;
    if (snprintf(path, sizeof path, "%s%s.bin", job->out, name) >= (int)sizeof path)
        return cli_fail(job->args, CLI_FAILED, "%s: name too long", job->out);
    return write_result(job, path, job->file.data + from, to - from);
}

static enum cli_exit split(struct job *job) {
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
static enum cli_exit join(struct job *job) {
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
    return write_result(job, job->out, job->file.data, size);
}

static const struct verb {
    const char *name;
    enum cli_exit (*run)(struct job *job);
} verbs[] = {
    {"to-logical", to_logical},
    {"to-physical", to_physical},
    {"decrypt", decrypt},
    {"encrypt", encrypt},
    {"decode", decode},
    {"encode", encode},
    {"rbl-unpack", rbl_unpack},
    {"rbl-pack", rbl_pack},
    {"ug-unpack", ug_unpack},
    {"ug-pack", ug_pack},
    {"cut", cut},
    {"split", split},
    {"join", join},
};

static enum cli_exit run(const struct cli_args *args) {
    char why[512];
    struct job job = {.args = args, .in = args->positional[1], .out = args->positional[2]};
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
