/* The event loop of the line: whatever is due first happens first, whoever it concerns. */
#include "virtual/wire/wire.h"

#include <stdlib.h>
#include <string.h>

#include "virtual/random.h"

enum { ADAPTER_PACKET = 62, MCU_BAUD = 9600 };
#define SECOND_NS 1000000000ull

void wire_init(struct wire *wire, struct chip *chip, uint64_t seed) {
    memset(wire, 0, sizeof *wire);
    wire->chip = chip;
    wire->random = seed;
    wire->hand_at_ns = wire->garbled_since_ns = CHIP_NEVER;
    wire->seen_resets = chip->resets;
}

void wire_free(struct wire *wire) {
    wire_queue_free(&wire->to_chip);
    wire_queue_free(&wire->to_host);
}

static bool agree(uint32_t a, uint32_t b) {
    uint32_t difference = a > b ? a - b : b - a;
    return a == 0 || b == 0 || (uint64_t)difference * 100 <= (uint64_t)a * 3;
}

/* Do both ends understand each other at the rates they use? */
static bool sound(const struct wire *wire, uint32_t chip) {
    uint32_t host = wire->host_baud, most = wire->faults.max_baud;
    return agree(host, chip) && (most == 0 || (host <= most && chip <= most));
}

/* How many bytes of garbage a receiver at `to` makes of one byte sent at `from`. */
static unsigned garbled(uint64_t *carry, uint32_t from, uint32_t to) {
    *carry += to;
    unsigned n = 0;
    for (; *carry >= from && n < 16; n++)
        *carry -= from;
    if (*carry >= from)
        *carry = 0;
    return n;
}

/* ---- towards the host ---- */

static bool counts(struct wire *wire) {
    wire->bytes++;
    if (wire->faults.pull_at && wire->bytes > wire->faults.pull_at)
        wire->pulled = true;
    return !wire->pulled;
}

static void arrive(struct wire *wire, uint8_t byte) {
    if (wire->to_host.count == wire->visible)
        wire->held_since_ns = wire->now_ns;
    wire_queue_push(&wire->to_host, wire->now_ns, byte);
}

/* Random damage to one byte on its way; returns how many copies arrive. */
static unsigned damage(struct wire *wire, uint8_t *byte) {
    const struct wire_faults *f = &wire->faults;
    if (random_chance(&wire->random, f->flip))
        *byte ^= (uint8_t)(1u << (random_next(&wire->random) & 7));
    if (random_chance(&wire->random, f->late))
        wire->stall_until_ns = wire->now_ns + f->late_ms * 1000000ull;
    if (random_chance(&wire->random, f->lose))
        return 0;
    return random_chance(&wire->random, f->dup) ? 2 : 1;
}

static void send_to_host(struct wire *wire, uint8_t byte, uint32_t sender_baud) {
    unsigned copies = 1;
    bool garbage = !sound(wire, sender_baud);
    if (garbage)
        copies = garbled(&wire->carry_out, sender_baud, wire->host_baud);
    for (; copies; copies--) {
        uint8_t value = garbage ? (uint8_t)random_next(&wire->random) : byte;
        for (unsigned n = damage(wire, &value); n; n--)
            arrive(wire, value);
    }
}

static void take_from_chip(struct wire *wire) {
    const struct wire_faults *f = &wire->faults;
    uint8_t byte;
    while (chip_take(wire->chip, &byte))
        if (!(f->silence || f->swapped || f->log_port || f->echo) && counts(wire))
            send_to_host(wire, byte, chip_baud(wire->chip));
}

static void send_text(struct wire *wire, const char *text, size_t length, uint32_t baud) {
    for (size_t i = 0; i < length && !wire->pulled; i++)
        send_to_host(wire, (uint8_t)text[i], baud);
}

/* ---- towards the chip ---- */

static void deliver(struct wire *wire, uint8_t byte) {
    const struct wire_faults *f = &wire->faults;
    uint32_t baud = chip_baud(wire->chip);
    if (!counts(wire))
        return;
    if (f->echo)
        arrive(wire, byte);
    if (f->swapped || f->log_port)
        return;
    bool garbage = !sound(wire, baud);
    if (!garbage)
        wire->garbled_since_ns = CHIP_NEVER;
    else if (wire->garbled_since_ns == CHIP_NEVER)
        wire->garbled_since_ns = wire->now_ns;
    unsigned copies = garbage ? garbled(&wire->carry_in, wire->host_baud, baud) : 1;
    for (; copies; copies--) {
        uint8_t value = garbage ? (uint8_t)random_next(&wire->random) : byte;
        for (unsigned n = damage(wire, &value); n; n--) {
            chip_receive(wire->chip, value);
            take_from_chip(wire);
        }
    }
}

bool wire_write(struct wire *wire, const uint8_t *data, size_t size) {
    uint32_t baud = wire->host_baud ? wire->host_baud : chip_baud(wire->chip);
    uint64_t byte_ns = wire->paced ? 10 * SECOND_NS / baud : 0;
    if (wire->pulled)
        return false;
    if (wire->host_free_ns < wire->now_ns)
        wire->host_free_ns = wire->now_ns;
    for (size_t i = 0; i < size; i++) {
        wire->host_free_ns += byte_ns;
        wire_queue_push(&wire->to_chip, wire->host_free_ns, data[i]);
    }
    return true;
}

size_t wire_read(struct wire *wire, uint8_t *buffer, size_t size) {
    size_t n = 0;
    for (; n < size && wire->visible; n++, wire->visible--) {
        buffer[n] = wire_queue_first(&wire->to_host)->value;
        wire_queue_pop(&wire->to_host);
    }
    return n;
}

void wire_discard(struct wire *wire) {
    while (wire->to_host.count)
        wire_queue_pop(&wire->to_host);
    wire->visible = 0;
}

void wire_set_lines(struct wire *wire, bool dtr, bool rts) {
    bool low = (wire->reset == WIRE_RESET_RTS && rts) || (wire->reset == WIRE_RESET_DTR && dtr) ||
               (wire->reset == WIRE_RESET_BOTH && (rts || dtr));
    if (wire->reset != WIRE_RESET_NONE)
        chip_hold(wire->chip, low);
}

/* ---- what happens by itself ---- */

/* When the adapter hands over what it holds: full packet at once, else by its timer. */
static uint64_t release_ns(const struct wire *wire) {
    size_t held = wire->to_host.count - wire->visible;
    if (held == 0)
        return CHIP_NEVER;
    uint64_t at = wire->paced && held < ADAPTER_PACKET ? wire->held_since_ns + wire->latency_ns
                                                       : wire->held_since_ns;
    return at > wire->stall_until_ns ? at : wire->stall_until_ns;
}

static void release(struct wire *wire) {
    wire->visible = wire->to_host.count;
}

static bool application_talks(const struct wire *wire) {
    return wire->chip->state == CHIP_APPLICATION && wire->faults.noise != WIRE_QUIET;
}

/* A line of log or a TuyaMCU heartbeat, then the time of the next. */
static void make_noise(struct wire *wire) {
    static const char *const lines[] = {
        "[time 1 ms] wifi: connecting to station\r\n",
        "[time 2 ms] mqtt: not connected, next try in 5 s\r\n",
        "[time 3 ms] free heap 74120\r\n",
    };
    static const char heartbeat[] = {0x55, (char)0xAA, 0, 0, 0, 0, (char)0xFF};
    if (wire->faults.noise == WIRE_NOISE_LOG) {
        const char *line = lines[wire->noise_step++ % 3];
        send_text(wire, line, strlen(line), BEKEN_FIRST_BAUD);
        wire->noise_at_ns = wire->now_ns + SECOND_NS / 5;
    } else {
        send_text(wire, heartbeat, sizeof heartbeat, MCU_BAUD);
        wire->noise_at_ns = wire->now_ns + SECOND_NS;
    }
}

/* The log UART prints the bootloader's greeting after each reset. */
static void greet(struct wire *wire) {
    static const char text[] = "V:BK7231N_1.0.1\r\nCPSR:000000D3\r\nR0:00000000\r\nJ 0x10000\r\n";
    if (wire->seen_resets == wire->chip->resets)
        return;
    wire->seen_resets = wire->chip->resets;
    if (wire->faults.log_port)
        send_text(wire, text, sizeof text - 1, BEKEN_FIRST_BAUD);
}

static void hum(struct wire *wire) {
    if (wire->hum_at_ns)
        arrive(wire, (uint8_t)random_next(&wire->random));
    wire->hum_at_ns = wire->now_ns + 1 + SECOND_NS / wire->faults.hum_per_s;
}

/* Two seconds of talking at a rate that the chip left behind: the hand acts as well. */
static void end_garble(struct wire *wire) {
    if (wire->garbled_since_ns == CHIP_NEVER || wire->hand_ns == CHIP_NEVER ||
        wire->now_ns < wire->garbled_since_ns + 2 * SECOND_NS + wire->hand_ns)
        return;
    wire->garbled_since_ns = CHIP_NEVER;
    if (wire->chip->state != CHIP_DEAD)
        chip_reset(wire->chip, true);
}

/* The helping hand: sees LinkChecks going nowhere and cycles the power. */
static void lend_a_hand(struct wire *wire) {
    struct chip *chip = wire->chip;
    end_garble(wire);
    if (chip->state != CHIP_APPLICATION || wire->hand_ns == CHIP_NEVER) {
        wire->hand_at_ns = CHIP_NEVER;
        chip->link_checks_unheard = 0;
        return;
    }
    if (chip->link_checks_unheard && wire->hand_at_ns == CHIP_NEVER)
        wire->hand_at_ns = wire->now_ns + wire->hand_ns;
    if (wire->hand_at_ns <= wire->now_ns) {
        chip->link_checks_unheard = 0;
        wire->hand_at_ns = CHIP_NEVER;
        chip_reset(chip, true);
    }
}

static uint64_t least(uint64_t a, uint64_t b) {
    return a < b ? a : b;
}

uint64_t wire_next_ns(const struct wire *wire) {
    uint64_t next = chip_next_ns(wire->chip);
    if (wire->seen_resets != wire->chip->resets)
        next = wire->now_ns;
    if (wire->to_chip.count)
        next = least(next, wire_queue_first(&wire->to_chip)->at_ns);
    next = least(next, release_ns(wire));
    next = least(next, wire->hand_at_ns);
    if (application_talks(wire))
        next = least(next, wire->noise_at_ns);
    if (wire->faults.hum_per_s)
        next = least(next, wire->hum_at_ns);
    return next;
}

/* Everything that is due at now_ns. */
static void settle(struct wire *wire) {
    chip_run(wire->chip, wire->now_ns);
    take_from_chip(wire);
    chip_run(wire->chip, wire->now_ns);
    if (wire->to_chip.count && wire_queue_first(&wire->to_chip)->at_ns <= wire->now_ns) {
        uint8_t byte = wire_queue_first(&wire->to_chip)->value;
        wire_queue_pop(&wire->to_chip);
        deliver(wire, byte);
    }
    greet(wire);
    lend_a_hand(wire);
    if (application_talks(wire) && wire->noise_at_ns <= wire->now_ns)
        make_noise(wire);
    if (wire->faults.hum_per_s && wire->hum_at_ns <= wire->now_ns)
        hum(wire);
    if (release_ns(wire) <= wire->now_ns)
        release(wire);
}

void wire_run(struct wire *wire, uint64_t now_ns, bool stop_at_byte) {
    for (;;) {
        uint64_t next = wire_next_ns(wire);
        if (next > now_ns || wire->pulled)
            break;
        if (stop_at_byte && wire->visible && next > wire->now_ns)
            return;
        if (next > wire->now_ns)
            wire->now_ns = next;
        settle(wire);
    }
    if (stop_at_byte && wire->visible)
        return;
    if (now_ns > wire->now_ns && now_ns != CHIP_NEVER)
        wire->now_ns = now_ns;
    chip_run(wire->chip, wire->now_ns);
}
