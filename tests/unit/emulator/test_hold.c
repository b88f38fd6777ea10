/* Holding a button in a copy of the machine, against a guest of our own: P23 is its button, a short
 * press switches P24, and P26 stays dark until the button was held for five seconds, then blinks
 * every 500 ms. */
#include "bare_image.h"
#include "workbench/emulator/findings.h"

#include <stdio.h>

#include "check.h"

enum { REST_MS = 50, TICKS_PER_US = 5, MOST = 4 };

static const uint32_t pairing_guest[] = {
    0xE59F0084, /* start: ldr r0, =gpio */
    0xE3A0103C, /*        mov r1, #60 */
    0xE580105C, /*        str r1, [r0, #92] */
    0xE3A01000, /*        mov r1, #0 */
    0xE5801060, /*        str r1, [r0, #96] */
    0xE5801068, /*        str r1, [r0, #104] */
    0xE3A04000, /*        mov r4, #0 */
    0xE3A05000, /*        mov r5, #0 */
    0xE3A06000, /*        mov r6, #0 */
    0xE3A07000, /*        mov r7, #0 */
    0xE3A08000, /*        mov r8, #0 */
    0xE3A02D1A, /* turn:  mov r2, #1664 */
    0xE2522001, /* wait:  subs r2, r2, #1 */
    0x1AFFFFFD, /*        bne wait */
    0xE590105C, /*        ldr r1, [r0, #92] */
    0xE3110001, /*        tst r1, #1 */
    0x02844001, /*        addeq r4, r4, #1 */
    0x0A000004, /*        beq held */
    0xE3540000, /*        cmp r4, #0 */
    0x0A000001, /*        beq up */
    0xE2255002, /*        eor r5, r5, #2 */
    0xE5805060, /*        str r5, [r0, #96] */
    0xE3A04000, /* up:    mov r4, #0 */
    0xE59F302C, /* held:  ldr r3, =5000 */
    0xE1540003, /*        cmp r4, r3 */
    0xA3A08001, /*        movge r8, #1 */
    0xE3580000, /*        cmp r8, #0 */
    0x0AFFFFEE, /*        beq turn */
    0xE2877001, /*        add r7, r7, #1 */
    0xE35700FA, /*        cmp r7, #250 */
    0xBAFFFFEB, /*        blt turn */
    0xE3A07000, /*        mov r7, #0 */
    0xE2266002, /*        eor r6, r6, #2 */
    0xE5806068, /*        str r6, [r0, #104] */
    0xEAFFFFE7, /*        b turn */
    0x00802800, /*        .word 0x00802800 */
    0x00001388, /*        .word 0x00001388 */
};

struct watch {
    struct findings findings;
    bool anyway;
    int asked;
    char commands[MOST][32];
};

static void on_record(void *context, const struct soc_record *r) {
    struct watch *w = context;
    findings_take(&w->findings, r);
}

static bool on_rest(void *context, char *command, size_t size) {
    struct watch *w = context;
    if (w->asked == MOST || !findings_hold(&w->findings, w->anyway, command, size))
        return false;
    snprintf(w->commands[w->asked++], sizeof w->commands[0], "%s", command);
    return true;
}

static void boot(struct watch *w, const uint32_t *code, size_t words) {
    static uint8_t image[BARE_SIZE];
    const struct soc_request request = {.for_ms = REST_MS,
                                        .ticks_per_us = TICKS_PER_US,
                                        .events = true,
                                        .experiment = true,
                                        .more = on_rest};
    char why[200] = "";
    bare_image(image, code, words);
    findings_start(&w->findings);
    if (!soc_run(&request, image, sizeof image, on_record, w, why, sizeof why))
        fail_msg("%s", why);
    findings_conclude(&w->findings);
}

static void an_led_that_waits_for_a_long_press_is_found(void **state) {
    (void)state;
    static struct watch w;
    boot(&w, pairing_guest, sizeof pairing_guest / sizeof *pairing_guest);
    const struct finding_pin *pin = w.findings.pin;
    assert_int_equal(pin[23].kind, FINDING_BUTTON);
    assert_int_equal(pin[24].kind, FINDING_RELAY);
    assert_int_equal(w.asked, 1);
    assert_string_equal(w.commands[0], "hold 23\n");
    assert_int_equal(pin[26].kind, FINDING_LED);
    assert_true(pin[26].confidence >= 90);
    int period = 0;
    double held = 0;
    assert_int_equal(
        sscanf(pin[26].evidence, "blinks every %d ms after P23 was held for %lf s", &period, &held),
        2);
    assert_in_range(period, 480, 520);
    assert_true(held > 5 && held < 7.5);
}

/* The same guest without its output on P26: nothing may be an LED, so nothing is held. */
static void no_button_is_held_when_nothing_can_come_of_it(void **state) {
    (void)state;
    static struct watch w;
    uint32_t code[sizeof pairing_guest / sizeof *pairing_guest];
    memcpy(code, pairing_guest, sizeof code);
    for (size_t i = 0; i < sizeof code / sizeof *code; i++)
        if (code[i] == 0xE5801068 || code[i] == 0xE5806068)
            code[i] = 0xE1A00000; /* nop */
    boot(&w, code, sizeof code / sizeof *code);
    assert_int_equal(w.findings.pin[24].kind, FINDING_RELAY);
    assert_int_equal(w.asked, 0);
    memset(&w, 0, sizeof w);
    w.anyway = true;
    boot(&w, code, sizeof code / sizeof *code);
    assert_int_equal(w.asked, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_led_that_waits_for_a_long_press_is_found),
        cmocka_unit_test(no_button_is_held_when_nothing_can_come_of_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
