/* The module table against the public figures (where they are), and the drawings. */
#include "check.h"
#include "codec/openbeken/roles.h"
#include "workbench/modules/module_draw.h"
#include <stdlib.h>

#define TABLE "../shared/data/tuya-modules.csv"

/* Splits a CSV line in place; quoted fields may hold commas. */
static void split(char *line, char *fields[12]) {
    for (int i = 0; i < 12; i++)
        fields[i] = "";
    for (int i = 0; i < 12 && *line; i++) {
        char stop = *line == '"' ? '"' : ',';
        line += stop == '"';
        fields[i] = line;
        while (*line && *line != stop && *line != '\n' && *line != '\r')
            line++;
        bool quoted = stop == '"' && *line;
        if (*line)
            *line++ = '\0';
        line += quoted && *line == ',';
    }
}

static const struct module_pad *pad_of(const struct module_pad *pads, size_t count,
                                       const char *kind, const char *number) {
    for (size_t i = 0; i < count; i++) {
        if (pads[i].test_pad != (strcmp(kind, "test_pad") == 0))
            continue;
        if (strcmp(pads[i].name, pads[i].test_pad ? number + 1 : number) == 0)
            return &pads[i];
    }
    return NULL;
}

static void every_row_of_the_public_table_is_carried(void **state) {
    (void)state;
    FILE *file = fopen(TABLE, "r");
    if (!file) {
        print_message("skip: no %s\n", TABLE);
        skip();
    }
    char line[1024];
    char *f[12];
    size_t rows = 0;
    assert_non_null(fgets(line, sizeof line, file));
    while (fgets(line, sizeof line, file)) {
        split(line, f);
        const struct module *module = module_find(f[0]);
        assert_non_null(module);
        assert_string_equal(module->vendor, f[1]);
        assert_string_equal(module->mcu, f[2]);
        assert_string_equal(module->platform, f[3]);
        assert_string_equal(module->package, f[4]);
        struct module_pad pads[MODULE_PADS_MAX];
        size_t count = module_pads(module, pads);
        const struct module_pad *pad = pad_of(pads, count, f[5], f[6]);
        assert_non_null(pad);
        if (*f[8]) {
            assert_string_equal(pad->label, f[8]);
            assert_string_equal(pad->functions, f[9]);
            assert_int_equal(pad->ic_pin, atoi(f[7]));
        } else if (strcmp(f[9], "GND") == 0) {
            assert_int_equal(pad->use, PAD_GROUND);
        } else if (strcmp(f[9], "PWR_3.3") == 0) {
            assert_int_equal(pad->use, PAD_POWER);
        } else if (strcmp(f[9], "CTRL_CEN") == 0) {
            assert_int_equal(pad->use, PAD_RESET);
        } else {
            assert_int_equal(pad->gpio, -1);
        }
        rows++;
    }
    (void)fclose(file);
    assert_int_equal(rows, 1150);
    assert_int_equal(module_count, 64);
}

static void the_loader_pads_are_known(void **state) {
    (void)state;
    for (size_t i = 0; i < module_count; i++) {
        struct module_pad pads[MODULE_PADS_MAX];
        size_t count = module_pads(&modules[i], pads);
        unsigned rx = 0, tx = 0;
        assert_true(count > 0);
        for (size_t p = 0; p < count; p++) {
            rx += pads[p].use == PAD_RX;
            tx += pads[p].use == PAD_TX;
        }
        if (strncmp(modules[i].package, "bk", 2) == 0)
            assert_true(rx >= 1 && tx >= 1);
    }
}

static void names_are_found_in_any_spelling(void **state) {
    (void)state;
    assert_ptr_equal(module_find("cb2s"), module_find("CB2S"));
    assert_ptr_equal(module_find("WB2L_M1"), module_find("WB2L-M1"));
    assert_null(module_find("CB9X"));
    assert_null(module_find(NULL));
    assert_string_equal(module_generic("BK7231N")->platform, "BK7231N");
    assert_null(module_generic("Z80"));
}

static void drawings_show_roles_and_loader_pads(void **state) {
    (void)state;
    static char buffer[65536];
    static struct pin_uses uses;
    pin_uses_add(&uses, 26, OBK_ROLE_RELAY, 1);
    struct text out = text_start(buffer, sizeof buffer);
    module_draw(module_find("CB2S"), &uses, false, &out);
    assert_non_null(strstr(buffer, "Rel;1  P26 11 ○"));
    assert_non_null(strstr(buffer, "3V3=1 GND=3 RX=5 TX=7 CEN=10"));
    assert_null(strchr(buffer, '\033'));
    pin_uses_add(&uses, 14, OBK_ROLE_BUTTON, 1);
    out = text_start(buffer, sizeof buffer);
    module_draw(module_find("CB2S"), &uses, false, &out);
    assert_non_null(strstr(buffer, "on no pad of this module: GPIO 14  Btn;1"));
    out = text_start(buffer, sizeof buffer);
    module_draw(module_find("CB2S"), &uses, true, &out);
    assert_non_null(strstr(buffer, "\033[1;31mRel;1"));
}

static void every_module_fits_its_drawing(void **state) {
    (void)state;
    static char buffer[65536];
    static struct pin_uses uses;
    for (int gpio = 0; gpio < 40; gpio++)
        pin_uses_add(&uses, gpio, OBK_ROLE_BTN_NEXT_TEMPERATURE_N, 1);
    for (size_t i = 0; i < module_count; i++) {
        struct text out = text_start(buffer, 16384);
        module_draw(&modules[i], &uses, true, &out);
        assert_false(out.truncated);
        out = text_start(buffer, 49152);
        module_svg(&modules[i], &uses, &out);
        assert_false(out.truncated);
        assert_string_equal(buffer + out.length - 7, "</svg>\n");
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_of_the_public_table_is_carried),
        cmocka_unit_test(the_loader_pads_are_known),
        cmocka_unit_test(names_are_found_in_any_spelling),
        cmocka_unit_test(drawings_show_roles_and_loader_pads),
        cmocka_unit_test(every_module_fits_its_drawing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
