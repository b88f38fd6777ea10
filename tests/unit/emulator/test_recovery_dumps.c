/* Real dumps, booted as if the firmware had said nothing of its configuration: what relays, buttons
 * and LEDs are found by watching and pressing alone, against what is stored. And with the stored
 * configuration wiped: nothing wrong is claimed as sure. */
#include "inspector/dumps.h"
#include "workbench/emulator/recovery.h"
#include "workbench/inspector/inspection.h"

#include <stdlib.h>

#include "check.h"

enum { SURE = 90, WIPED_MAX = 4 };

struct score {
    int wanted, right, sure_and_wrong;
};

/* The kind that a stored pin has, or FINDING_UNUSED when it is none of the three. */
static enum finding_kind wanted_kind(const char *function) {
    if (strcmp(function, "relay") == 0)
        return FINDING_RELAY;
    if (strncmp(function, "button", 6) == 0)
        return FINDING_BUTTON;
    return strstr(function, "LED") && !strstr(function, "driver") ? FINDING_LED : FINDING_UNUSED;
}

static const struct tuya_pin *stored_pin(const struct tuya_config *config, int gpio) {
    for (size_t i = 0; i < config->pin_count; i++)
        if (config->pins[i].gpio == gpio)
            return &config->pins[i];
    return NULL;
}

static void judge(const char *name, const struct tuya_config *stored, const struct recovery *r,
                  struct score *score) {
    for (int gpio = 0; gpio < FINDING_PINS; gpio++) {
        const struct tuya_pin *pin = stored_pin(stored, gpio);
        const struct finding_pin *found = &r->findings.pin[gpio];
        enum finding_kind wanted = pin ? wanted_kind(pin->function) : FINDING_UNUSED;
        bool claims = found->kind == FINDING_RELAY || found->kind == FINDING_BUTTON ||
                      found->kind == FINDING_LED;
        score->wanted += wanted != FINDING_UNUSED;
        score->right += wanted != FINDING_UNUSED && found->kind == wanted;
        if (wanted != FINDING_UNUSED && found->kind != wanted)
            printf("%s: P%d is a %s, found %s (%s)\n", name, gpio, pin->function,
                   finding_kind_text(found->kind), found->evidence);
        if (claims && found->kind != wanted) {
            printf("%s: P%d claimed as %s with %d %%: %s\n", name, gpio,
                   finding_kind_text(found->kind), found->confidence, found->evidence);
            score->sure_and_wrong += found->confidence >= SURE;
        }
    }
}

static bool has_switch(const struct tuya_config *config) {
    for (size_t i = 0; i < config->pin_count; i++)
        if (wanted_kind(config->pins[i].function) != FINDING_UNUSED)
            return true;
    return false;
}

static void each(const char *name, const struct dump *dump, struct score *score) {
    struct inspection *in = inspection_make(dump->data, dump->size);
    assert_non_null(in);
    if (in->survey.boot.found && in->survey.app.found && has_switch(&in->config)) {
        struct recovery *r = recovery_make(dump->data, dump->size, false, NULL);
        assert_non_null(r);
        assert_true(r->ran);
        judge(name, &in->config, r, score);
        recovery_free(r);
    }
    inspection_free(in);
}

static struct score watched;
static int looked_at;

static void watch_one(struct dump *dump) {
    each(dump->name, dump, &watched);
    looked_at++;
}

static void most_pins_are_found_by_watching_and_pressing(void **state) {
    (void)state;
    dumps_each(watch_one);
    printf("%d dumps: %d of %d relays, buttons and LEDs right, %d sure and wrong\n", looked_at,
           watched.right, watched.wanted, watched.sure_and_wrong);
    assert_true(watched.wanted > 0);
    assert_true(watched.right * 10 >= watched.wanted * 9);
    assert_int_equal(watched.sure_and_wrong, 0);
}

/* The meter of the one plug that has pulses: CF 7, CF1 6, SEL 24 are stored there. */
static void meter_pins_are_told_apart_by_feeding_pulses(void **state) {
    (void)state;
    struct dump dump;
    assert_true(dump_load("n-plug-bl0937-cb2s", &dump));
    struct recovery *r = recovery_make(dump.data, dump.size, false, NULL);
    assert_non_null(r);
    assert_int_equal(r->findings.pin[7].kind, FINDING_CF);
    assert_int_equal(r->findings.pin[6].kind, FINDING_CF1);
    assert_int_equal(r->findings.pin[24].kind, FINDING_SELECT);
    for (int gpio = 0; gpio < FINDING_PINS; gpio++)
        if (r->findings.pin[gpio].kind == FINDING_CF || r->findings.pin[gpio].kind == FINDING_CF1)
            assert_true(r->findings.pin[gpio].confidence < SURE); /* seen, not read */
    recovery_free(r);
    dump_free(&dump);
}

/* Every pin of the stored configuration under the same key, and nothing else taken for a pin. */
static void lights_are_found_with_colours_and_chips(void **state) {
    (void)state;
    static const char *const names[] = {"n-rgbcw-sm2235-cblc5", "t-rgbcw-sm2135-wb3l",
                                        "n-rgbcw-cbu-os3", "t-cw-bulb-wb3s", "t-cw-shifted-wb3l"};
    static const char *const currents[] = {"campere", "wampere", "2235ccur", "2235wcur", "pwmhz"};
    for (size_t n = 0; n < sizeof names / sizeof *names; n++) {
        struct dump dump;
        assert_true(dump_load(names[n], &dump));
        struct inspection *in = inspection_make(dump.data, dump.size);
        struct recovery *r = recovery_make(in->data, in->size, false, NULL);
        assert_int_equal(r->config.pin_count, in->config.pin_count);
        for (size_t i = 0; i < in->config.pin_count; i++) {
            const struct tuya_pin *pin = &in->config.pins[i];
            const struct tuya_pin *found = stored_pin(&r->config, pin->gpio);
            assert_non_null(found);
            assert_string_equal(found->key, pin->key);
            assert_int_equal(found->role, pin->role);
        }
        for (size_t i = 0; i < sizeof currents / sizeof *currents; i++) {
            const char *stored = tuya_config_get(&in->config, currents[i]);
            const char *found = tuya_config_get(&r->config, currents[i]);
            if (stored && found)
                assert_string_equal(found, stored);
        }
        recovery_free(r);
        inspection_free(in);
        dump_free(&dump);
    }
}

static void wipe(struct dump *dump, const struct inspection *in) {
    for (int i = 0; i < in->region_count; i++)
        if (in->region[i].kind == REGION_STORE || in->region[i].kind == REGION_USER_FILES)
            memset(dump->data + in->region[i].offset, 0xFF, in->region[i].size);
}

static void nothing_wrong_is_sure_after_wiping(void **state) {
    (void)state;
    static const char *const names[WIPED_MAX] = {"t-cw-bulb-wb3s", "n-rgbcw-cbu-os3", "n-plug-cb2s",
                                                 "n-motion-battery-cbu"};
    for (int i = 0; i < WIPED_MAX; i++) {
        struct dump dump;
        assert_true(dump_load(names[i], &dump));
        struct inspection *before = inspection_make(dump.data, dump.size);
        wipe(&dump, before);
        struct inspection *after =
            inspection_make_booted(dump.data, dump.size, INSPECTION_BOOT_IF_NEEDED, NULL);
        assert_non_null(after->recovery);
        if (strstr(names[i], "plug")) /* its log says so */
            assert_true(after->recovery->lacks);
        for (size_t p = 0; p < after->config.pin_count; p++) {
            const struct tuya_pin *pin = &after->config.pins[p];
            const struct tuya_pin *stored = stored_pin(&before->config, pin->gpio);
            if (pin->certainty == TUYA_SURE && (!stored || stored->role != pin->role))
                fail_msg("%s: P%d %s is called sure", names[i], pin->gpio, pin->function);
        }
        inspection_free(after);
        inspection_free(before);
        dump_free(&dump);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(most_pins_are_found_by_watching_and_pressing),
        cmocka_unit_test(meter_pins_are_told_apart_by_feeding_pulses),
        cmocka_unit_test(lights_are_found_with_colours_and_chips),
        cmocka_unit_test(nothing_wrong_is_sure_after_wiping),
    };
    if (!dumps_present())
        return 77;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
