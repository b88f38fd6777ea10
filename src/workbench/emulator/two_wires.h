/* Reads the two-wire bus of LED driver chips off the pins that firmware toggles by hand: data and
 * clock, start and stop as on I2C, nine clocks a byte. Which chip it is follows from the address
 * and the length of its longest frame. The pins themselves show up in register words as inputs
 * with pull-up, since firmware lets go of them between frames.
 * Formats: openshwprojects/OpenBK7231T_App (src/driver), esphome/esphome (components sm2135,
 * sm10bit_base, bp5758d, bp1658cj). */
#ifndef WORKBENCH_EMULATOR_TWO_WIRES_H
#define WORKBENCH_EMULATOR_TWO_WIRES_H
#include <stdbool.h>
#include <stdint.h>

enum { TWO_WIRES_EDGES = 8192, TWO_WIRES_BYTES = 32, TWO_WIRES_PINS = 40 };

/* Edges in the order they came; what does not fit is lost, the first frames suffice. */
struct two_wires {
    uint8_t edge[TWO_WIRES_EDGES]; /* pin, and 0x80 for a rise */
    int count;
};

struct two_wires_bus {
    int data, clock; /* pins; -1: there is no bus */
    unsigned frames, broken;
    uint8_t frame[TWO_WIRES_BYTES]; /* the longest one */
    int size;
    const char *chip; /* "SM2135", "SM2235", "BP5758D", "BP1658CJ", or NULL */
    int color, white; /* currents as the chip was told: mA, codes for SM2235 and BP1658CJ; -1 */
    uint32_t lit;     /* bit per output that was told to light in the longest frame */
};

void two_wires_take(struct two_wires *w, int pin, uint32_t before, uint32_t after);
/* The pair of pins with most whole frames. */
void two_wires_find(const struct two_wires *w, struct two_wires_bus *out);
#endif
