/* A command is one row: its name, the kinds of its arguments, how they read in help, and the
 * function that does it. Help, reference, compiler and linter all read these rows. Rows without
 * function belong to rooms that are not in this build; they say so when called. */
#ifndef DEVICE_COMMAND_ROW_H
#define DEVICE_COMMAND_ROW_H
#include "device/build.h"
#include "device/script/command.h"
#include "device/script/tokenizer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct call;
typedef enum command_result command_function(struct call *c);

/* What a command does, in words. A build without network has no page to show it on and leaves it
 * out; there `help` names the arguments only. */
#if PLUGSMITH_SERVICES
#define HELP(text) (text)
#else
#define HELP(text) ""
#endif

/* Letters of `kinds`, one per argument, the last one repeats when it is followed by '*':
 * i int, f float, t text, b text or number, p pin, r rest of the line as text, c rest of the line
 * as a command, h the same with its text kept, k one argument as a command. */
struct command_row {
    const char *name;
    const char *kinds;
    uint8_t least; /* arguments needed */
    uint8_t modes; /* enum token_mode: how the line is split and constants are replaced */
    const char *arguments, *help;
    command_function *run;
    const char *where; /* run NULL: what brings this command */
};
struct command_group {
    const struct command_row *rows;
    const unsigned *count;
};
/* All words that a device knows; a word known twice means the earlier one. */
struct command_table {
    const struct command_group *groups;
    unsigned count;
};

/* Rows have running numbers; NULL beyond the last. */
const struct command_row *command_row(const struct command_table *words, unsigned number);
/* Finds by word, case-insensitive; "POWER1" finds POWER with *suffix 1 (else -1). -1: unknown. */
int command_find(const struct command_table *words, const char *word, size_t length, int *suffix);

/* One call in progress: arguments are read by index from 0. A text argument that begins with `$`
 * reads as the constant it names ("$IP", "$CH5"). */
struct call {
    struct device *d;
    const struct command_row *row;
    const uint8_t *args;
    uint8_t count;
    int16_t suffix;
    unsigned source;
};
int32_t call_int(const struct call *c, unsigned i, int32_t missing);
float call_float(const struct call *c, unsigned i, float missing);
const char *call_text(const struct call *c, unsigned i); /* "" when missing */
const char *call_raw(const struct call *c, unsigned i);  /* the same as written */
bool call_is_int(const struct call *c, unsigned i);
int call_pin(const struct call *c, unsigned i);
/* "ON", "true", a number other than 0. */
bool call_truth(const struct call *c, unsigned i);
/* The compiled command of a `c`, `h` or `k` argument; NULL when missing. */
const uint8_t *call_node(const struct call *c, unsigned i, size_t *size);
void call_reply(const struct call *c, const char *text);
/* What a query answers: the reply, and a line in the log. On the TCP console the reply is the bare
 * `value`, elsewhere `name` stands before it. */
void call_answer(const struct call *c, const char *name, const char *value);
#endif
