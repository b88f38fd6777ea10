/* Shared by the files that carry a conversation on; nobody else includes it. */
#ifndef WORKBENCH_FLASHER_SESSION_PRIVATE_H
#define WORKBENCH_FLASHER_SESSION_PRIVATE_H
#include "workbench/engine/talk.h"
#include "workbench/flasher/session.h"

enum {
    SESSION_TRIES = 4,
    SESSION_RECOVERIES = 4,
    SESSION_CALM_US = 30000,
};

/* What conversations must know, as it is now. */
struct talk_terms session_terms(struct session *s);
/* Carries a conversation on over the line until it is over. TIMEOUT when an answer failed to come.
 * What its answers point to lives until the next conversation. */
enum status session_talk(struct session *s, const struct talk *t);
/* Brings the conversation back after a call that got no answer. */
enum status session_recover(struct session *s);
#endif
