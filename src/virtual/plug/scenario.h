/* Scenarios: conformance tests of the firmware as text files, run against a virtual plug. A file
 * boots a plug, performs operations from top to bottom and checks expectations; the same file and
 * the same program always give the same result. The format is described in
 * docs/guide/sim.md. */
#ifndef VIRTUAL_SCENARIO_H
#define VIRTUAL_SCENARIO_H
#include <stdbool.h>
#include <stddef.h>

/* One line for the user: a failure (error true) or the result. */
typedef void scenario_print(void *context, bool error, const char *line);

struct scenario_options {
    const char *chip; /* "BK7231N" */
    bool verbose;     /* every line as it is performed */
    scenario_print *print;
    void *context;
};

enum scenario_exit {
    SCENARIO_PASSED = 0,
    SCENARIO_FAILED = 1,
    SCENARIO_BAD_FILE = 2,
    SCENARIO_UNSUPPORTED = 3,
};

/* Runs the scenario in `text`; `name` is the file name in messages. */
enum scenario_exit scenario_run(const char *name, const char *text, size_t size,
                                const struct scenario_options *options);
#endif
