/* The core and its memory, seen from guests of our own: code that changes itself is executed as it
 * stands in memory now, wherever it lies. */
#include "bare_run.h"

#include "check.h"

/* Writes a function that prints a letter, calls it three times, and writes the next, A to D. */
static uint32_t rewriting[] = {
    0xE59F4050, /*        ldr r4, =0x80220C */
    0xE59F505C, /*        ldr r5, =PLACE */
    0xE1A00000, /*        nop */
    0xE3A06041, /*        mov r6, #'A' */
    0xE59F0044, /* again: ldr r0, =0xE3A01000    mov r1, #0 */
    0xE1800006, /*        orr r0, r0, r6 */
    0xE5850000, /*        str r0, [r5] */
    0xE59F003C, /*        ldr r0, =0xE5841000    str r1, [r4] */
    0xE5850004, /*        str r0, [r5, #4] */
    0xE59F0038, /*        ldr r0, =0xE12FFF1E    bx lr */
    0xE5850008, /*        str r0, [r5, #8] */
    0xE3A07003, /*        mov r7, #3 */
    0xE1A0E00F, /* call:  mov lr, pc */
    0xE12FFF15, /*        bx r5 */
    0xE2577001, /*        subs r7, r7, #1 */
    0x1AFFFFFB, /*        bne call */
    0xE2866001, /*        add r6, r6, #1 */
    0xE3560045, /*        cmp r6, #'E' */
    0x1AFFFFF0, /*        bne again */
    0xE3A0000A, /*        mov r0, #10 */
    0xE5840000, /*        str r0, [r4] */
    0xEAFFFFFE, /* end:   b end */
    0x0080220C, 0xE3A01000, 0xE5841000, 0xE12FFF1E, 0 /* PLACE */,
};
enum { PLACE = sizeof rewriting / sizeof *rewriting - 1 };

static void code_that_changes_itself_runs_as_it_stands(void **state) {
    static const uint32_t places[] = {0x401000, 0x3FEE00, 0x3F0000, 0x40FFF8};
    static uint8_t image[BARE_SIZE];
    (void)state;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        rewriting[PLACE] = places[i];
        bare_image(image, rewriting, sizeof rewriting / sizeof *rewriting);
        assert_string_equal(bare_run(image, sizeof image, "bk7231n", 1000).log, "AAABBBCCCDDD");
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(code_that_changes_itself_runs_as_it_stands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
