/* What a subcommand is: a record that says its name, arguments, options and examples in words, and
 * one function that does the work. Help, man pages, completion, docs/reference and the parser all
 * read these records, so none of them can disagree with another.
 *
 * Adding a subcommand: write src/cli/cmd_<name>.c with one `const struct cli_command`, and name it
 * in commands.c. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Exit codes of every subcommand. */
enum cli_exit { CLI_OK = 0, CLI_FAILED = 1, CLI_USAGE = 2 };

enum cli_face { CLI_WORKBENCH, CLI_DEVICE, CLI_VIRTUAL };

/* One option. `argument` NULL means a switch. `choices`, when given, is a "|"-separated list that
 * the parser enforces and completion offers. `repeats` allows the option more than once. */
struct cli_option {
    const char *name; /* long name without dashes */
    char letter;      /* short name, or 0 */
    const char *argument;
    const char *help;
    const char *choices;
    bool repeats;
};

struct cli_example {
    const char *line; /* without the leading "plugsmith " */
    const char *what;
};

struct cli_args;

struct cli_command {
    const char *name;
    enum cli_face face;
    const char *summary;     /* one line, no full stop */
    const char *arguments;   /* positional part of the usage line, e.g. "FILE..." */
    int least, most;         /* how many positional arguments; most -1: any number */
    const char *description; /* paragraphs separated by blank lines */
    const char *verbs;       /* "|"-separated words the first positional must be, or NULL */
    const struct cli_option *options; /* ends with a NULL name; NULL: none */
    const struct cli_example *examples;
    enum cli_exit (*run)(const struct cli_args *args);
};

/* The parsed command line. */
struct cli_args {
    const struct cli_command *command;
    const char **positional;
    int count;
    const struct cli_value {
        const struct cli_option *option;
        const char *text; /* "" for a switch */
    } * values;
    int value_count;
};

/* Value of a long option, "" for a switch that was given, NULL when absent (last one wins). */
const char *cli_get(const struct cli_args *args, const char *name);
bool cli_has(const struct cli_args *args, const char *name);
/* The n-th value of a repeatable option, or NULL. */
const char *cli_get_nth(const struct cli_args *args, const char *name, int n);
/* Parses the value of an option as a number (decimal, 0x hex, k/M suffix for KiB/MiB) into *out
 * when it is given. False, after one line on stderr, when it is no number or out of range. */
bool cli_number(const struct cli_args *args, const char *name, uint64_t low, uint64_t high,
                uint64_t *out);
/* Parses the value of an option as a time in milliseconds: 500ms, 90s, 15m, 1h, 2d; a bare number
 * is in units of `unit_ms`. False, after one line on stderr, as above. */
bool cli_time(const struct cli_args *args, const char *name, uint64_t unit_ms, uint64_t low_ms,
              uint64_t high_ms, uint64_t *out_ms);
bool cli_read_time(const char *text, uint64_t unit_ms, uint64_t *out_ms);
/* Parses a number that is not an option, e.g. a positional; `name` is used in the message. */
bool cli_parse_number(const char *name, const char *text, uint64_t low, uint64_t high,
                      uint64_t *out);

/* One line on stderr, "plugsmith <command>: …"; returns the exit code given. */
enum cli_exit cli_fail(const struct cli_args *args, enum cli_exit code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* All subcommands in the order help shows them, ended by NULL. */
extern const struct cli_command *const cli_commands[];
const struct cli_command *cli_find_command(const char *name);
/* Options every subcommand has (--help). */
extern const struct cli_option cli_common_options[];

/* Parses argv (after the subcommand) and runs it. */
enum cli_exit cli_run(const struct cli_command *command, int argc, char **argv);
#endif
