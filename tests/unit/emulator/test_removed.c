/* Real dumps whose configuration was removed in several ways: how many relays, buttons and LEDs are
 * still found, by reading or by booting, and that nothing wrong is called sure. The table in
 * docs/guide/no-config.md is this one. */
#include "removal.h"
#include "workbench/emulator/recovery.h"

#include "check.h"

static const struct tuya_pin *pin_of(const struct tuya_config *config, int gpio) {
    for (size_t i = 0; i < config->pin_count; i++)
        if (config->pins[i].gpio == gpio)
            return &config->pins[i];
    return NULL;
}

static char kind_of(const struct tuya_pin *pin) {
    if (!pin)
        return 0;
    if (strcmp(pin->function, "relay") == 0)
        return 'r';
    if (strncmp(pin->function, "button", 6) == 0)
        return 'b';
    return strstr(pin->function, "LED") && !strstr(pin->function, "driver") ? 'l' : 0;
}

/* Relays, buttons and LEDs of each dump, and how many of them are found after each removal. */
static const struct {
    const char *dump;
    int all;
    int kept[REMOVAL_COUNT]; /* user files as they were */
    int lost[REMOVAL_COUNT]; /* user files without the text, too */
} rows[] = {
    {"n-plug-bl0937-cb2s", 3, {3, 3, 3, 3, 3, 3}, {0, 0, 0, 0, 0, 3}},
    {"n-plug-cb2s", 4, {4, 4, 4, 4, 4, 4}, {4, 0, 0, 4, 0, 4}},
    {"n-strip5-cb2s", 7, {7, 7, 7, 7, 7, 7}, {0, 0, 0, 0, 0, 7}},
    {"n-switch4-rf-cb3s", 10, {10, 10, 10, 10, 10, 10}, {0, 0, 0, 0, 0, 10}},
    {"n-motion-battery-cbu", 2, {2, 2, 2, 2, 2, 2}, {2, 0, 2, 2, 0, 2}},
};

/* Booting takes seconds where nothing is left to read: all of it only when asked for. */
static bool is_wanted(int row, int way, bool files) {
#ifdef __SANITIZE_ADDRESS__
    return !files || rows[row].lost[way] > 0;
#else
    return !files || rows[row].lost[way] > 0 || strcmp(rows[row].dump, "n-plug-cb2s") == 0 ||
           getenv("PLUGSMITH_SOAK");
#endif
}

static int judge(const struct inspection *before, const struct inspection *after, int *right) {
    int all = 0;
    *right = 0;
    for (int gpio = 0; gpio < FINDING_PINS; gpio++) {
        const struct tuya_pin *pin = pin_of(&after->config, gpio);
        char wanted = kind_of(pin_of(&before->config, gpio)), got = kind_of(pin);
        all += wanted != 0;
        *right += wanted && got == wanted;
        if (got && got != wanted)
            printf("    P%d: %s is wrong\n", gpio, pin->function);
        assert_false(got && got != wanted && pin->certainty == TUYA_SURE);
    }
    return all;
}

static void try_removal(const struct dump *dump, const struct inspection *before, int row, int way,
                        bool files) {
    int expected = files ? rows[row].lost[way] : rows[row].kept[way], right;
    uint8_t *image = malloc(dump->size);
    assert_non_null(image);
    memcpy(image, dump->data, dump->size);
    removal_do(image, dump->size, before, (enum removal)way, files);
    struct inspection *after =
        inspection_make_booted(image, dump->size, INSPECTION_BOOT_IF_NEEDED, NULL);
    assert_non_null(after);
    int all = judge(before, after, &right);
    printf("%-22s %-15s user files %s: %d of %d\n", dump->name, removal_name((enum removal)way),
           files ? "too" : "not", right, all);
    assert_int_equal(all, rows[row].all);
    assert_int_equal(right, expected);
    if (!expected && after->recovery) /* and it is said why */
        assert_true(after->recovery->lacks || way == REMOVAL_PIN_TEXT || way == REMOVAL_VALUE);
    inspection_free(after);
    free(image);
}

static void what_is_found_after_each_way_of_removal(void **state) {
    (void)state;
    for (int row = 0; row < (int)(sizeof rows / sizeof *rows); row++) {
        struct dump dump;
        assert_true(dump_load(rows[row].dump, &dump));
        struct inspection *before = inspection_make(dump.data, dump.size);
        for (int way = 0; way < REMOVAL_COUNT; way++)
            for (int files = 0; files < 2; files++)
                if (is_wanted(row, way, files))
                    try_removal(&dump, before, row, way, files);
        inspection_free(before);
        dump_free(&dump);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_found_after_each_way_of_removal),
    };
    if (!dumps_present())
        return 77;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
