/* plugsmith diff: how two dumps differ, in the terms of what is stored in them. */
#include "cli/commands.h"
#include "workbench/host/file.h"
#include "workbench/inspector/image_diff.h"

#include <jansson.h>
#include <stdlib.h>

static void print_ranges(const struct diff_region *r) {
    for (int i = 0; i < r->range_count; i++) {
        const struct diff_range *range = &r->range[i];
        if (range->length == 1)
            printf("%s0x%zX", i ? ", " : "", range->offset);
        else
            printf("%s0x%zX–0x%zX", i ? ", " : "", range->offset,
                   range->offset + range->length - 1);
    }
    if (r->ranges_in_all > r->range_count)
        printf(" and %d more places", r->ranges_in_all - r->range_count);
}

static void print_region(const struct diff_region *r) {
    printf("%-16s 0x%06zX–0x%06zX  ", r->name, r->offset, r->offset + r->size - 1);
    if (r->bytes == 0) {
        printf("equal\n");
        return;
    }
    if (r->bytes * 2 < r->size) {
        printf("equal except ");
        print_ranges(r);
        printf(" (%zu bytes in %zu sectors)\n", r->bytes, r->sectors);
    } else
        printf("differs: %zu bytes in %zu of %zu sectors\n", r->bytes, r->sectors,
               (r->size + 4095) / 4096);
}

static void print_value(const struct diff_value *v) {
    static const char *const words[] = {"only in A", "only in B", "differs"};
    printf("key `%s` %s", v->name, words[v->kind]);
    if (v->kind == DIFF_DIFFERS && v->length_a != v->length_b)
        printf(" (%u and %u bytes)", v->length_a, v->length_b);
    if (v->member_count) {
        printf(": ");
        for (int i = 0; i < v->member_count; i++)
            printf("%s%s", i ? ", " : "", v->member[i].text);
    } else if (v->kind == DIFF_DIFFERS && v->secret)
        printf(" (secret)");
    putchar('\n');
}

static void print_text(const struct image_diff *d) {
    if (d->size_a != d->size_b)
        printf("sizes differ: %zu and %zu bytes; compared up to the shorter one\n", d->size_a,
               d->size_b);
    for (int i = 0; i < d->region_count; i++)
        print_region(&d->region[i]);
    if (d->storage_note[0])
        printf("%s\n", d->storage_note);
    for (int i = 0; i < d->value_count; i++)
        print_value(&d->value[i]);
    if (d->values_compared && d->value_count == 0)
        printf("all %d stored values are equal\n", d->values_compared);
    if (image_diff_equal(d))
        printf("the files are equal\n");
}

static json_t *region_json(const struct diff_region *r) {
    json_t *ranges = json_array();
    for (int i = 0; i < r->range_count; i++)
        json_array_append_new(ranges,
                              json_pack("{s:I,s:I}", "offset", (json_int_t)r->range[i].offset,
                                        "length", (json_int_t)r->range[i].length));
    return json_pack("{s:s,s:I,s:I,s:I,s:I,s:o}", "name", r->name, "offset", (json_int_t)r->offset,
                     "size", (json_int_t)r->size, "bytes", (json_int_t)r->bytes, "sectors",
                     (json_int_t)r->sectors, "ranges", ranges);
}

static json_t *value_json(const struct diff_value *v) {
    static const char *const words[] = {"only_a", "only_b", "differs"};
    json_t *members = json_array();
    for (int i = 0; i < v->member_count; i++)
        json_array_append_new(members, json_string(v->member[i].text));
    return json_pack("{s:s,s:s,s:b,s:I,s:I,s:o}", "name", v->name, "what", words[v->kind], "secret",
                     v->secret, "length_a", (json_int_t)v->length_a, "length_b",
                     (json_int_t)v->length_b, "members", members);
}

static void print_json(const struct image_diff *d, const char *a, const char *b) {
    json_t *regions = json_array(), *values = json_array();
    for (int i = 0; i < d->region_count; i++)
        json_array_append_new(regions, region_json(&d->region[i]));
    for (int i = 0; i < d->value_count; i++)
        json_array_append_new(values, value_json(&d->value[i]));
    json_t *root = json_pack("{s:i,s:b,s:s,s:s,s:I,s:I,s:o,s:o}", "version", 1, "equal",
                             image_diff_equal(d), "a", a, "b", b, "size_a", (json_int_t)d->size_a,
                             "size_b", (json_int_t)d->size_b, "regions", regions, "keys", values);
    json_dumpf(root, stdout, JSON_COMPACT | JSON_PRESERVE_ORDER);
    putchar('\n');
    json_decref(root);
}

static enum cli_exit run(const struct cli_args *args) {
    struct file a = {0}, b = {0};
    char why[256];
    struct image_diff *diff = calloc(1, sizeof *diff);
    enum cli_exit code = CLI_USAGE; /* trouble is 2, as in diff(1) */
    if (!file_read(args->positional[0], FILE_IMAGE_LIMIT, &a, why, sizeof why) ||
        !file_read(args->positional[1], FILE_IMAGE_LIMIT, &b, why, sizeof why))
        cli_fail(args, code, "%s", why);
    else if (!diff ||
             !image_diff_compare(a.data, a.size, b.data, b.size, cli_has(args, "reveal"), diff))
        cli_fail(args, code, "out of memory");
    else {
        if (cli_has(args, "json"))
            print_json(diff, args->positional[0], args->positional[1]);
        else
            print_text(diff);
        code = image_diff_equal(diff) ? CLI_OK : CLI_FAILED;
    }
    free(diff);
    file_free(&a);
    file_free(&b);
    return code;
}

static const struct cli_option options[] = {
    {"json", 0, NULL, "one JSON object", NULL, false},
    {"reveal", 0, NULL, "show the values of secrets, too", NULL, false},
    {0},
};

static const struct cli_example examples[] = {
    {"diff before.bin after.bin", "what an update or a pairing changed"},
    {"diff --json a.bin b.bin", "the same for a program"},
    {0},
};

const struct cli_command cmd_diff = {
    .name = "diff",
    .face = CLI_WORKBENCH,
    .summary = "say how two dumps differ",
    .arguments = "A B",
    .least = 2,
    .most = 2,
    .description =
        "Compares two dumps region by region (bootloader, application, OTA, RF block, user files, "
        "storage) and names the bytes and sectors that differ, then the stored values: which keys "
        "only one of them has, and which members changed from what to what. Encrypted storage "
        "differs wherever it was rewritten; the list of keys says what that means. Values of "
        "secrets are not shown unless --reveal is given.\n\n"
        "Exit code 0: the files are equal; 1: they differ; 2: one of them could not be read.",
    .options = options,
    .examples = examples,
    .run = run,
};
