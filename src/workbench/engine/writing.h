/* Writing sectors one after the other, each after the answer to the one before. A boot ROM's buffer
 * is too small for more. Family B's bootloader takes a sector that follows at once, as far as the
 * genuine one shows on an emulated chip; whether it keeps up with a real flash's times is not
 * known, and a byte lost there would be one in an address. TIMEOUT at the first answer that is not
 * as it should be. */
#ifndef WORKBENCH_ENGINE_WRITING_H
#define WORKBENCH_ENGINE_WRITING_H
#include "workbench/engine/talk.h"

struct writing {
    struct line *line;
    uint32_t start;                                      /* address of sector 0 */
    const uint8_t *data;                                 /* of sector 0 and on */
    uint32_t end;                                        /* behind the last one */
    bool (*wants)(const void *context, uint32_t sector); /* is it to be written? */
    void (*wrote)(void *context, uint32_t done);         /* every wanted one before `done` */
    void *context;
    uint32_t next, done; /* sectors: to be sent, the first one not known to be written */
    uint32_t sent;       /* how many */
    int pushes;
};
struct talk talk_writing(struct writing *w);
/* The first wanted sector from `from` on, or `end`. */
uint32_t writing_next(const struct writing *w, uint32_t from);
enum { WRITING_4K_US = 150000 };
#endif
