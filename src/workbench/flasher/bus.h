/* The line as the jobs handle it: getting on the bus, the rate, and whether it is good enough. Each
 * runs a machine of the engine, whose header says what it does and how it can end. */
#ifndef WORKBENCH_FLASHER_BUS_H
#define WORKBENCH_FLASHER_BUS_H
#include "workbench/engine/classify.h"
#include "workbench/flasher/session.h"

/* Tries until the chip answers, the user cancels, or options.link_timeout_us is over. */
enum status session_link_up(struct session *s);
/* Listens only, for `us`, at 115200, and says what it hears. */
enum status session_listen(struct session *s, uint64_t us, struct classify *heard);
/* The wiring by which the adapter resets the chip ("RTS"), NULL when it does not. */
enum status session_find_reset(struct session *s, const char **wiring);
/* Goes to the best rate that works; `remembered` (0: none) is tried first. */
enum status session_climb(struct session *s, uint32_t remembered);
/* Goes to exactly this rate. TIMEOUT when it does not work; the line is at 115200 then. */
enum status session_use_rate(struct session *s, uint32_t baud);
/* Goes to the next lower rate; OK without change at 115200. */
enum status session_step_down(struct session *s);
/* REFUSED when the line is too bad for changing this chip, and --bad-line was not given. */
enum status session_prove_line(struct session *s);
/* Measures how long the adapter holds a short answer back. */
enum status session_measure_latency(struct session *s);
#endif
