/* What every subcommand that talks to a chip shares: its options, getting on the bus, the live
 * line, JSON events, Ctrl-C, the confirmation, and the end. */
#ifndef CLI_CHIP_JOB_H
#define CLI_CHIP_JOB_H
#include "cli/command.h"
#include "workbench/flasher/backup.h"
#include "workbench/flasher/program.h"
#include "workbench/flasher/session.h"
#include "workbench/host/file.h"

#include <jansson.h>

#define CHIP_JOB_OPTIONS                                                                           \
    {"port",                                                                                       \
     'p',                                                                                          \
     "PORT",                                                                                       \
     "where the chip is: /dev/…, tcp:HOST:PORT, rfc2217:HOST:PORT, virtual:CHIP,flash=FILE,…",     \
     NULL,                                                                                         \
     true},                                                                                        \
        {"baud", 'b', "RATE", "use this rate instead of finding the best one", NULL, false},       \
        {"timeout", 't',  "SECONDS", "give up getting on the bus after so long (default: never)",  \
         NULL,      false},                                                                        \
        {"size", 0, "BYTES", "size of the flash, when the chip does not tell", NULL, false},       \
        {"no-reset", 0, NULL, "never move DTR and RTS", NULL, false},                              \
        {"json", 0, NULL, "events as JSON lines on standard output", NULL, false}, {               \
        "log", 0, "FILE", "append every event with its time to FILE", NULL, false                  \
    }
#define CHIP_WRITE_OPTIONS                                                                         \
    {"yes", 'y', NULL, "do not ask", NULL, false},                                                 \
        {"dry-run", 'n', NULL, "show the plan and change nothing", NULL, false},                   \
        {"bad-line", 0, NULL, "write over a line that makes too many errors for it", NULL, false}, \
    {                                                                                              \
        "doubtful-flash", 0, NULL,                                                                 \
            "write the status register even of flash chips where that has done harm", NULL, false  \
    }

struct chip_job {
    const struct cli_args *args;
    struct link link;
    struct session session;
    bool json, open, bar;
    FILE *log;
    uint64_t started_us, last_shown_us;
    char phase[32];
    uint64_t phase_us, phase_from;
    const char *prefix; /* before each line, in station mode */
};

/* Opens the port, gets on the bus, identifies, finds the rate. CLI_OK, or the code to return (the
 * reason was printed). */
enum cli_exit chip_job_begin(struct chip_job *job, const struct cli_args *args);
/* The same for a port name other than --port. */
enum cli_exit chip_job_begin_at(struct chip_job *job, const struct cli_args *args,
                                const char *port);
/* Opens the port only. */
enum cli_exit chip_job_open(struct chip_job *job, const struct cli_args *args, const char *port);
/* Ctrl-C was pressed. */
bool chip_job_interrupted(void);
/* Prints the outcome, remembers the rate, closes. Returns the exit code. */
enum cli_exit chip_job_end(struct chip_job *job, enum status status);
/* Lets the port go; `code`, unless that failed. */
enum cli_exit chip_job_close(struct chip_job *job, enum cli_exit code);
/* Says something: a line for people, or an event for programs. `fields` (consumed) may be NULL. */
void chip_job_say(struct chip_job *job, const char *event, json_t *fields, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* Prints "plugsmith <command>: …" (or the error event) and returns `code`. */
enum cli_exit chip_job_fail(struct chip_job *job, enum cli_exit code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Asks on the terminal unless --yes; false: no. Without a terminal --yes is needed. */
bool chip_job_confirm(struct chip_job *job, const char *question);
/* Parses "OFFSET[:SIZE|+SIZE|-END]" style positional numbers: offset and size with checks against
 * the flash: multiples of a sector unless `loose`. */
bool chip_job_range(struct chip_job *job, const char *offset, const char *size, uint32_t *start,
                    uint32_t *length);
/* Reads an image, unpacked when it is xz or gzip data. */
bool chip_job_read_file(const char *path, struct file *file, char *why, size_t why_size);
/* One line about the chip. */
void chip_job_describe(struct chip_job *job);
#endif
