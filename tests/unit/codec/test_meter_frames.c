/* Packets of UART meters: captured ones decode to their published values, what is encoded decodes
 * to itself, and no damage to a stream yields a wrong packet. */
#include "base/bytes.h"
#include "check.h"
#include "codec/meter/bl0940.h"
#include "codec/meter/bl0942.h"
#include "codec/meter/cse7766.h"
#include "codec/meter/rn8209.h"

static const uint8_t bl0942[2][BL0942_PACKET] = {
    {0x55, 0xA3, 0xB9, 0x00, 0x9E, 0x4C, 0x36, 0x93, 0x43, 0x00, 0xF4, 0x98,
     0xFF, 0x99, 0x00, 0x00, 0x16, 0x4E, 0x00, 0x01, 0x01, 0x00, 0x76},
    {0x55, 0xAC, 0xB9, 0x00, 0x79, 0x4D, 0x36, 0xC4, 0x43, 0x00, 0xEF, 0x98,
     0xFF, 0x99, 0x00, 0x00, 0x16, 0x4E, 0x00, 0x01, 0x01, 0x00, 0x65},
};
static const uint8_t bl0940[2][BL0940_PACKET] = {
    {0x55, 0xB8, 0x55, 0x00, 0x2F, 0x73, 0x00, 0xD2, 0x02, 0x00, 0x00, 0xC6,
     0x74, 0xF9, 0x01, 0x00, 0x97, 0x89, 0x00, 0x37, 0x01, 0x00, 0xAB, 0x00,
     0x00, 0x2D, 0x00, 0x00, 0x02, 0x02, 0x00, 0xFE, 0x03, 0x00, 0x6E},
    {0x55, 0xB9, 0x33, 0x00, 0xDE, 0x45, 0x00, 0x94, 0x02, 0x00, 0xCF, 0xE4,
     0x70, 0x63, 0x02, 0x00, 0x6C, 0x4C, 0x00, 0x13, 0x01, 0x00, 0x09, 0x00,
     0x00, 0x00, 0x00, 0x00, 0xE4, 0x01, 0x00, 0xFE, 0x03, 0x00, 0x72},
};
static const uint8_t bl0939[BL0940_PACKET] = {0x55, 0x29, 0x03, 0x00, 0x00, 0x00, 0x00, 0x27, 0x15,
                                              0x01, 0x3A, 0x86, 0x3E, 0xAF, 0xC8, 0x00, 0x00, 0x00,
                                              0x00, 0x67, 0xB1, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00,
                                              0x00, 0xFA, 0x01, 0x00, 0xFE, 0x03, 0x00, 0x62};
static const uint8_t cse7766[3][CSE7766_PACKET] = {
    {0x55, 0x5A, 0x02, 0xFC, 0xD8, 0x00, 0x06, 0x2F, 0x00, 0x41, 0x32, 0x00,
     0xD7, 0xF2, 0x53, 0x7B, 0x18, 0x02, 0x3E, 0x9F, 0x71, 0x71, 0xFE, 0xEC},
    {0xF2, 0x5A, 0x02, 0xD5, 0x00, 0x00, 0x05, 0xA7, 0x00, 0x3C, 0x05, 0x03,
     0x2B, 0xF3, 0x4D, 0xB2, 0xA0, 0x9C, 0x98, 0xCA, 0x61, 0x24, 0x90, 0x97},
    {0xF2, 0x5A, 0x02, 0xD5, 0x00, 0x00, 0x05, 0xB7, 0x00, 0x3C, 0x05, 0x03,
     0x5D, 0xC5, 0x4D, 0xB2, 0xA0, 0xA7, 0xBB, 0x9C, 0x61, 0x2A, 0x61, 0x82},
};

/* Feeds bytes; returns how many packets came, the last one in the stream. */
static int feed(struct meter_stream *s, const struct meter_format *format, const uint8_t *data,
                size_t size) {
    int packets = 0;
    for (size_t i = 0; i < size; i++)
        packets += meter_stream_feed(s, format, data[i]) == METER_PACKET;
    return packets;
}

static void captured_packets_of_bl0942(void **state) {
    (void)state;
    struct meter_stream s = {0};
    struct bl0942_packet p;
    assert_int_equal(feed(&s, &bl0942_format, bl0942[0], BL0942_PACKET), 1);
    bl0942_decode(s.data, &p);
    assert_int_equal(p.current, 47523);
    assert_int_equal(p.voltage, 3558558);
    assert_int_equal(p.power, -26380);
    assert_int_equal(p.pulses, 153);
    assert_int_equal(p.period, 19990);
    assert_int_equal(feed(&s, &bl0942_format, bl0942[1], BL0942_PACKET), 1);
}

static void frames_to_bl0942(void **state) {
    (void)state;
    uint8_t out[BL0942_WRITE];
    assert_int_equal(bl0942_write(BL0942_WRITE_PROTECT, BL0942_UNLOCK, out), 6);
    assert_memory_equal(out, "\xA8\x1D\x55\x00\x00\xE5", 6);
    bl0942_write(BL0942_MODE, BL0942_MODE_800MS, out);
    assert_memory_equal(out, "\xA8\x19\x8F\x00\x00\xAF", 6);
    bl0942_write(BL0942_SOFT_RESET, 0x5A5A5A, out);
    assert_memory_equal(out, "\xA8\x1C\x5A\x5A\x5A\x2D", 6);
    assert_int_equal(belling_ask(BL0942_READ, BL0942_ALL, out), 2);
    assert_memory_equal(out, "\x58\xAA", 2);
}

static void captured_packets_of_bl0940_and_bl0939(void **state) {
    (void)state;
    struct meter_stream s = {0};
    struct bl0940_packet p;
    assert_int_equal(feed(&s, &bl0940_format, bl0940[0], BL0940_PACKET), 1);
    bl0940_decode(s.data, &p);
    assert_int_equal(p.voltage, 7652864);
    assert_int_equal(p.current, 29487);
    assert_int_equal(p.power, 35223);
    assert_int_equal(p.pulses, 171);
    assert_int_equal(bl0940_temperature(p.temperature), 404);
    assert_int_equal(feed(&s, &bl0940_format, bl0940[1], BL0940_PACKET), 1);
    bl0940_decode(s.data, &p);
    assert_int_equal(bl0940_temperature(p.temperature), 347);
    assert_int_equal(feed(&s, &bl0939_format, bl0939, BL0940_PACKET), 1);
    bl0939_decode(s.data, &p);
    assert_in_range(p.voltage, 4097500, 4097600); /* 238.80 V */
    assert_in_range(p.current_b, 70900, 71000);
    assert_int_equal(p.power_b, 0xB167);
}

static void frames_to_bl0940(void **state) {
    (void)state;
    static const uint8_t frames[BL0940_INIT_FRAMES][BL0940_WRITE] = {
        {0xA0, 0x19, 0x5A, 0x5A, 0x5A, 0x38}, {0xA0, 0x1A, 0x55, 0x00, 0x00, 0xF0},
        {0xA0, 0x18, 0x00, 0x10, 0x00, 0x37}, {0xA0, 0x1B, 0xFF, 0x47, 0x00, 0xFE},
        {0xA0, 0x10, 0x1C, 0x18, 0x00, 0x1B},
    };
    uint8_t out[BL0940_WRITE];
    for (unsigned n = 0; n < BL0940_INIT_FRAMES; n++) {
        assert_int_equal(bl0940_init(n, out), BL0940_WRITE);
        assert_memory_equal(out, frames[n], BL0940_WRITE);
    }
    assert_int_equal(bl0940_init(BL0940_INIT_FRAMES, out), 0);
}

static void captured_packets_of_cse7766(void **state) {
    (void)state;
    struct meter_stream s = {0};
    struct cse7766_packet p;
    assert_int_equal(feed(&s, &cse7766_format, cse7766[0], CSE7766_PACKET), 1);
    cse7766_decode(s.data, &p);
    assert_int_equal(p.voltage_coefficient, 195800);
    assert_int_equal(p.voltage_cycle, 1583);
    assert_int_equal(p.current_cycle, 55282);
    assert_int_equal(p.power_coefficient, 5471000);
    assert_int_equal(p.power_cycle, 147103);
    assert_int_equal(p.pulses, 29182);
    assert_true(cse7766_usable(&p) && !cse7766_no_power(&p));
    for (int i = 1; i < 3; i++) {
        assert_int_equal(feed(&s, &cse7766_format, cse7766[i], CSE7766_PACKET), 1);
        cse7766_decode(s.data, &p);
        assert_true(cse7766_usable(&p) && cse7766_no_power(&p));
    }
    p.state = 0xAA;
    assert_false(cse7766_usable(&p));
}

static void registers_of_rn8209(void **state) {
    (void)state;
    uint8_t out[RN8209_REPLY_MAX];
    int32_t value;
    assert_int_equal(rn8209_command(RN8209_UNLOCK, out), 3);
    assert_memory_equal(out, "\xEA\xE5\x30", 3);
    rn8209_command(RN8209_LOCK, out);
    assert_memory_equal(out, "\xEA\xDC\x39", 3);
    rn8209_command(RN8209_CHANNEL_A, out);
    assert_memory_equal(out, "\xEA\x5A\xBB", 3);
    rn8209_command(RN8209_RESET, out);
    assert_memory_equal(out, "\xEA\xFA\x1B", 3);
    assert_true(rn8209_decode(RN8209_VOLTAGE, (const uint8_t *)"\x20\x33\xE1\xA7", 4, &value));
    assert_int_equal(value, 2110433);
    assert_false(rn8209_decode(RN8209_VOLTAGE, (const uint8_t *)"\x20\x33\xE1\xA6", 4, &value));
    size_t size = rn8209_encode(RN8209_POWER_A, -5, out);
    assert_true(rn8209_decode(RN8209_POWER_A, out, size, &value));
    assert_int_equal(value, -5);
}

static void what_is_encoded_decodes_to_itself(void **state) {
    (void)state;
    uint8_t out[METER_PACKET_MAX];
    struct bl0942_packet a = {1, 0xFFFFFF, 3, -8388608, 0xFFFFFF, 20000, 7}, a2;
    bl0942_encode(&a, out);
    bl0942_decode(out, &a2);
    assert_true(bl0942_format.whole(out));
    assert_memory_equal(&a, &a2, sizeof a);
    struct bl0940_packet b = {.current = 5, .voltage = 6, .power = -7, .pulses = 8}, b2;
    bl0940_encode(&b, out);
    bl0940_decode(out, &b2);
    assert_true(bl0940_format.whole(out));
    assert_int_equal(b2.power, -7);
    struct cse7766_packet c = {0xF2, 0x71, 1, 2, 3, 4, 5, 0xFFFFFF, 65535}, c2;
    cse7766_encode(&c, out);
    cse7766_decode(out, &c2);
    assert_true(cse7766_format.whole(out));
    assert_int_equal(c2.power_cycle, 0xFFFFFF);
    assert_int_equal(c2.pulses, 65535);
}

/* Noise in front, a packet cut off, then a good one. */
static void the_stream_finds_its_way_back(void **state) {
    (void)state;
    struct meter_stream s = {0};
    static const uint8_t noise[] = {0x12, 0x55, 0x00, 0x55, 0xAA};
    assert_int_equal(feed(&s, &bl0942_format, noise, sizeof noise), 0);
    assert_int_equal(feed(&s, &bl0942_format, bl0942[0], 11), 0);
    int packets = feed(&s, &bl0942_format, bl0942[1], BL0942_PACKET);
    packets += feed(&s, &bl0942_format, bl0942[1], BL0942_PACKET);
    assert_in_range(packets, 1, 2);
    s = (struct meter_stream){0};
    feed(&s, &cse7766_format, cse7766[0], 9);
    meter_stream_reset(&s);
    assert_int_equal(feed(&s, &cse7766_format, cse7766[1], CSE7766_PACKET), 1);
}

static void no_flipped_bit_gets_through(void **state) {
    (void)state;
    for (unsigned bit = 0; bit < 8 * BL0942_PACKET; bit++) {
        struct meter_stream s = {0};
        uint8_t copy[BL0942_PACKET];
        memcpy(copy, bl0942[0], sizeof copy);
        copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_int_equal(feed(&s, &bl0942_format, copy, sizeof copy), 0);
    }
}

/* The fast current of both chips: command, register, data and sum. */
static void single_registers_of_belling_chips(void **state) {
    (void)state;
    static const struct {
        uint8_t read, reg;
    } fast[] = {{BL0942_READ, BL0942_FAST_CURRENT}, {BL0940_READ, BL0940_FAST_CURRENT}};
    uint8_t reply[BELLING_REPLY];
    uint32_t value;
    for (int i = 0; i < 2; i++) {
        assert_int_equal(belling_reply_encode(fast[i].read, fast[i].reg, 0x043C9E, reply), 4);
        assert_true(belling_reply_decode(fast[i].read, fast[i].reg, reply, &value));
        assert_int_equal(value, 0x043C9E);
        reply[1] ^= 0x10;
        assert_false(belling_reply_decode(fast[i].read, fast[i].reg, reply, &value));
    }
    assert_int_equal(reply[3], (uint8_t) ~(0x50 + 0x00 + 0x9E + 0x3C + 0x04));
}

static void the_pace_of_rn8209_is_written(void **state) {
    (void)state;
    uint8_t out[RN8209_WRITE_MAX];
    assert_int_equal(rn8209_write(RN8209_CONTROL_2, RN8209_QUICK, out), 4);
    assert_int_equal(out[0], 0x97);
    assert_int_equal(out[1] << 8 | out[2], RN8209_QUICK);
    assert_int_equal(out[3], (uint8_t) ~(out[0] + out[1] + out[2]));
    assert_int_equal(rn8209_write(0x55, 1, out), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(captured_packets_of_bl0942),
        cmocka_unit_test(frames_to_bl0942),
        cmocka_unit_test(captured_packets_of_bl0940_and_bl0939),
        cmocka_unit_test(frames_to_bl0940),
        cmocka_unit_test(captured_packets_of_cse7766),
        cmocka_unit_test(registers_of_rn8209),
        cmocka_unit_test(single_registers_of_belling_chips),
        cmocka_unit_test(the_pace_of_rn8209_is_written),
        cmocka_unit_test(what_is_encoded_decodes_to_itself),
        cmocka_unit_test(the_stream_finds_its_way_back),
        cmocka_unit_test(no_flipped_bit_gets_through),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
