/* The remote protocol of gdb, packet by packet, against a guest of five instructions that counts.
 */
#include "bare_image.h"
#include "workbench/emulator/gdb_stub.h"

#include <stdio.h>
#include <stdlib.h>

#include "check.h"

enum { LOOP = BARE_CODE + 4, STORED = BARE_CODE + 12 };

static const uint32_t counting[] = {
    0xE3A00000, /*       mov r0, #0 */
    0xE2800001, /* loop: add r0, r0, #1 */
    0xE3A01501, /*       mov r1, #0x400000 */
    0xE5810000, /*       str r0, [r1] */
    0xEAFFFFFB, /*       b loop */
};

static char said[8192];
static size_t said_size;

static void put(void *context, const char *bytes, size_t size) {
    (void)context;
    assert_true(said_size + size < sizeof said);
    memcpy(said + said_size, bytes, size);
    said_size += size;
    said[said_size] = '\0';
}

static void send_packet(struct gdb_stub *stub, const char *body) {
    char packet[512];
    unsigned sum = 0;
    for (const char *c = body; *c; c++)
        sum += (unsigned char)*c;
    snprintf(packet, sizeof packet, "$%s#%02x", body, sum & 0xFF);
    for (const char *c = packet; *c; c++)
        assert_true(gdb_stub_feed(stub, *c));
}

/* The body of the answer to a packet. */
static const char *ask(struct gdb_stub *stub, const char *body) {
    said_size = 0;
    send_packet(stub, body);
    char *start = strchr(said, '$'), *end = strchr(said, '#');
    assert_non_null(start);
    assert_non_null(end);
    *end = '\0';
    return start + 1;
}

static uint32_t reg(struct gdb_stub *stub, int n) {
    char packet[8];
    snprintf(packet, sizeof packet, "p%x", n);
    return __builtin_bswap32((uint32_t)strtoul(ask(stub, packet), NULL, 16));
}

static struct soc_live *start(struct gdb_stub *stub) {
    static uint8_t image[BARE_SIZE];
    const struct soc_live_options options = {.request = {.ticks_per_us = 60}};
    char why[200] = "";
    bare_image(image, counting, sizeof counting / sizeof *counting);
    struct soc_live *live = soc_live_start(&options, image, sizeof image, why, sizeof why);
    if (!live)
        fail_msg("%s", why);
    gdb_stub_start(stub, live, put, NULL);
    gdb_stub_attach(stub);
    return live;
}

static void registers_and_memory_are_read_and_written(void **state) {
    struct gdb_stub stub;
    struct soc_live *live = start(&stub);
    (void)state;
    assert_string_equal(ask(&stub, "?"), "S05");
    assert_int_equal(strlen(ask(&stub, "g")), 17 * 8);
    assert_int_equal(reg(&stub, 15), 0);
    assert_int_equal(reg(&stub, 16), 0xD3); /* supervisor, interrupts off: out of reset */
    assert_string_equal(ask(&stub, "P2=78563412"), "OK");
    assert_int_equal(reg(&stub, 2), 0x12345678);
    assert_string_equal(ask(&stub, "m100,8"), "0000a0e3010080e2");
    assert_string_equal(ask(&stub, "M400010,4:deadbeef"), "OK");
    assert_string_equal(ask(&stub, "m400010,4"), "deadbeef");
    assert_string_equal(ask(&stub, "m50000000,4"), "E01");
    assert_string_equal(ask(&stub, "P99=00000000"), "E01");
    soc_live_end(live, NULL, 0);
}

static void a_step_is_one_instruction(void **state) {
    struct gdb_stub stub;
    struct soc_live *live = start(&stub);
    (void)state;
    const uint32_t path[] = {BARE_CODE, LOOP, LOOP + 4, STORED, STORED + 4, LOOP, LOOP + 4};
    for (size_t i = 0; i < sizeof path / sizeof *path; i++) {
        assert_string_equal(ask(&stub, "s"), "S05");
        assert_int_equal(reg(&stub, 15), path[i]);
    }
    assert_int_equal(reg(&stub, 0), 2);
    soc_live_end(live, NULL, 0);
}

/* Guest time until the stub says something. */
static const char *run_until_told(struct gdb_stub *stub) {
    for (int i = 0; i < 100 && stub->running; i++) {
        assert_true(soc_live_run(stub->live, 100));
        gdb_stub_after_run(stub);
    }
    return said;
}

static void a_breakpoint_holds_each_round_of_the_loop(void **state) {
    struct gdb_stub stub;
    struct soc_live *live = start(&stub);
    (void)state;
    assert_true(soc_live_run(live, 50)); /* the loop has been translated by then */
    uint32_t before = reg(&stub, 0);
    assert_true(before > 1);
    assert_string_equal(ask(&stub, "Z0,10c,4"), "OK");
    assert_string_equal(ask(&stub, "m10c,4"), "000081e5"); /* the firmware's own code is shown */
    for (uint32_t round = 0; round < 3; round++) {
        said_size = 0;
        send_packet(&stub, "c");
        assert_non_null(strstr(run_until_told(&stub), "$S05#b8"));
        assert_int_equal(reg(&stub, 15), STORED);
        uint32_t now = reg(&stub, 0);
        assert_true(round ? now == before + 1 : now >= before);
        before = now;
    }
    assert_string_equal(ask(&stub, "z0,10c,4"), "OK");
    said_size = 0;
    send_packet(&stub, "c");
    run_until_told(&stub);
    assert_true(stub.running); /* nothing holds it any more */
    said_size = 0;
    assert_true(gdb_stub_feed(&stub, 3));
    assert_non_null(strstr(said, "$S02#b5"));
    assert_true(reg(&stub, 0) > before + 100);
    soc_live_end(live, NULL, 0);
}

static void detached_guests_run_on_without_breakpoints(void **state) {
    struct gdb_stub stub;
    struct soc_live *live = start(&stub);
    (void)state;
    assert_string_equal(ask(&stub, "Z1,104,4"), "OK");
    assert_string_equal(ask(&stub, "D"), "OK");
    assert_true(stub.running);
    uint64_t us = soc_live_us(live);
    assert_true(soc_live_run(live, 1000));
    assert_false(soc_live_stopped(live));
    assert_int_equal(soc_live_us(live), us + 1000);
    soc_live_end(live, NULL, 0);
}

static void spoilt_packets_are_asked_for_again(void **state) {
    struct gdb_stub stub;
    struct soc_live *live = start(&stub);
    (void)state;
    said_size = 0;
    for (const char *c = "+++$g#00"; *c; c++)
        assert_true(gdb_stub_feed(&stub, *c));
    assert_string_equal(said, "-");
    assert_string_equal(ask(&stub, "vMustReplyEmpty"), "");
    assert_string_equal(ask(&stub, "Z2,400000,4"), ""); /* watchpoints are not offered */
    assert_non_null(strstr(ask(&stub, "qSupported:xmlRegisters=i386"), "qXfer:features:read+"));
    assert_non_null(strstr(ask(&stub, "qXfer:features:read:target.xml:0,ffb"), "org.gnu.gdb.arm"));
    assert_string_equal(ask(&stub, "QStartNoAckMode"), "OK");
    said_size = 0;
    send_packet(&stub, "?");
    assert_string_equal(said, "$S05#b8");
    soc_live_end(live, NULL, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(registers_and_memory_are_read_and_written),
        cmocka_unit_test(a_step_is_one_instruction),
        cmocka_unit_test(a_breakpoint_holds_each_round_of_the_loop),
        cmocka_unit_test(detached_guests_run_on_without_breakpoints),
        cmocka_unit_test(spoilt_packets_are_asked_for_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
