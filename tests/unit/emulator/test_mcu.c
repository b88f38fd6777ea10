/* The microcontroller beside a TuyaMCU module: what it answers to a guest of our own that asks it
 * for its product twice and prints the text in the answers. */
#include "bare_run.h"

#include "check.h"

/* Sends 55 AA 00 01 00 00 00 on UART1, prints what is printable of what comes; twice. */
static const uint32_t asking[] = {
    0xE59F405C, /*        ldr r4, =0x802100 */
    0xE3A08002, /*        mov r8, #2 */
    0xE28F205C, /* query: adr r2, frame */
    0xE3A03007, /*        mov r3, #7 */
    0xE4D20001, /* send:  ldrb r0, [r2], #1 */
    0xE584000C, /*        str r0, [r4, #0x0C] */
    0xE2533001, /*        subs r3, r3, #1 */
    0x1AFFFFFB, /*        bne send */
    0xE59F9040, /*        ldr r9, =60000 */
    0xE5940008, /* poll:  ldr r0, [r4, #0x08] */
    0xE3100602, /*        tst r0, #0x200000 */
    0x0A000005, /*        beq none */
    0xE594000C, /*        ldr r0, [r4, #0x0C] */
    0xE20000FF, /*        and r0, r0, #0xFF */
    0xE3500020, /*        cmp r0, #0x20 */
    0x3A000001, /*        blo none */
    0xE350007F, /*        cmp r0, #0x7F */
    0x3584010C, /*        strlo r0, [r4, #0x10C] */
    0xE2599001, /* none:  subs r9, r9, #1 */
    0x1AFFFFF4, /*        bne poll */
    0xE3A0000A, /*        mov r0, #10 */
    0xE584010C, /*        str r0, [r4, #0x10C] */
    0xE2588001, /*        subs r8, r8, #1 */
    0x1AFFFFE9, /*        bne query */
    0xEAFFFFFE, /* end:   b end */
    0x00802100, 60000, 0x0100AA55, 0 /* frame */,
};

static void the_product_is_told_as_json_and_then_bare(void **state) {
    static uint8_t image[BARE_SIZE];
    struct bare_seen seen = {.counts = {0}};
    char why[200] = "";
    const struct soc_live_options options = {
        .request = {.ticks_per_us = 60, .mcu = "abcdefgh01234567", .events = true},
        .on = bare_take,
        .context = &seen};
    (void)state;
    bare_image(image, asking, sizeof asking / sizeof *asking);
    struct soc_live *live = soc_live_start(&options, image, sizeof image, why, sizeof why);
    assert_non_null(live);
    soc_live_run(live, 100000);
    soc_live_end(live, NULL, 0);
    assert_non_null(strstr(seen.log, "{\"p\":\"abcdefgh01234567\",\"v\":\"1.0.0\",\"m\":0}"));
    assert_non_null(strstr(seen.log, "Uabcdefgh012345671.0.0")); /* 55 AA 03 01 00 15 before it */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_product_is_told_as_json_and_then_bare),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
