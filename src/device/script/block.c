/* The arena of blocks; see block.h. */
#include "device/script/block.h"

#include "device/device.h"

#include <string.h>

struct block *block_at(const struct device *d, unsigned offset) {
    return (struct block *)(uintptr_t)(d->script.arena + offset);
}

unsigned block_offset(const struct device *d, const struct block *b) {
    return (unsigned)((const uint8_t *)b - d->script.arena);
}

const uint8_t *block_code(const struct device *d, const struct block *b) {
    const struct block *home = b->home ? block_at(d, b->home - 1u) : b;
    return (const uint8_t *)home + b->code;
}

static struct block *alive(const struct device *d, unsigned link) {
    while (link) {
        struct block *b = block_at(d, link - 1u);
        if (!b->dead)
            return b;
        link = b->next;
    }
    return NULL;
}

struct block *block_first(const struct device *d, enum block_kind kind) {
    return alive(d, d->script.heads[kind]);
}

struct block *block_next(const struct device *d, const struct block *b) {
    return alive(d, b->next);
}

unsigned block_count(const struct device *d, enum block_kind kind) {
    unsigned n = 0;
    for (struct block *b = block_first(d, kind); b; b = block_next(d, b))
        n++;
    return n;
}

void block_kill(struct device *d, struct block *b) {
    if (!b->dead)
        d->script.dead = (uint16_t)(d->script.dead + b->size);
    b->dead = 1;
}

void block_resize(struct device *d, struct block *b, size_t size) {
    d->script.used = (uint16_t)(d->script.used + size - b->size);
    b->size = (uint16_t)size;
}

/* The script or alias inside which that code lies. */
static const struct block *home_of(const struct device *d, const uint8_t *code) {
    const struct script_state *s = &d->script;
    if (code < s->arena || code >= s->arena + s->used)
        return NULL;
    for (unsigned at = 0; at < s->used; at += block_at(d, at)->size) {
        const struct block *b = block_at(d, at);
        if (code < (const uint8_t *)b + b->size)
            return b->kind == BLOCK_SCRIPT || b->kind == BLOCK_ALIAS ? b : NULL;
    }
    return NULL;
}

struct block *block_new(struct device *d, enum block_kind kind, const void *fields, size_t extra,
                        const void *code, size_t size) {
    struct script_state *s = &d->script;
    size_t begin = sizeof(struct block) + ((extra + 3) & ~(size_t)3);
    const struct block *home = code ? home_of(d, code) : NULL;
    unsigned from = home ? block_offset(d, home) + 1 : 0;
    size_t total = (begin + (from ? 0 : size) + 3) & ~(size_t)3;
    if (total > (size_t)(SCRIPT_ARENA - s->used)) {
        device_log(d, LOG_ERROR, "script", "script memory is full; nothing was added");
        return NULL;
    }
    struct block *b = block_at(d, s->used);
    memset(b, 0, total);
    *b = (struct block){.size = (uint16_t)total,
                        .next = s->heads[kind],
                        .code = (uint16_t)begin,
                        .home = (uint16_t)from,
                        .kind = (uint8_t)kind};
    if (extra && fields)
        memcpy(b + 1, fields, extra);
    if (from)
        b->code = (uint16_t)((const uint8_t *)code - (const uint8_t *)block_at(d, from - 1));
    else if (size && code)
        memcpy((uint8_t *)b + begin, code, size);
    s->heads[kind] = (uint16_t)(s->used + 1);
    s->used = (uint16_t)(s->used + total);
    return b;
}

/* Does a thread run it, or a live block use its code? */
static bool in_use(const struct device *d, unsigned offset) {
    const struct script_state *s = &d->script;
    for (unsigned i = 0; i < s->thread_slots; i++)
        if (s->threads[i].block == offset + 1)
            return true;
    for (unsigned at = 0; at < s->used; at += block_at(d, at)->size)
        if (!block_at(d, at)->dead && block_at(d, at)->home == offset + 1)
            return true;
    return false;
}

static bool kept(const struct device *d, unsigned offset) {
    const struct block *b = block_at(d, offset);
    return !b->dead || (b->kind == BLOCK_SCRIPT && in_use(d, offset));
}

/* Everybody who knows a block by where it lies. Addresses only shrink and are told in ascending
 * order, so none is told twice. */
static void tell_move(struct device *d, unsigned from, unsigned to) {
    struct script_state *s = &d->script;
    for (unsigned i = 0; i < s->thread_slots; i++)
        if (s->threads[i].block == from + 1)
            s->threads[i].block = (uint16_t)(to + 1);
    for (unsigned at = 0; at < s->used; at += block_at(d, at)->size)
        if (block_at(d, at)->home == from + 1)
            block_at(d, at)->home = (uint16_t)(to + 1);
}

/* Squeezes dead blocks out; the order of blocks is their age, so the lists can be made anew. */
static void squeeze(struct device *d) {
    struct script_state *s = &d->script;
    unsigned to = 0;
    for (unsigned from = 0; from < s->used; from += block_at(d, from)->size) {
        struct block *b = block_at(d, from);
        b->kept = kept(d, from);
        if (b->kept && to != from && (b->kind == BLOCK_SCRIPT || b->kind == BLOCK_ALIAS))
            tell_move(d, from, to);
        to += b->kept ? b->size : 0u;
    }
    memset(s->heads, 0, sizeof s->heads);
    to = 0;
    for (unsigned from = 0, size; from < s->used; from += size) {
        struct block *b = block_at(d, from);
        size = b->size;
        if (!b->kept)
            continue;
        memmove(s->arena + to, b, size);
        b = block_at(d, to);
        b->next = s->heads[b->kind];
        s->heads[b->kind] = (uint16_t)(to + 1);
        to += size;
    }
    s->used = (uint16_t)to;
    s->dead = 0;
}

void blocks_tidy(struct device *d) {
    struct script_state *s = &d->script;
    if (s->running)
        return;
    if (s->used > SCRIPT_ARENA / 4 * 3)
        for (struct block *b = block_first(d, BLOCK_SCRIPT); b; b = block_next(d, b))
            if (!*(char *)block_fields(b) && !in_use(d, block_offset(d, b)))
                block_kill(d, b); /* a backlog with delays, done: compiled again when it comes */
    if (s->dead > SCRIPT_ARENA / 4 || (s->dead && s->used > SCRIPT_ARENA / 4 * 3))
        squeeze(d);
}
