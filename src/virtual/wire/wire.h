/* The line between a host's adapter and a chip: bytes take their time at the baud rate, arrive as
 * garbage when the two disagree about it, wait in the USB adapter for its latency timer, and meet
 * faults. Deterministic: bytes and time in, bytes and deadlines out; times are nanoseconds. */
#ifndef VIRTUAL_WIRE_WIRE_H
#define VIRTUAL_WIRE_WIRE_H
#include "virtual/chip/chip.h"
#include "virtual/wire/faults.h"
#include "virtual/wire/queue.h"

enum wire_reset { WIRE_RESET_NONE, WIRE_RESET_RTS, WIRE_RESET_DTR, WIRE_RESET_BOTH };

struct wire {
    struct chip *chip;
    struct wire_faults faults;
    uint64_t random;
    bool paced;
    uint64_t latency_ns;
    uint64_t hand_ns;   /* CHIP_NEVER: nobody helps */
    uint32_t host_baud; /* 0: always the chip's */
    enum wire_reset reset;

    uint64_t now_ns;
    struct wire_queue to_chip;
    uint64_t host_free_ns; /* the adapter has sent everything */
    struct wire_queue to_host;
    size_t visible;         /* bytes at the front of to_host that the host may read */
    uint64_t held_since_ns; /* first byte behind them arrived */
    uint64_t stall_until_ns;
    uint64_t hand_at_ns, noise_at_ns, hum_at_ns;
    uint64_t garbled_since_ns; /* CHIP_NEVER: the chip understands the host's rate */
    uint32_t noise_step;
    uint64_t carry_in, carry_out; /* of garbled bytes, in units of the receiver's rate */
    uint64_t bytes;               /* that have passed, both ways */
    uint64_t seen_resets;
    bool pulled;
};

/* `chip` must outlive it. Everything else starts as zero: set paced, faults, … afterwards. */
void wire_init(struct wire *wire, struct chip *chip, uint64_t seed);
void wire_free(struct wire *wire);

/* False once the cable is pulled. */
bool wire_write(struct wire *wire, const uint8_t *data, size_t size);
size_t wire_read(struct wire *wire, uint8_t *buffer, size_t size);
void wire_discard(struct wire *wire);
void wire_set_lines(struct wire *wire, bool dtr, bool rts);
/* Lets time pass up to now_ns; with `stop_at_byte`, only until a byte can be read. */
void wire_run(struct wire *wire, uint64_t now_ns, bool stop_at_byte);
/* When something happens next by itself; CHIP_NEVER. */
uint64_t wire_next_ns(const struct wire *wire);
#endif
