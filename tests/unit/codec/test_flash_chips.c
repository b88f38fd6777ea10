/* The flash table against itself and, where it is there, against the public table it carries
 * over. */
#include "check.h"
#include "codec/flash_chips.h"

#include <stdlib.h>

static void rows_are_sorted_and_unique(void **state) {
    (void)state;
    for (const struct flash_chip *c = flash_chips; c[1].name; c++)
        assert_true(c[0].id < c[1].id);
}

static void a_status_register_layout_is_consistent(void **state) {
    (void)state;
    for (const struct flash_chip *c = flash_chips; c->name; c++) {
        const struct flash_protection *p = c->protection;
        assert_true(c->size >= 32768 && (c->size & (c->size - 1)) == 0);
        assert_true(p != NULL || c->trust == FLASH_IDENTIFIED);
        if (!p)
            continue;
        assert_true(c->trust != FLASH_IDENTIFIED);
        assert_int_equal(p->all & ~p->mask, 0);
        assert_int_equal(p->read_opcodes[0], 0x05);
        for (int i = 0; i < p->bytes; i++)
            assert_true(p->read_opcodes[i] != 0);
        assert_true(flash_is_protected(p, p->all));
        assert_false(flash_is_protected(p, flash_unprotect_value(p, 0xFFFF)));
    }
}

static void unprotecting_keeps_every_other_bit(void **state) {
    (void)state;
    const struct flash_protection *p = flash_chip_find(0xEB6015)->protection;
    assert_int_equal(flash_unprotect_value(p, 0x421F), 0x0200);
    assert_true(flash_is_protected(p, FLASH_SR_CMP));
    assert_false(flash_is_protected(p, 0x0203));
}

static void risky_chips_are_marked(void **state) {
    (void)state;
    assert_int_equal(flash_chip_find(0x852015)->trust, FLASH_DOUBTFUL);
    assert_int_equal(flash_chip_find(0x854215)->protection->write_bytes, 1);
    assert_int_equal(flash_chip_find(0xC84016)->trust, FLASH_DOUBTFUL);
    assert_int_equal(flash_chip_find(0xEB6015)->trust, FLASH_TESTED);
    assert_null(flash_chip_find(0x123456));
    assert_int_equal(flash_size_of_id(0x123416), 4194304);
    assert_int_equal(flash_size_of_id(0), 0);
}

/* Splits one line of the table in place; quoted fields may hold commas. */
static int split(char *line, char **fields, int most) {
    int n = 0;
    bool quoted = false;
    fields[n++] = line;
    for (char *c = line; *c; c++) {
        if (*c == '"')
            quoted = !quoted;
        if ((*c == ',' && !quoted) || *c == '\n') {
            *c = 0;
            if (n < most)
                fields[n++] = c + 1;
        }
    }
    return n;
}

static uint32_t bytes_of(const char *text, uint8_t out[3]) {
    uint32_t n = 0;
    for (char *end; n < 3; text = end) {
        unsigned long value = strtoul(text, &end, 16);
        if (end == text)
            break;
        out[n++] = (uint8_t)value;
    }
    return n;
}

static void compare_layout(const struct flash_chip *chip, char **f) {
    const struct flash_protection *p = chip->protection;
    uint8_t ops[3] = {0};
    assert_non_null(p);
    assert_int_equal(p->bytes, atoi(f[5]));
    assert_int_equal(p->write_bytes, p->bytes == 1 ? 1 : 2);
    assert_int_equal(p->mask, strtoul(f[8], NULL, 16));
    assert_int_equal(p->unprotected, strtoul(f[11], NULL, 16));
    assert_int_equal(p->all, strtoul(f[12], NULL, 16));
    bytes_of(f[13], ops);
    assert_memory_equal(p->read_opcodes, ops, 3);
    memset(ops, 0, sizeof ops);
    bytes_of(f[14], ops);
    assert_memory_equal(p->write_opcodes, ops, 3);
}

static void every_row_equals_the_public_table(void **state) {
    (void)state;
    FILE *csv = fopen("../shared/data/flash-chips.csv", "r");
    if (!csv) {
        print_message("skipped: ../shared/data/flash-chips.csv is not there\n");
        skip();
    }
    char line[1024], *f[18];
    int rows = 0, ours = 0;
    while (fgets(line, sizeof line, csv)) {
        if (line[0] == '#' || strncmp(line, "jedec", 5) == 0 || split(line, f, 18) < 17)
            continue;
        const struct flash_chip *chip = flash_chip_find((uint32_t)strtoul(f[0], NULL, 16));
        assert_non_null(chip);
        assert_int_equal(chip->size, strtoul(f[4], NULL, 10));
        if (f[2][0])
            assert_string_equal(chip->name, f[2]);
        if (f[8][0] && atoi(f[5]))
            compare_layout(chip, f);
        rows++;
    }
    fclose(csv);
    while (flash_chips[ours].name)
        ours++;
    assert_int_equal(rows, ours);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_sorted_and_unique),
        cmocka_unit_test(a_status_register_layout_is_consistent),
        cmocka_unit_test(unprotecting_keeps_every_other_bit),
        cmocka_unit_test(risky_chips_are_marked),
        cmocka_unit_test(every_row_equals_the_public_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
