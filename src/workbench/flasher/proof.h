/* When a difference is believed. Frames carry no checksum, so a question may reach the chip damaged
 * and a true answer to a wrong question comes back; two such answers can even be alike (every
 * damaged range that ends before it begins sums to the same). That something is as it should be
 * needs one observation, for chance does not produce a wanted checksum. That it is not, and so may
 * be written, needs two that agree and that no single kind of damage makes wrong in the same way:
 * the sum of the whole and the sums of its halves put together, or, where a needless write could
 * cost the chip, the sum and the bytes themselves. */
#ifndef WORKBENCH_FLASHER_PROOF_H
#define WORKBENCH_FLASHER_PROOF_H
#include "workbench/flasher/session.h"

/* Are `length` bytes (multiple of 512) from `start` those whose CRC-32 is `wanted`? By sums of the
 * whole and of its halves. IO when they never agree. */
enum status proof_by_sums(struct session *s, uint32_t start, uint32_t length, uint32_t wanted,
                          bool *same);
/* The same for one sector, by reading it: different only when the chip's sum confirms other bytes
 * than `wanted`. */
enum status proof_by_reading(struct session *s, uint32_t start, const uint8_t *wanted, bool *same);
#endif
