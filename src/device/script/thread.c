/* Threads: scripts that run a few lines each quick tick, wait, and go on. They run from the newest
 * slot to the oldest; a thread that ended leaves its slot to the next one.
 * Source: openshwprojects/OpenBK7231T_App: src/cmnds/cmd_script.c. */
#include "base/text.h"
#include "device/device.h"
#include "device/script/script.h"

#include <string.h>

enum { LINES_PER_TICK = 20 };

struct thread *thread_current(struct device *d) {
    return d->script.current ? &d->script.threads[d->script.current - 1] : NULL;
}

unsigned threads_count(const struct device *d) {
    unsigned n = 0;
    for (unsigned i = 0; i < d->script.thread_slots; i++)
        n += d->script.threads[i].block != 0;
    return n;
}

static struct thread *free_slot(struct script_state *s) {
    for (unsigned i = s->thread_slots; i-- > 0;)
        if (!s->threads[i].block && s->current != i + 1)
            return &s->threads[i];
    return s->thread_slots < SCRIPT_THREADS ? &s->threads[s->thread_slots++] : NULL;
}

struct thread *thread_start_at(struct device *d, const struct block *b, uint16_t begin,
                               int32_t id) {
    struct thread *t = free_slot(&d->script);
    if (t)
        *t = (struct thread){.block = (uint16_t)(block_offset(d, b) + 1), .at = begin, .id = id};
    else
        device_log(d, LOG_ERROR, "script", "too many scripts run at once; not started");
    return t;
}

/* The place behind a label; the end when there is none. */
static uint16_t label_find(const struct block *b, const char *label) {
    const uint8_t *base = (const uint8_t *)b;
    unsigned p = b->code;
    while (p + NODE_HEAD <= b->size && script_get16(base + p) >= NODE_HEAD) {
        unsigned next = p + script_get16(base + p);
        if (base[p + 2] == NODE_LABEL && strcmp((const char *)base + p + NODE_HEAD, label) == 0)
            return (uint16_t)next;
        p = next;
    }
    return b->size;
}

/* The script of a name; that of the current thread for "this" and "*". */
static struct block *script_named(struct device *d, const char *file) {
    struct thread *now = thread_current(d);
    if (text_same(file, "this") || strcmp(file, "*") == 0)
        return now && now->block ? block_at(d, now->block - 1u) : NULL;
    struct block *b = script_load(d, file);
    if (!b)
        device_log2(d, LOG_WARN, "script", "no such script: ", file);
    return b;
}

static uint16_t begin_of(const struct block *b, const char *label) {
    return !*label || strcmp(label, "*") == 0 ? b->code : label_find(b, label);
}

enum status thread_start(struct device *d, const char *file, const char *label, int32_t id) {
    struct block *b = script_named(d, file);
    if (!b)
        return STATUS_NOT_FOUND;
    return thread_start_at(d, b, begin_of(b, label), id) ? STATUS_OK : STATUS_NO_SPACE;
}

void thread_stop(struct device *d, int32_t id, bool all, bool keep_current) {
    for (unsigned i = 0; i < d->script.thread_slots; i++)
        if ((all || d->script.threads[i].id == id) && !(keep_current && d->script.current == i + 1))
            d->script.threads[i].block = 0;
}

void thread_goto(struct device *d, struct thread *t, const char *file, const char *label) {
    const struct block *b = file ? script_named(d, file) : block_at(d, t->block - 1u);
    if (!b || !t->block)
        return;
    t->block = (uint16_t)(block_offset(d, b) + 1);
    t->at = begin_of(b, label);
}

void threads_wake(struct device *d, unsigned code, int32_t value) {
    for (unsigned i = 0; i < d->script.thread_slots; i++) {
        struct thread *t = &d->script.threads[i];
        if (!t->block || !t->wait_relation || t->wait_code != code)
            continue;
        if (t->wait_relation == '<'   ? value < t->wait_value
            : t->wait_relation == '>' ? value > t->wait_value
            : t->wait_relation == '!' ? value != t->wait_value
                                      : value == t->wait_value)
            t->wait_relation = 0;
    }
}

void thread_run(struct device *d, struct thread *t, unsigned lines) {
    uint8_t before = d->script.current;
    d->script.current = (uint8_t)(t - d->script.threads + 1);
    while (lines-- && t->block && !t->wait_relation && t->delay_ms <= 0) {
        const struct block *b = block_at(d, t->block - 1u);
        const uint8_t *node = (const uint8_t *)b + t->at;
        if (t->at + NODE_HEAD > b->size || script_get16(node) < NODE_HEAD) {
            t->block = 0;
            break;
        }
        t->at = (uint16_t)(t->at + script_get16(node));
        node_run(d, node, COMMAND_FROM_SCRIPT);
    }
    d->script.current = before;
}

void threads_tick(struct device *d, uint32_t elapsed_ms) {
    d->script.running++;
    for (unsigned i = d->script.thread_slots; i-- > 0;) {
        struct thread *t = &d->script.threads[i];
        if (!t->block || t->wait_relation)
            continue;
        if (t->delay_ms > 0)
            t->delay_ms -= (int32_t)elapsed_ms;
        if (t->delay_ms <= 0)
            thread_run(d, t, LINES_PER_TICK);
    }
    d->script.running--;
}

uint32_t threads_next_ms(const struct device *d) {
    uint32_t next = UINT32_MAX;
    for (unsigned i = 0; i < d->script.thread_slots; i++) {
        const struct thread *t = &d->script.threads[i];
        if (!t->block || t->wait_relation)
            continue;
        uint32_t left = t->delay_ms > 0 ? (uint32_t)t->delay_ms : 0;
        next = left < next ? left : next;
    }
    return next;
}
