/* Every pair of busy pins is tried as data and clock, both ways round: the wrong pairs give no
 * whole bytes. */
#include "workbench/emulator/two_wires.h"

#include "workbench/emulator/pin_word.h"

#include <string.h>

enum {
    RISE = 0x80,
    BUSY = 40,      /* edges */
    FRAMES_MIN = 2, /* of one pair, to be believed */
    BITS_MAX = TWO_WIRES_BYTES * 9 + 1,
    OUTPUTS = 5,
};

/* What the line reads: driven, or let go and pulled up. */
static int level_of(uint32_t word) {
    return is_output(word) ? (word & WORD_OUT) != 0 : 1;
}

void two_wires_take(struct two_wires *w, int pin, uint32_t before, uint32_t after) {
    bool gpio = !((before | after) & WORD_SECOND);
    if (!gpio || level_of(before) == level_of(after) || w->count == TWO_WIRES_EDGES)
        return;
    w->edge[w->count++] = (uint8_t)(pin | (level_of(after) ? RISE : 0));
}

struct reader {
    bool data, clock, open;
    int bits;
    uint8_t bytes[TWO_WIRES_BYTES];
};

static void sample(struct reader *r) {
    if (!r->open || r->bits >= BITS_MAX)
        return;
    uint8_t *byte = &r->bytes[r->bits / 9];
    if (r->bits / 9 < TWO_WIRES_BYTES && r->bits % 9 < 8)
        *byte = (uint8_t)(*byte << 1 | r->data);
    r->bits++;
}

/* The clock of a stop condition counts as one bit more; some firmware lets the data line fall
 * while the clock is still high after the last byte, which looks like another start. */
static void finish(struct reader *r, struct two_wires_bus *bus) {
    int size = r->bits / 9;
    bool whole = r->bits % 9 <= 1 && size > 0 && size <= TWO_WIRES_BYTES;
    if (!r->open)
        return;
    r->open = false;
    bus->frames += whole;
    bus->broken += !whole && r->bits > 1;
    if (whole && size >= bus->size) {
        memcpy(bus->frame, r->bytes, (size_t)size);
        bus->size = size;
    }
}

static void start(struct reader *r, struct two_wires_bus *bus) {
    finish(r, bus);
    *r = (struct reader){.clock = r->clock, .data = r->data, .open = true};
}

static void read_pair(const struct two_wires *w, struct two_wires_bus *bus) {
    struct reader r = {.data = true, .clock = true};
    for (int i = 0; i < w->count; i++) {
        int pin = w->edge[i] & ~RISE;
        bool rise = w->edge[i] & RISE;
        if (pin == bus->data) {
            r.data = rise;
            if (r.clock && rise)
                finish(&r, bus);
            else if (r.clock)
                start(&r, bus);
        } else if (pin == bus->clock) {
            r.clock = rise;
            if (rise)
                sample(&r);
        }
    }
}

/* Address, length of the full frame, and where the outputs stand in it. */
static const struct {
    const char *chip;
    uint8_t mask, address;
    int size, outputs, width;
} chips[] = {
    {"SM2135", 0xF8, 0xC0, 8, 3, 1},    {"SM2135", 0xF8, 0xC0, 6, 3, 1},
    {"SM2235", 0xC0, 0xC0, 12, 2, 2},   {"BP5758D", 0xC0, 0x80, 17, 7, 2},
    {"BP1658CJ", 0xC0, 0x80, 12, 2, 2},
};

static int sm2135_ma(unsigned code) {
    return 10 + 5 * (int)code;
}

static void read_currents(struct two_wires_bus *bus) {
    unsigned high = bus->frame[1] >> 4, low = bus->frame[1] & 15u;
    if (strcmp(bus->chip, "SM2135") == 0) {
        bus->color = sm2135_ma(high);
        bus->white = sm2135_ma(low);
    } else if (strcmp(bus->chip, "BP5758D") == 0) {
        bus->color = bus->frame[2];
        bus->white = bus->frame[5];
    } else {
        bus->color = (int)high;
        bus->white = (int)low;
    }
}

static void recognise(struct two_wires_bus *bus) {
    for (unsigned i = 0; i < sizeof chips / sizeof *chips && !bus->chip; i++) {
        if ((bus->frame[0] & chips[i].mask) != chips[i].address || bus->size != chips[i].size)
            continue;
        bus->chip = chips[i].chip;
        for (int k = 0; k < OUTPUTS * chips[i].width && chips[i].outputs + k < bus->size; k++)
            if (bus->frame[chips[i].outputs + k])
                bus->lit |= 1u << k / chips[i].width;
        read_currents(bus);
    }
}

static bool better(const struct two_wires_bus *a, const struct two_wires_bus *b) {
    return a->frames >= FRAMES_MIN && a->frames > 4 * a->broken && a->frames > b->frames;
}

void two_wires_find(const struct two_wires *w, struct two_wires_bus *out) {
    int edges[TWO_WIRES_PINS] = {0};
    *out = (struct two_wires_bus){.data = -1, .clock = -1, .color = -1, .white = -1};
    for (int i = 0; i < w->count; i++)
        edges[w->edge[i] & ~RISE]++;
    for (int clock = 0; clock < TWO_WIRES_PINS; clock++)
        for (int data = 0; data < TWO_WIRES_PINS; data++) {
            struct two_wires_bus bus = {.data = data, .clock = clock, .color = -1, .white = -1};
            if (data == clock || edges[clock] < BUSY || !edges[data])
                continue;
            read_pair(w, &bus);
            if (better(&bus, out))
                *out = bus;
        }
    if (out->data >= 0)
        recognise(out);
}
