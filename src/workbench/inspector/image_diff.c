/* Regions come from what stands in image A: a fixed map for the coded part, and the places where
 * the stores were found. Values are compared member by member where they are objects. */
#include "workbench/inspector/image_diff.h"

#include "base/text.h"
#include "codec/beken/bootloaders.h"
#include "codec/beken/rf.h"
#include "codec/beken/stripe.h"
#include "codec/tuya/loose.h"
#include "codec/tuya/secrets.h"
#include "workbench/inspector/storage.h"

#include <stdio.h>
#include <stdlib.h>

enum { NODES = 1024, APP_END_N = 0x12A000, APP_END = 0x132000, RF_N = 0x1D0000 };

/* A place where a region begins; it reaches to the next one. */
struct border {
    size_t offset;
    const char *name;
};

struct borders {
    struct border at[DIFF_REGIONS_MAX];
    int count;
};

static void add_border(struct borders *b, size_t offset, const char *name) {
    int i = b->count;
    for (int k = 0; k < b->count; k++)
        if (b->at[k].offset == offset)
            return;
    if (i >= DIFF_REGIONS_MAX)
        return;
    for (; i > 0 && b->at[i - 1].offset > offset; i--)
        b->at[i] = b->at[i - 1];
    b->at[i] = (struct border){offset, name};
    b->count++;
}

static size_t find_rf(const uint8_t *data, size_t size) {
    struct rf_block rf;
    for (size_t at = 0; bytes_inside(size, at, RF_SECTOR_SIZE); at += RF_SECTOR_SIZE)
        if (rf_decode(data + at, size - at, &rf, NULL) == STATUS_OK && rf.records)
            return at;
    return SIZE_MAX;
}

/* Borders of a full dump; a piece of a dump has those of its stores only. */
static void find_borders(const uint8_t *data, size_t size, const struct storage *s,
                         struct borders *b) {
    size_t rf = find_rf(data, size);
    bool full = size > APP_END && beken_stripe_check(data, BEKEN_BOOT_SECTOR).good > 0 &&
                (rf == SIZE_MAX || rf >= RF_N);
    add_border(b, 0, full ? "bootloader" : "data");
    if (full) {
        add_border(b, BEKEN_BOOT_SIZE, "application");
        add_border(b, rf == RF_N ? APP_END_N : APP_END, "download");
    }
    if (rf != SIZE_MAX) {
        add_border(b, rf, "RF block");
        add_border(b, rf + RF_SECTOR_SIZE, "data");
    }
    if (s->uf.found)
        add_border(b, s->uf.base, "user files");
    for (int i = 0; i < s->protected_count; i++) {
        add_border(b, s->protected_block[i].offset, "protected");
        add_border(b, s->protected_block[i].offset + TUYA_SECTOR,
                   s->protected_block[i].offset + TUYA_SECTOR == s->offset ? "key block" : "data");
    }
    if (s->found) {
        size_t end = s->offset;
        for (int i = 0; i < s->sector_count; i++)
            if (s->sector[i].offset >= end)
                end = s->sector[i].offset + TUYA_SECTOR;
        add_border(b, s->offset, "key block");
        add_border(b, s->offset + TUYA_SECTOR, "storage");
        add_border(b, end, "rest");
    }
}

/* Joins ranges that are close; `end` is where the last one ended, listed or not. */
static void add_range(struct diff_region *r, size_t offset, size_t *end) {
    bool joins = r->ranges_in_all > 0 && offset <= *end + DIFF_JOIN;
    *end = offset;
    if (!joins) {
        r->ranges_in_all++;
        if (r->range_count < DIFF_RANGES_MAX)
            r->range[r->range_count++] = (struct diff_range){offset, 1};
    } else if (r->ranges_in_all == r->range_count) {
        struct diff_range *last = &r->range[r->range_count - 1];
        last->length = offset - last->offset + 1;
    }
}

static void compare_region(struct diff_region *r, const uint8_t *a, const uint8_t *b) {
    size_t last_sector = SIZE_MAX, end = 0;
    if (memcmp(a + r->offset, b + r->offset, r->size) == 0)
        return;
    for (size_t at = r->offset; at < r->offset + r->size; at++) {
        if (a[at] == b[at])
            continue;
        r->bytes++;
        r->sectors += at / TUYA_SECTOR != last_sector;
        last_sector = at / TUYA_SECTOR;
        add_range(r, at, &end);
    }
}

/* Does a range of secret members of `value` cover this token? */
static bool is_secret(const char *key, const struct storage_key *value,
                      const struct loose_node *node) {
    struct secret_range range[64];
    size_t offset = (size_t)((const uint8_t *)node->text - value->value);
    size_t count = secrets_find(key, value->value, value->length, range, 64);
    for (size_t i = 0; i < count; i++)
        if (offset < range[i].offset + range[i].length &&
            range[i].offset < offset + node->text_size)
            return true;
    return false;
}

static void add_node(struct text *out, const struct loose_node *node) {
    if (node)
        text_add_n(out, node->text, node->text_size < 32 ? node->text_size : 32);
    else
        text_add(out, "none");
}

static void add_member(struct diff_value *v, const struct loose_node *a, const struct loose_node *b,
                       bool secret) {
    const struct loose_node *any = a ? a : b;
    if (v->member_count >= DIFF_MEMBERS_MAX)
        return;
    char *buffer = v->member[v->member_count++].text;
    struct text text = text_start(buffer, sizeof v->member->text);
    text_add_n(&text, any->key, any->key_size);
    if (secret) {
        text_add(&text, " (secret)");
        return;
    }
    text_char(&text, ' ');
    add_node(&text, a);
    text_add(&text, " -> ");
    add_node(&text, b);
}

static const struct loose_node *same_member(const struct loose_tree *tree,
                                            const struct loose_node *of) {
    for (const struct loose_node *n = loose_first(tree, &tree->nodes[0]); n;
         n = loose_next(tree, n))
        if (n->key_size == of->key_size && memcmp(n->key, of->key, n->key_size) == 0)
            return n;
    return NULL;
}

static bool same_text(const struct loose_node *a, const struct loose_node *b) {
    return a->text_size == b->text_size && memcmp(a->text, b->text, a->text_size) == 0;
}

static bool read_object(const struct storage_key *key, struct loose_node *nodes,
                        struct loose_tree *tree) {
    size_t length = storage_text_length(key->value, key->length);
    return length != SIZE_MAX && length && key->value[0] == '{' &&
           loose_parse((const char *)key->value, length, nodes, NODES, tree, NULL) == STATUS_OK;
}

static void compare_members(struct diff_value *v, const struct storage_key *a,
                            const struct storage_key *b, bool reveal) {
    struct loose_node *nodes = malloc(2 * NODES * sizeof *nodes);
    struct loose_tree ta, tb;
    if (!nodes || !read_object(a, nodes, &ta) || !read_object(b, nodes + NODES, &tb)) {
        free(nodes);
        return;
    }
    for (const struct loose_node *n = loose_first(&ta, &nodes[0]); n; n = loose_next(&ta, n)) {
        const struct loose_node *other = n->key ? same_member(&tb, n) : n;
        bool secret = !reveal && (is_secret(a->name, a, n) ||
                                  (other && other != n && is_secret(b->name, b, other)));
        if (!other || (other != n && !same_text(n, other)))
            add_member(v, n, other, secret);
    }
    for (const struct loose_node *n = loose_first(&tb, &nodes[NODES]); n; n = loose_next(&tb, n))
        if (n->key && !same_member(&ta, n))
            add_member(v, NULL, n, !reveal && is_secret(b->name, b, n));
    free(nodes);
}

static void add_value(struct image_diff *d, const struct storage_key *a,
                      const struct storage_key *b, bool reveal) {
    if (d->value_count >= DIFF_VALUES_MAX)
        return;
    struct diff_value *v = &d->value[d->value_count++];
    *v = (struct diff_value){.kind = !b   ? DIFF_ONLY_A
                                     : !a ? DIFF_ONLY_B
                                          : DIFF_DIFFERS,
                             .length_a = a ? a->length : 0,
                             .length_b = b ? b->length : 0};
    snprintf(v->name, sizeof v->name, "%s", a ? a->name : b ? b->name : "");
    v->secret = secret_key_known(v->name);
    if (a && b)
        compare_members(v, a, b, reveal);
}

static void compare_values(struct image_diff *d, const struct storage *a, const struct storage *b,
                           bool reveal) {
    if (a->found != b->found)
        snprintf(d->storage_note, sizeof d->storage_note, "only %s has a readable Tuya storage",
                 a->found ? "A" : "B");
    else if (a->found && a->offset != b->offset)
        snprintf(d->storage_note, sizeof d->storage_note,
                 "storage stands at 0x%zX in A and at 0x%zX in B", a->offset, b->offset);
    for (int i = 0; i < a->key_count; i++) {
        const struct storage_key *x = &a->key[i], *y = storage_get(b, x->name);
        d->values_compared++;
        if (!y || x->length != y->length || memcmp(x->value, y->value, x->length) != 0)
            add_value(d, x, y, reveal);
    }
    for (int i = 0; i < b->key_count; i++)
        if (!storage_get(a, b->key[i].name))
            add_value(d, NULL, &b->key[i], reveal);
}

bool image_diff_compare(const uint8_t *a, size_t size_a, const uint8_t *b, size_t size_b,
                        bool reveal, struct image_diff *out) {
    struct storage *s = calloc(2, sizeof *s);
    struct borders borders = {.count = 0};
    size_t size = size_a < size_b ? size_a : size_b;
    *out = (struct image_diff){.size_a = size_a, .size_b = size_b};
    bool done = s && storage_find(a, size_a, &s[0]) && storage_find(b, size_b, &s[1]);
    if (done) {
        find_borders(a, size_a, &s[0], &borders);
        for (int i = 0; i < borders.count && borders.at[i].offset < size; i++) {
            size_t end = i + 1 < borders.count ? borders.at[i + 1].offset : size;
            struct diff_region *r = &out->region[out->region_count++];
            *r = (struct diff_region){.name = borders.at[i].name, .offset = borders.at[i].offset};
            r->size = (end < size ? end : size) - r->offset;
            compare_region(r, a, b);
        }
        compare_values(out, &s[0], &s[1], reveal);
    }
    for (int i = 0; s && i < 2; i++)
        storage_free(&s[i]);
    free(s);
    return done;
}

bool image_diff_equal(const struct image_diff *diff) {
    for (int i = 0; i < diff->region_count; i++)
        if (diff->region[i].bytes)
            return false;
    return diff->size_a == diff->size_b && diff->value_count == 0;
}
