/* Shared by the files that make up the chip; nobody else includes it. */
#ifndef VIRTUAL_CHIP_INTERNAL_H
#define VIRTUAL_CHIP_INTERNAL_H
#include "virtual/chip/chip.h"

/* Answers; `work_ns` is how long the work took before the first byte leaves. */
void chip_answer_short(struct chip *chip, unsigned code, const void *payload, size_t length,
                       uint64_t work_ns);
void chip_answer_flash(struct chip *chip, unsigned command, unsigned status, struct span head,
                       struct span data, uint64_t work_ns);
void chip_note(struct chip *chip, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Waits for the flash: nanoseconds until it is idle. */
uint64_t chip_flash_wait_ns(const struct chip *chip);
void chip_set_divisor(struct chip *chip, uint32_t baud);
/* Does what the supply did in the last flash operation; false when the chip is gone or reset. */
bool chip_survives_flash(struct chip *chip);

void chip_short_command(struct chip *chip, const struct beken_request *request);
void chip_flash_command(struct chip *chip, const struct beken_request *request);
/* Family B programs the pages of a Write4K while it arrives. */
void chip_stream_write(struct chip *chip);

uint32_t chip_read_register(struct chip *chip, uint32_t address);
void chip_write_register(struct chip *chip, uint32_t address, uint32_t value);
#endif
