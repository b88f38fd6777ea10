/* Completion at the console; see complete.h. */
#include "cli/complete.h"

#include "base/text.h"
#include "cli/sim_console.h"
#include "codec/openbeken/channel_types.h"
#include "codec/openbeken/roles.h"
#include "device/command/drivers.h"
#include "device/command/groups.h"
#include "device/script/command_row.h"
#include "device/script/events.h"

#include <string.h>

/* The i-th name of a table; NULL beyond. */
typedef const char *name_at(unsigned i);

static const char *command_at(unsigned i) {
    const struct command_row *row = command_row(&command_words, i);
    return row ? row->name : NULL;
}

static const char *role_at(unsigned i) {
    return obk_role_row(i) ? obk_role_name(i) : NULL;
}

static const char *type_at(unsigned i) {
    const struct channel_type *row = channel_type_row(i);
    return row ? row->name : NULL;
}

static const char *driver_at(unsigned i) {
    return driver_table[i].name;
}

/* Which table serves argument `at` (from 1) of a command. */
static const struct {
    const char *command;
    unsigned at;
    name_at *names;
} arguments[] = {
    {"SetPinRole", 2, role_at},          {"SetChannelType", 2, type_at},
    {"addEventHandler", 1, event_name},  {"addEventHandler2", 1, event_name},
    {"addEventHandler3", 1, event_name}, {"addChangeHandler", 1, event_name},
    {"waitFor", 1, event_name},          {"startDriver", 1, driver_at},
    {"stopDriver", 1, driver_at},        {"help", 1, command_at},
};

/* The table for the word that ends the line; NULL: none. */
static name_at *table_of(const char *line, size_t begin) {
    char command[64];
    struct text t = text_start(command, sizeof command);
    unsigned at = 0;
    const char *p = line + strspn(line, " ");
    text_add_n(&t, p, strcspn(p, " "));
    while (p < line + begin) {
        p += strcspn(p, " ");
        p += strspn(p, " ");
        at++;
    }
    if (at == 0)
        return line[begin] == ':' ? sim_console_word : command_at;
    for (size_t i = 0; i < sizeof arguments / sizeof *arguments; i++)
        if (arguments[i].at == at && text_same(arguments[i].command, command))
            return arguments[i].names;
    return NULL;
}

size_t complete_line(const char *line, size_t *begin, const char **names, size_t most) {
    const char *blank = strrchr(line, ' ');
    size_t count = 0;
    *begin = blank ? (size_t)(blank - line) + 1 : 0;
    name_at *table = table_of(line, *begin);
    for (unsigned i = 0; table && table(i) && count < most; i++)
        if (text_starts(table(i), line + *begin))
            names[count++] = table(i);
    return count;
}

size_t complete_common(const char *const *names, size_t count) {
    size_t n = count ? strlen(names[0]) : 0;
    for (size_t i = 1; i < count; i++)
        for (size_t k = 0; k < n; k++)
            if (text_lower(names[i][k]) != text_lower(names[0][k]))
                n = k;
    return n;
}
