/* What the files of the linter share: what is known of the script so far, and how a finding is
 * told. */
#ifndef CLI_LINT_H
#define CLI_LINT_H
#include "cli/script_lint.h"
#include "device/script/command_row.h"

enum { LINT_LABELS = 64, LINT_WATCHES = 128 };

struct lint_seen {
    unsigned line, column;
};
struct lint_label {
    char name[32];
    unsigned line;
};
/* A change handler: when the value of the channel begins to hold the relation. */
struct lint_watch {
    struct lint_seen seen;
    uint8_t channel, relation; /* enum expr_op */
    int32_t limit;
};

struct lint {
    struct device *d;
    bool pins_known;
    lint_report *report;
    void *context;
    const char *line; /* being looked at, NUL-terminated */
    unsigned number;
    bool set[CHANNEL_COUNT], watched[CHANNEL_COUNT];
    bool any_value[CHANNEL_COUNT]; /* set to something only known when it runs */
    int32_t lowest[CHANNEL_COUNT], highest[CHANNEL_COUNT]; /* numbers it is set to; 0 at least */
    uint8_t type[CHANNEL_COUNT];
    struct lint_seen read[CHANNEL_COUNT];
    struct lint_label labels[LINT_LABELS];
    unsigned label_count;
    struct lint_watch watches[LINT_WATCHES];
    unsigned watch_count;
    unsigned waited; /* last line that waits or ends the script */
};

/* Column of a word in the line, 1 when it is not there. */
unsigned lint_column(const struct lint *l, const char *word);
/* "text `word`, did you mean `suggestion`?" at the place of the word in this line. */
void lint_say(struct lint *l, const char *word, const char *text, const char *suggestion);
void lint_say_at(struct lint *l, struct lint_seen at, const char *text);
/* addEventHandler…, addChangeHandler and waitFor: events, arguments, relations. */
void lint_handler(struct lint *l, const struct call *c);
void lint_wait(struct lint *l, const struct call *c);
/* A pin of the chip? Says so when it is none. */
bool lint_pin(struct lint *l, const struct call *c, unsigned argument);
/* SetChannel and its kin: what values a channel may take. */
void lint_value(struct lint *l, const struct call *c);
/* After the last line: handlers whose condition cannot become true. */
void lint_watches(struct lint *l);
#endif
