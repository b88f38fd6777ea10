/* Every real dump: all values, in order, whole and after damage. */
#include "codec/tuya/config.h"
#include "codec/tuya/crc7.h"
#include "codec/tuya/loose.h"
#include "inspector/dumps.h"
#include "workbench/inspector/storage.h"

#include "check.h"

static void check_real(const struct dump *dump, const struct storage *s) {
    const json_t *e = dump->expected, *entry;
    size_t i;
    assert_true(s->found);
    assert_int_equal(s->offset, expected_number(e, "storage_offset"));
    assert_string_equal(s->key_variant, json_string_value(json_object_get(e, "key_variant")));
    assert_int_equal(s->data_magic, expected_number(e, "data_magic"));
    assert_int_equal(s->data_sectors, expected_number(e, "data_sectors"));
    assert_int_equal(s->logical_blocks, expected_number(e, "logical_blocks"));
    json_array_foreach (json_object_get(e, "keys"), i, entry) {
        assert_true((int)i < s->key_count);
        assert_string_equal(s->key[i].name, json_string_value(json_object_get(entry, "name")));
        assert_int_equal(s->key[i].length, json_integer_value(json_object_get(entry, "length")));
        assert_true(s->key[i].checksum_ok);
    }
    assert_int_equal(s->key_count, i);
    assert_int_equal(s->damage_count, 0);
}

static void check_protected(const struct dump *dump, const struct storage *s) {
    const json_t *entry, *name;
    size_t i, k;
    json_array_foreach (json_object_get(dump->expected, "protected_blocks"), i, entry) {
        bool found = false;
        for (int n = 0; n < s->protected_count; n++) {
            const struct storage_protected *p = &s->protected_block[n];
            if (p->offset != expected_number(entry, "offset"))
                continue;
            found = true;
            assert_int_equal(p->counter, expected_number(entry, "counter"));
            assert_int_equal(p->length, expected_number(entry, "data_length"));
            json_array_foreach (json_object_get(entry, "keys"), k, name)
                assert_string_equal(p->record[k].name, json_string_value(name));
            assert_int_equal(p->record_count, k);
        }
        assert_true(found);
    }
    assert_int_equal(s->protected_count, i);
}

static void check_uf(const struct dump *dump, const struct storage *s) {
    const json_t *uf = json_object_get(dump->expected, "uf"), *entry;
    const char *key;
    size_t i;
    if (!json_is_object(uf) || !json_object_get(uf, "base"))
        return;
    assert_true(s->uf.found);
    assert_int_equal(s->uf.base, expected_number(uf, "base"));
    assert_int_equal(s->uf.files.generation, expected_number(uf, "generation"));
    json_array_foreach (json_object_get(uf, "files"), i, entry) {
        const struct user_file *f = &s->uf.files.file[i];
        assert_string_equal(f->name, json_string_value(json_object_get(entry, "name")));
        assert_int_equal(f->size, expected_number(entry, "size"));
        assert_int_equal(f->block, expected_number(entry, "block"));
    }
    assert_int_equal(s->uf.files.count, i);
    json_t *equal;
    json_object_foreach (json_object_get(dump->expected, "uf_config_equal"), key, equal) {
        int n = storage_uf_find(s, key);
        assert_true(n >= 0 && s->uf.data[n].data);
        size_t length = user_files_text_length(s->uf.data[n].data, s->uf.data[n].size);
        bool same =
            length == s->param.length && memcmp(s->uf.data[n].data, s->param.text, length) == 0;
        assert_int_equal(same, json_is_true(equal));
    }
}

/* Every member has the expected value, in the expected order. */
static void check_param(const struct dump *dump, const struct storage *s) {
    static struct loose_node nodes[TUYA_NODES_MAX];
    struct loose_tree tree;
    const json_t *wanted = json_object_get(dump->expected, "user_param_key");
    if (!json_is_object(wanted)) {
        assert_int_equal(s->param.source, STORAGE_SOURCE_NONE);
        return;
    }
    assert_true(s->param.crc_good);
    assert_int_equal(
        loose_parse(s->param.text, s->param.length, nodes, TUYA_NODES_MAX, &tree, NULL), STATUS_OK);
    const struct loose_node *node = loose_first(&tree, &nodes[0]);
    const char *key;
    json_t *value;
    json_object_foreach ((json_t *)wanted, key, value) {
        assert_non_null(node);
        assert_int_equal(node->key_size, strlen(key));
        assert_memory_equal(node->key, key, node->key_size);
        if (json_is_string(value))
            assert_true(loose_equals(node, json_string_value(value)));
        else if (json_is_integer(value))
            assert_int_equal(loose_integer(node, -1), json_integer_value(value));
        node = loose_next(&tree, node);
    }
    assert_null(node);
}

static void check_synthetic(const struct dump *dump, const struct storage *s) {
    const json_t *store = json_array_get(json_object_get(dump->expected, "stores"), 0);
    const char *name;
    json_t *entry;
    assert_true(s->found);
    assert_int_equal(s->offset, expected_number(store, "storage_offset"));
    assert_string_equal(s->key_variant, json_string_value(json_object_get(store, "key_variant")));
    assert_int_equal(s->logical_blocks, expected_number(store, "logical_blocks"));
    json_t *entries = json_object_get(store, "entries");
    assert_int_equal(s->key_count, json_object_size(entries));
    int n = 0;
    json_object_foreach (entries, name, entry) {
        const struct storage_key *key = storage_get(s, name);
        assert_non_null(key);
        assert_ptr_equal(key, &s->key[n++]);
        const char *value = json_string_value(json_object_get(entry, "value"));
        assert_int_equal(key->length, json_integer_value(json_object_get(entry, "length")));
        assert_int_equal(key->checksum_ok, json_is_true(json_object_get(entry, "checksum_ok")));
        assert_int_equal(storage_text_length(key->value, key->length), strlen(value));
        assert_memory_equal(key->value, value, strlen(value));
    }
    json_t *blocks = json_object_get(dump->expected, "protected"), *block = NULL, *text = NULL;
    size_t i;
    assert_int_equal(s->protected_count, json_array_size(blocks));
    json_array_foreach (blocks, i, block) {
        const struct storage_protected *p = &s->protected_block[i];
        assert_int_equal(p->offset, expected_number(block, "offset"));
        assert_int_equal(p->counter, expected_number(block, "counter"));
        int r = 0;
        json_object_foreach (json_object_get(block, "records"), name, text) {
            assert_string_equal(p->record[r].name, name);
            size_t length = strlen(json_string_value(text));
            assert_memory_equal(p->record[r++].value, json_string_value(text), length);
        }
    }
}

static void check_one(struct dump *dump) {
    struct storage *s = malloc(sizeof *s);
    assert_true(storage_find(dump->data, dump->size, s));
    print_message("  %s: %d values, source %s\n", dump->name, s->key_count,
                  storage_source_name(s->param.source));
    for (int i = 0; i < s->damage_count; i++)
        print_message("    0x%zX %s\n", s->damage[i].offset, s->damage[i].what);
    if (json_is_true(json_object_get(dump->expected, "synthetic")))
        check_synthetic(dump, s);
    else {
        check_real(dump, s);
        check_protected(dump, s);
        check_uf(dump, s);
        check_param(dump, s);
    }
    storage_free(s);
    free(s);
}

static void every_dump_gives_its_expected_values(void **state) {
    (void)state;
    assert_true(dumps_each(check_one) >= 10);
}

/* What must survive: the configuration, and all values whose pages were not touched. */
struct kept {
    char text[TUYA_TEXT_MAX];
    size_t length;
};

static void keep_param(const struct dump *dump, struct kept *kept) {
    struct storage *s = malloc(sizeof *s);
    storage_find(dump->data, dump->size, s);
    kept->length = s->param.length;
    memcpy(kept->text, s->param.text ? s->param.text : "", kept->length);
    storage_free(s);
    free(s);
}

static struct kept kept;

/* Looks into a damaged image; `wanted`: the configuration must be found, and be the right one. */
static void look(const uint8_t *data, size_t size, bool damage_reported, const char *what) {
    struct storage *s = malloc(sizeof *s);
    assert_true(storage_find(data, size, s));
    if (s->param.length != kept.length || memcmp(s->param.text, kept.text, kept.length) != 0)
        fail_msg("%s: configuration not recovered (%s, %zu bytes)", what,
                 storage_source_name(s->param.source), s->param.length);
    if (damage_reported && s->damage_count == 0)
        fail_msg("%s: damage not reported", what);
    storage_free(s);
    free(s);
}

static uint8_t *copy_of(const struct dump *dump, size_t extra) {
    uint8_t *copy = malloc(dump->size + extra);
    memcpy(copy, dump->data, dump->size);
    memset(copy + dump->size, 0xFF, extra);
    return copy;
}

static void each_sector_lost(struct dump *dump) {
    size_t base = expected_number(dump->expected, "storage_offset");
    if (!json_is_object(json_object_get(dump->expected, "user_param_key")))
        return;
    keep_param(dump, &kept);
    struct storage *s = malloc(sizeof *s);
    storage_find(dump->data, dump->size, s);
    bool second_source = storage_uf_find(s, "oem_cfg") >= 0 || storage_uf_find(s, "json") >= 0;
    bool protected = s->protected_count > 0;
    size_t home = storage_get(s, "user_param_key")->sector_offset;
    storage_free(s);
    free(s);
    for (size_t at = base; at < base + 18 * TUYA_SECTOR && at < dump->size; at += TUYA_SECTOR)
        for (int fill = 0; fill < 256; fill += 255) {
            char what[400];
            uint8_t *copy = copy_of(dump, 0);
            memset(copy + at, fill, TUYA_SECTOR);
            snprintf(what, sizeof what, "%s sector 0x%zX filled with %02X", dump->name, at, fill);
            if (second_source || (at != home && (at != base || protected)))
                look(copy, dump->size, at == base && protected, what);
            free(copy);
        }
}

static void a_lost_sector_loses_nothing_that_another_place_has(void **state) {
    (void)state;
    dumps_each(each_sector_lost);
}

/* The first page of each data sector is destroyed: index and value pages still tell. */
static void each_header_lost(struct dump *dump) {
    size_t base = expected_number(dump->expected, "storage_offset");
    if (!json_is_object(json_object_get(dump->expected, "user_param_key")))
        return;
    keep_param(dump, &kept);
    for (int n = 1; n < 18; n++) {
        char what[400];
        uint8_t *copy = copy_of(dump, 0);
        size_t at = base + (size_t)n * TUYA_SECTOR;
        for (int i = 0; i < 128; i++)
            copy[at + (size_t)i] ^= 0x5A;
        memset(copy + 0x1D2000, 0, at > 0x1F0000 ? 0x2000 : 0); /* no user files either */
        snprintf(what, sizeof what, "%s header of sector %d", dump->name, n);
        look(copy, dump->size, n <= 14, what); /* behind them: older copies */
        free(copy);
    }
}

static void a_lost_sector_header_loses_nothing(void **state) {
    (void)state;
    dumps_each(each_header_lost);
}

static void each_bit_flip(struct dump *dump) {
    size_t base = expected_number(dump->expected, "storage_offset");
    if (!json_is_object(json_object_get(dump->expected, "user_param_key")))
        return;
    keep_param(dump, &kept);
    uint8_t *copy = copy_of(dump, 0);
    struct storage *s = malloc(sizeof *s);
    storage_find(dump->data, dump->size, s);
    /* everything but the configuration's own pages and those of its index */
    size_t home = storage_get(s, "user_param_key")->sector_offset;
    storage_free(s);
    free(s);
    for (unsigned i = 0; i < 16; i++) {
        size_t at = base + TUYA_SECTOR + (i * 2654435761u >> 8) % (17 * TUYA_SECTOR);
        if (at >= dump->size || (at >= home && at < home + TUYA_SECTOR))
            continue;
        copy[at] ^= (uint8_t)(1u << i % 8);
        look(copy, dump->size, true, dump->name);
        copy[at] ^= (uint8_t)(1u << i % 8);
    }
    free(copy);
}

static void flipped_bits_elsewhere_lose_nothing_and_are_reported(void **state) {
    (void)state;
    dumps_each(each_bit_flip);
}

static void each_shift(struct dump *dump) {
    static const size_t shifts[] = {1, 2, 16, 100, 4095, 0x11000, 0x1A5F7};
    if (!json_is_object(json_object_get(dump->expected, "user_param_key")))
        return;
    keep_param(dump, &kept);
    size_t base = expected_number(dump->expected, "storage_offset");
    for (size_t i = 0; i < sizeof shifts / sizeof *shifts; i++) {
        look(dump->data + shifts[i], dump->size - shifts[i], false, "cut at the front");
        uint8_t *copy = copy_of(dump, 1);
        memmove(copy + base + 0x5007, copy + base + 0x5006, dump->size - base - 0x5006);
        look(copy, dump->size + 1, false, "a byte too many inside the store");
        free(copy);
    }
    look(dump->data + base, dump->size - base, false, "only the store");
}

static void shifted_and_partial_dumps_read_the_same(void **state) {
    (void)state;
    dumps_each(each_shift);
}

static void each_cut(struct dump *dump) {
    size_t base = expected_number(dump->expected, "storage_offset");
    struct storage *s = malloc(sizeof *s);
    for (size_t size = base; size < dump->size; size += 6777) {
        uint8_t *copy = malloc(size + 1); /* exact, so that a read beyond is seen */
        memcpy(copy, dump->data, size);
        assert_true(storage_find(copy, size, s));
        for (int i = 0; i < s->key_count; i++)
            assert_true(s->key[i].checksum_ok || s->damage_count > 0);
        storage_free(s);
        free(copy);
    }
    free(s);
}

static void dumps_cut_short_give_what_is_left(void **state) {
    (void)state;
    dumps_each(each_cut);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_dump_gives_its_expected_values),
        cmocka_unit_test(a_lost_sector_loses_nothing_that_another_place_has),
        cmocka_unit_test(a_lost_sector_header_loses_nothing),
        cmocka_unit_test(flipped_bits_elsewhere_lose_nothing_and_are_reported),
        cmocka_unit_test(shifted_and_partial_dumps_read_the_same),
        cmocka_unit_test(dumps_cut_short_give_what_is_left),
    };
    return dumps_present() ? cmocka_run_group_tests(tests, NULL, NULL) : 77;
}
