/* `Json`: an object whose members are commands, {"POWER":"ON","Dimmer":50}: strings and numbers run
 * as "name value", everything else is stepped over. The whole text is checked before anything runs.
 * Source: openshwprojects/OpenBK7231T_App: src/cmnds/cmd_tasmota.c. */
#include "base/text.h"
#include "device/command/groups.h"
#include "device/device.h"
#include "device/number.h"

#include <string.h>

enum { JSON_DEPTH = 8 };

static const char *blank(const char *p) {
    while (*p && (unsigned char)*p <= ' ')
        p++;
    return p;
}

/* Behind the string that begins at p; NULL when it does not end. Its text goes to `out` if any. */
static const char *string(const char *p, struct text *out) {
    for (p++; *p && *p != '"'; p++) {
        char letter = *p;
        if (letter == '\\') {
            letter = *++p == 'n' ? '\n' : *p == 't' ? '\t' : *p == 'r' ? '\r' : *p;
            if (!letter)
                return NULL;
        }
        if (out)
            text_char(out, letter);
    }
    return *p ? p + 1 : NULL;
}

static bool is_number(const char *p) {
    p += *p == '-';
    return text_is_digit(*p);
}

/* Behind a number, true, false, null, an array or an object; NULL when it is none. */
static const char *value_end(const char *p) {
    char open[JSON_DEPTH];
    unsigned depth = 0;
    if (*p != '{' && *p != '[') {
        const char *start = p;
        while (*p && strchr(",}] \t\r\n", *p) == NULL)
            p++;
        size_t n = (size_t)(p - start);
        bool word = (n == 4 && (!memcmp(start, "true", 4) || !memcmp(start, "null", 4))) ||
                    (n == 5 && !memcmp(start, "false", 5));
        return word || is_number(start) ? p : NULL;
    }
    do {
        if (*p == '{' || *p == '[') {
            if (depth == JSON_DEPTH)
                return NULL;
            open[depth++] = *p++;
        } else if (*p == '}' || *p == ']') {
            if (open[--depth] != (*p++ == '}' ? '{' : '['))
                return NULL;
        } else if (*p == '"') {
            p = string(p, NULL);
        } else {
            p++;
        }
    } while (p && *p && depth);
    return p && !depth ? p : NULL;
}

static void add_number(struct text *line, const char *p, const char *end) {
    float value = number_read(p, (size_t)(end - p));
    int32_t whole = number_int(value);
    if ((float)whole < value || (float)whole > value)
        text_fixed(line, (int64_t)((double)value * 100 + (value < 0 ? -0.5 : 0.5)), 2);
    else
        text_int(line, whole);
}

/* One member: its command line into `line` ("" when it is none to run); the place behind it. */
static const char *member(const char *p, struct text *line) {
    p = *p == '"' ? string(p, line) : NULL;
    p = p ? blank(p) : NULL;
    if (!p || *p != ':')
        return NULL;
    p = blank(p + 1);
    text_char(line, ' ');
    if (*p == '"')
        return string(p, line);
    const char *end = value_end(p);
    if (end && is_number(p))
        add_number(line, p, end);
    else
        line->data[line->length = 0] = 0;
    return end;
}

/* Walks the object; runs its members when `run`. False: not JSON. */
static bool object(struct call *c, const char *p, bool run) {
    char buffer[256];
    p = blank(p);
    if (*p++ != '{')
        return false;
    p = blank(p);
    while (*p && *p != '}') {
        struct text line = text_start(buffer, sizeof buffer);
        p = member(p, &line);
        if (!p)
            return false;
        if (run && line.truncated)
            device_log(c->d, LOG_ERROR, "cmd", "Json: a member is too long and was left out");
        else if (run && line.length)
            command_run(c->d, buffer, c->source);
        p = blank(p);
        if (*p != ',')
            break;
        p = blank(p + 1);
    }
    return *p == '}' && !*blank(p + 1);
}

static enum command_result json(struct call *c) {
    const char *text = call_text(c, 0);
    if (!object(c, text, false))
        return COMMAND_BAD_ARGUMENT;
    object(c, text, true);
    return COMMAND_OK;
}

const struct command_row json_rows[] = {
    {"Json", "r", 1, 0, "{\"command\":value, ...}", HELP("runs each member as a command"), json,
     NULL},
};
const unsigned json_row_count = sizeof json_rows / sizeof *json_rows;
