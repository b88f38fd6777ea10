/* The one place of the flasher that has a line and a clock: carries out what the machines of the
 * engine ask for. Nothing else here reads, writes, waits or asks what time it is. */
#ifndef WORKBENCH_FLASHER_DRIVER_H
#define WORKBENCH_FLASHER_DRIVER_H
#include "workbench/engine/talk.h"
#include "workbench/flasher/session.h"

/* Runs a machine to its end and returns what it came to. CANCELLED when the user stops it; what the
 * line fails with (the adapter is gone) ends it, too. */
enum status session_run(struct session *s, struct machine machine);
/* The same with a talk. What its answers point to lives until the next one. */
enum status session_talk(struct session *s, struct talk talk);
/* Sends a frame that the caller does not expect an answer to. */
enum status session_send(struct session *s, const uint8_t *frame, size_t size);
/* Lets time pass. */
enum status session_pause(struct session *s, uint64_t us);
/* Time of the line's clock. */
uint64_t session_now_us(const struct session *s);
#endif
