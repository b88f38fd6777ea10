/* Scripts, repeating events and clock events, as the core drives them, and what commands of the
 * script room need. */
#ifndef DEVICE_SCRIPT_H
#define DEVICE_SCRIPT_H
#include "base/status.h"
#include "device/script/block.h"
#include "device/script/command.h"
#include "device/script/compile.h"
#include "device/script/events.h"
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

/* Runs one node (compiled line). */
enum command_result node_run(struct device *d, const uint8_t *node, unsigned source);
/* Runs the code of a handler or event. */
void block_run(struct device *d, const struct block *b);
/* Alias by name; NULL when there is none. */
struct block *alias_find(const struct device *d, const char *word, size_t length);

/* Handlers: blocks of BLOCK_HANDLER. */
enum { HANDLER_ON_CHANGE = 0, HANDLER_ON_TEXT = 4, HANDLER_VALUES = 3 };
struct handler {
    uint16_t event;
    uint8_t arguments; /* 1 … 3 numbers, or one of the above; the text follows this struct */
    uint8_t relation;  /* enum expr_op */
    int32_t values[HANDLER_VALUES];
};
/* The command of the newest handler that event and arguments would run, as it was written; NULL. */
const char *handler_command(const struct device *d, unsigned code, int32_t a, int32_t b);

/* Repeating events: blocks of BLOCK_REPEAT. */
struct repeat {
    float interval_s, left_s;
    int32_t times, id; /* times left; below 0: forever */
};
void repeats_tick(struct device *d, uint32_t elapsed_ms);
uint32_t repeats_next_ms(const struct device *d);

/* Charging limits: blocks of BLOCK_LIMIT, run by the driver of that name. */
struct limit {
    int32_t channel, start;
    int32_t delta;  /* runs when the channel is further than this from `start` */
    int32_t left_s; /* … or after that many seconds; below 0: never */
};
void limits_second(struct device *d);
void limits_stop(struct device *d);

/* Clock events: blocks of BLOCK_CLOCK. */
enum { CLOCK_SUNRISE = -1, CLOCK_SUNSET = -2 };
struct clock_event {
    int32_t time_s; /* of the local day, or one of the above */
    int32_t id;
    uint8_t days;          /* bit 0 Sunday … bit 6 Saturday */
    int32_t due_s, due_on; /* of sun events: time, and the local day it was computed for */
};
/* Clock events as the second tick runs them. */
void script_clock(struct device *d);
/* Runs the events of every local second since the last call, at most 100, and remembers `now`;
 * the first call, and one that goes backwards, only remembers. `valid` false forgets. */
void clock_events_run(struct device *d, int64_t now, bool valid);
/* When an event happens next, in seconds after midnight; -1 when there is none with that id. */
int32_t clock_event_time(const struct device *d, int32_t id);
/* Place, zone or rules changed: the sun is computed anew. */
void clock_events_renew(struct device *d);
/* Ends the blocks of a kind that have the id, or all of them; returns how many. */
unsigned events_remove(struct device *d, enum block_kind kind, bool all, int32_t id);

/* Threads. A missing file is logged. */
enum status thread_start(struct device *d, const char *file, const char *label, int32_t id);
/* A thread at that place of a block; NULL when there are too many. */
struct thread *thread_start_at(struct device *d, const struct block *b, uint16_t begin, int32_t id);
/* Runs it until it waits or ends, that many lines at most. */
void thread_run(struct device *d, struct thread *t, unsigned lines);
void thread_stop(struct device *d, int32_t id, bool all, bool keep_current);
struct thread *thread_current(struct device *d); /* NULL outside scripts */
/* Goes on at a label of its own script, or of that file when not NULL. */
void thread_goto(struct device *d, struct thread *t, const char *file, const char *label);
unsigned threads_count(const struct device *d);
void threads_tick(struct device *d, uint32_t elapsed_ms);
/* Milliseconds until a thread goes on; UINT32_MAX: none will by itself. */
uint32_t threads_next_ms(const struct device *d);
/* Wakes the threads that wait for that event and value. */
void threads_wake(struct device *d, unsigned code, int32_t value);

/* Loading. Forgets all threads and compiled files: */
void scripts_forget(struct device *d);
/* Compiles a file into a block, reporting findings to the log; once compiled it is kept. */
struct block *script_load(struct device *d, const char *file);
/* The same with a text of several lines, under that name, replacing an older one. */
struct block *script_load_text(struct device *d, const char *name, const char *text);
/* The commands of a backlog as a nameless script, one a line. */
struct block *script_load_backlog(struct device *d, const char *text);
/* Runs a backlog that is too long to be compiled in one piece: command by command, or as a thread
 * when it waits. */
enum command_result backlog_run(struct device *d, const char *text, unsigned source);
/* Runs a file line by line at once, compiled anew; nothing when it is missing. */
void script_exec(struct device *d, const char *file);
#endif
