/* What the files of the scenario runner share: the running scenario, arguments, and the tables of
 * operations and queries. */
#ifndef VIRTUAL_SCENARIO_RUN_H
#define VIRTUAL_SCENARIO_RUN_H
#include "device/script/tokenizer.h"
#include "virtual/plug/plug.h"
#include "virtual/plug/scenario.h"

enum {
    SCENARIO_ARGS = 64,
    SCENARIO_HISTORY = 1024,
    SCENARIO_CAPTURES = 16,
    SCENARIO_CAPTURED = 1024,
    SCENARIO_UART = 4096,
    SCENARIO_UART_RING = 512
};

struct scenario_text {
    char *data; /* NUL-terminated; may hold NULs within */
    size_t length;
};

/* An argument: number and text are both filled where that makes sense. */
struct scenario_arg {
    double number;
    struct scenario_text text;
};

struct scenario_message {
    char *topic, *payload;
    bool retain;
};

struct scenario_variable {
    char *name;
    double value;
};

/* What waits to be read by the device, and what it sent since uart-log. */
struct scenario_uart {
    uint8_t ring[SCENARIO_UART], sent[SCENARIO_UART];
    unsigned ring_size, ring_count, sent_room, sent_count;
};

struct scenario {
    const struct scenario_options *options;
    const char *file;
    unsigned line;
    char title[128];
    struct plug plug;
    struct scenario_variable *variables;
    unsigned variable_count;
    struct scenario_message history[SCENARIO_HISTORY];
    unsigned history_count;
    char **scratch; /* texts of the line being performed */
    unsigned scratch_count;
    struct tokens tokens;                 /* of the last tokenize */
    char captures[SCENARIO_CAPTURES][32]; /* commands that only record */
    unsigned capture_count;
    char captured[SCENARIO_CAPTURED]; /* what the last of them was given */
    int ok;                           /* result of the last cmd */
    struct scenario_text body;        /* last HTTP body */
    char *document;                   /* current JSON document, or NULL */
    struct scenario_uart uart;
    unsigned checks, fails, unsupported;
    const char *op;
    /* problem met while reading the line */
    char bad[160];    /* syntax: what was expected */
    char missing[64]; /* a query or operation this build lacks */
};

/* Kinds of argument in a signature: n number, t text, w word or text, r expression to the end of
 * the line, l label or name, * the rest as it stands, ? the same or nothing; an upper-case letter:
 * optional. */
struct scenario_op {
    const char *name, *signature;
    void (*run)(struct scenario *s, const struct scenario_arg *args, unsigned count);
};
struct scenario_query {
    const char *name, *signature;
    double (*number)(struct scenario *s, const struct scenario_arg *args, unsigned count);
    struct scenario_text (*text)(struct scenario *s, const struct scenario_arg *args,
                                 unsigned count);
};

/* Rows of other files. */
#define SCENARIO_OP(name)                                                                          \
    void scenario_##name(struct scenario *s, const struct scenario_arg *a, unsigned n);
SCENARIO_OP(http_get)
SCENARIO_OP(http_post)
SCENARIO_OP(http_json)
SCENARIO_OP(http_post_json)
SCENARIO_OP(expect_element)
SCENARIO_OP(expect_json)
SCENARIO_OP(mqtt_init)
SCENARIO_OP(mqtt_second)
SCENARIO_OP(json_mqtt)
SCENARIO_OP(expect_mqtt_json)
SCENARIO_OP(expect_no_mqtt_json)
SCENARIO_OP(meter_in)
double scenario_reading(struct scenario *s, const struct scenario_arg *a, unsigned n);
extern const struct scenario_op scenario_ops[], scenario_expectations[];
extern const struct scenario_query scenario_queries[];
/* Names of the format that this build does not have yet, ended by NULL. */
extern const char *const scenario_missing_ops[], *const scenario_missing_queries[];

/* A text that lives until the end of the line. */
struct scenario_text scenario_text_keep(struct scenario *s, const char *data, size_t length);
struct scenario_text scenario_text_of(struct scenario *s, const char *string);
/* Reads arguments by a signature from *p on (to `stop` or the end); returns how many. Problems are
 * left in s->bad or s->missing. */
unsigned scenario_read_args(struct scenario *s, const char **p, const char *signature, char stop,
                            struct scenario_arg *args);
/* A query with its arguments at *p: its number or text goes to `out`. */
bool scenario_call(struct scenario *s, const char **p, bool want_text, struct scenario_arg *out);
void scenario_skip_call(const char **p);
void scenario_skip_blanks(const char **p);
bool scenario_name_char(char c);
double scenario_expression(struct scenario *s, const char **p, bool blanks);
bool scenario_read_text(struct scenario *s, const char **p, struct scenario_text *out);
void scenario_bad(struct scenario *s, const char *expected, const char *at);
void scenario_lacks(struct scenario *s, const char *name, size_t length);
/* One check: counts, and reports when it failed. */
void scenario_check(struct scenario *s, bool good, const char *expected, const char *got);
/* Performs the operation at p. */
void scenario_perform(struct scenario *s, const char *p);
/* Life cycle, for operations. */
void scenario_boot(struct scenario *s);
void scenario_reset(struct scenario *s);
void scenario_forget_history(struct scenario *s);
const char *scenario_number_text(struct scenario *s, double value);
#endif
