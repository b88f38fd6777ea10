/* Sanitizing every real dump: checked by its own verification, and by an independent look for the
 * original's secrets in what the copy decrypts to. */
#include "codec/tuya/secrets.h"
#include "inspector/dumps.h"
#include "workbench/inspector/sanitize.h"

#include "check.h"

static struct storage before, after;
static struct sanitize report;

static void absent(const struct span *secret, const char *name) {
    for (int i = 0; i < after.kv.count; i++)
        if (bytes_find(after.kv.sector[i].plain, TUYA_SECTOR, 0, secret->data, secret->size) !=
            SIZE_MAX)
            fail_msg("%s left in the store", name);
    for (int b = 0; b < after.protected_count; b++)
        for (int r = 0; r < after.protected_block[b].record_count; r++)
            if (bytes_find(after.protected_block[b].record[r].value,
                           after.protected_block[b].record[r].length, 0, secret->data,
                           secret->size) != SIZE_MAX)
                fail_msg("%s left in a protected block", name);
}

static void uniform_is_no_secret(const struct span *s, const char *name, const uint8_t *copy,
                                 size_t size) {
    if (s->size < 8 || bytes_all(s->data, s->size, s->data[0]))
        return;
    absent(s, name);
    if (bytes_find(copy, size, 0, s->data, s->size) != SIZE_MAX)
        fail_msg("%s left in plain", name);
}

static void check_one(struct dump *dump) {
    char why[256];
    struct secret_range range[64];
    uint8_t *copy = malloc(dump->size);
    memcpy(copy, dump->data, dump->size);
    assert_true(sanitize_image(copy, dump->size, &report, why, sizeof why));
    if (!sanitize_verify(dump->data, copy, dump->size, &report, why, sizeof why))
        fail_msg("%s: %s", dump->name, why);
    storage_find(dump->data, dump->size, &before);
    storage_find(copy, dump->size, &after);
    assert_int_equal(before.key_count, after.key_count);
    for (int i = 0; i < before.key_count; i++) {
        const struct storage_key *a = &before.key[i], *b = &after.key[i];
        size_t n = secrets_find(a->name, a->value, a->length, range, 64);
        assert_string_equal(a->name, b->name);
        assert_int_equal(a->checksum_ok, b->checksum_ok);
        if (n == 0)
            assert_memory_equal(a->value, b->value, a->length);
        for (size_t k = 0; k < n; k++) {
            struct span secret = {a->value + range[k].offset, range[k].length};
            uniform_is_no_secret(&secret, a->name, copy, dump->size);
        }
    }
    assert_int_equal(after.param.crc_good, before.param.crc_good);
    if (dump->size == 0x200000 && memcmp(dump->data, copy, 0x11000) != 0)
        fail_msg("%s: the bootloader was touched", dump->name);
    storage_free(&before);
    storage_free(&after);
    sanitize_free(&report);
    free(copy);
}

static void no_secret_of_a_real_dump_survives(void **state) {
    (void)state;
    assert_true(dumps_each(check_one) >= 10);
}

/* Verification must notice what it is for. */
static void a_secret_put_back_is_noticed(void **state) {
    (void)state;
    struct dump dump;
    char why[256];
    assert_true(dump_load("n-plug-bl0937-cb2s", &dump));
    uint8_t *copy = malloc(dump.size);
    memcpy(copy, dump.data, dump.size);
    assert_true(sanitize_image(copy, dump.size, &report, why, sizeof why));
    assert_true(report.secret_count > 0);
    const struct span *secret = &report.secret[report.secret_count - 1];
    for (int i = report.secret_count; secret->size < 8 && i-- > 0;)
        secret = &report.secret[i];
    memcpy(copy + 0x1C0000, secret->data, secret->size);
    assert_false(sanitize_verify(dump.data, copy, dump.size, &report, why, sizeof why));
    memcpy(copy, dump.data, dump.size); /* nothing removed at all */
    assert_false(sanitize_verify(dump.data, copy, dump.size, &report, why, sizeof why));
    sanitize_free(&report);
    free(copy);
    dump_free(&dump);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_secret_of_a_real_dump_survives),
        cmocka_unit_test(a_secret_put_back_is_noticed),
    };
    return dumps_present() ? cmocka_run_group_tests(tests, NULL, NULL) : 77;
}
