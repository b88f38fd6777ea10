/* Reads a sanitized image again and compares it with the original. */
#include "workbench/host/crypto.h"
#include "workbench/inspector/sanitize_private.h"

#include <stdio.h>
#include <stdlib.h>

struct check {
    const struct storage *before, *after;
    const struct sanitize *report;
    char *why;
    size_t size;
};

static bool wrong(const struct check *c, const char *what, const char *name) {
    snprintf(c->why, c->size, "%s%s", what, name);
    return false;
}

/* What the value has to be now: blanked as it was. */
static bool value_as_expected(const struct check *c, const struct storage_key *before,
                              const struct storage_key *after) {
    struct sanitize scratch = {0};
    uint8_t *wanted = malloc((size_t)before->length + 1);
    if (!wanted)
        return false;
    memcpy(wanted, before->value, before->length);
    sanitize_value(&scratch, "", before->name, wanted, before->length);
    sanitize_search(c->report, wanted, before->length);
    bool same = after->length == before->length &&
                (!before->checksum_ok || memcmp(wanted, after->value, before->length) == 0);
    sanitize_free(&scratch);
    free(wanted);
    return same;
}

static bool values_kept(const struct check *c) {
    for (int i = 0; i < c->before->key_count; i++) {
        const struct storage_key *before = &c->before->key[i];
        const struct storage_key *after = storage_get(c->after, before->name);
        if (!before->checksum_ok && secret_key_known(before->name))
            continue;
        if (!after || after->checksum_ok != before->checksum_ok)
            return wrong(c, "the copy lost the value ", before->name);
        if (!value_as_expected(c, before, after))
            return wrong(c, "the copy changed the value ", before->name);
    }
    return true;
}

static bool layout_kept(const struct check *c) {
    const struct storage *a = c->before, *b = c->after;
    if (a->found != b->found || a->offset != b->offset || a->data_sectors != b->data_sectors ||
        a->logical_blocks != b->logical_blocks)
        return wrong(c, "the copy's storage reads differently", "");
    for (int i = 0; i < a->sector_count; i++)
        if (a->sector[i].sum_ok != b->sector[i].sum_ok)
            return wrong(c, "a sector sum of the copy is wrong", "");
    if (a->param.source != b->param.source || a->param.length != b->param.length ||
        a->param.crc_good != b->param.crc_good)
        return wrong(c, "the copy's pin configuration reads differently", "");
    return true;
}

static bool nothing_left(const struct check *c, const uint8_t *image, size_t size) {
    if (sanitize_remembers(c->report, image, size))
        return wrong(c, "a removed text is left in the copy, outside the storage", "");
    for (int i = 0; i < c->after->kv.count; i++)
        if (sanitize_remembers(c->report, c->after->kv.sector[i].plain, TUYA_SECTOR))
            return wrong(c, "a removed text is left in the storage of the copy", "");
    for (int i = 0; i < c->after->protected_count; i++)
        for (int r = 0; r < c->after->protected_block[i].record_count; r++)
            if (sanitize_remembers(c->report, c->after->protected_block[i].record[r].value,
                                   c->after->protected_block[i].record[r].length))
                return wrong(c, "a removed text is left in a protected block of the copy", "");
    for (int i = 0; c->after->psm.found && i < c->after->psm.count; i++) {
        const char *value = c->after->psm.pair[i].value;
        if (sanitize_remembers(c->report, (const uint8_t *)value, strlen(value)))
            return wrong(c, "a removed text is left in the PSM store of the copy", "");
    }
    return true;
}

bool sanitize_verify(const uint8_t *before, const uint8_t *after, size_t size,
                     const struct sanitize *report, char *why, size_t why_size) {
    struct storage *two = malloc(2 * sizeof *two);
    snprintf(why, why_size, "out of memory");
    if (!two)
        return false;
    struct check c = {&two[0], &two[1], report, why, why_size};
    bool first = storage_find(before, size, &two[0]);
    bool second = first && storage_find(after, size, &two[1]);
    bool good = second && layout_kept(&c) && values_kept(&c) && nothing_left(&c, after, size);
    storage_free(&two[0]);
    if (first)
        storage_free(&two[1]);
    free(two);
    return good;
}
