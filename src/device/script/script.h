/* Scripts, repeating events and clock events, as the core drives them, and what commands of the
 * script room need. */
#ifndef DEVICE_SCRIPT_H
#define DEVICE_SCRIPT_H
#include "base/status.h"
#include "device/command/command.h"
#include "device/script/compile.h"
#include "device/script/state.h"

#include <stdint.h>

struct device;

/* Forgets scripts, threads, handlers, repeating and clock events, wait states. */
void script_init(struct device *d);
/* Boot, in this order: early.bat before pins are enabled; later the startup command and
 * autoexec.bat. Not called in safe mode. */
void script_early(struct device *d);
void script_boot(struct device *d);
/* Quick tick: threads, then repeating events. */
void script_tick(struct device *d, uint32_t elapsed_ms);
/* Second tick: clock events, noMQTTTime and the like; d->clock_epoch has already advanced. */
void script_second(struct device *d);
/* Milliseconds until script_tick has something to do: 0 now, UINT32_MAX nothing planned. */
uint32_t script_next_ms(const struct device *d);

/* Live blocks of a kind, threads that run. */
unsigned script_count(const struct device *d, enum block_kind kind);
unsigned script_threads(const struct device *d);

/* Runs one node (compiled line). */
enum command_result node_run(struct device *d, const uint8_t *node, unsigned source);

/* A new block with `extra` bytes of fields behind the header, then code; NULL when full. */
struct block *block_new(struct device *d, enum block_kind kind, const void *fields, size_t extra,
                        const void *code, size_t size);
struct block *block_first(const struct device *d, enum block_kind kind);
struct block *block_next(const struct device *d, const struct block *b);
void block_kill(struct device *d, struct block *b);

struct handler {
    uint16_t event;
    uint8_t arguments; /* 1 … 3; 0: change handler */
    uint8_t relation;  /* enum expr_op */
    int32_t values[3];
};
struct repeat {
    float interval_s, left_s;
    int32_t times, id; /* -1: forever */
};
struct clock_event {
    int32_t time_s; /* -1 sunrise, -2 sunset */
    int32_t id;
    uint8_t days;
};
/* Fields of a block, behind its header. */
static inline void *block_fields(const struct block *b) {
    return (void *)(uintptr_t)(b + 1);
}

/* Threads. A missing file is logged. */
enum status thread_start(struct device *d, const char *file, const char *label, int32_t id);
void thread_stop(struct device *d, int32_t id, bool all, bool keep_current);
struct thread *thread_current(struct device *d); /* NULL outside scripts */
void thread_goto(struct device *d, const char *label);
void scripts_forget(struct device *d);
/* Runs a file line by line at once; nothing when it is missing. */
void script_exec(struct device *d, const char *file);
/* Compiles a file (or text given) into a block, reporting findings to the log. */
struct block *script_load(struct device *d, const char *file);
/* Alias by name; NULL when there is none. */
struct block *alias_find(const struct device *d, const char *word, size_t length);
int event_find(const char *name); /* code; -1 unknown */
#endif
