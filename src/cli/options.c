/* Parsing of a subcommand's line: long and short options with values, positional arguments,
 * "--" to end options; every mistake is one line that suggests the right word. */
#include "base/suggest.h"
#include "cli/command.h"
#include "cli/render.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

const struct cli_option cli_common_options[] = {
    {"help", 'h', NULL, "show this help", NULL, false},
    {0},
};

struct parse {
    struct cli_args args;
    struct cli_value *values;
    const char **positional;
    bool help;
};

const char *cli_get_nth(const struct cli_args *args, const char *name, int n) {
    for (int i = 0; i < args->value_count; i++)
        if (strcmp(args->values[i].option->name, name) == 0 && n-- == 0)
            return args->values[i].text;
    return NULL;
}

const char *cli_get(const struct cli_args *args, const char *name) {
    for (int i = args->value_count; i-- > 0;)
        if (strcmp(args->values[i].option->name, name) == 0)
            return args->values[i].text;
    return NULL;
}

bool cli_has(const struct cli_args *args, const char *name) {
    return cli_get(args, name) != NULL;
}

bool cli_parse_number(const char *name, const char *text, uint64_t low, uint64_t high,
                      uint64_t *out) {
    char *end;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 0);
    unsigned shift = *end == 'k' || *end == 'K' ? 10 : *end == 'M' ? 20 : 0;
    if (shift)
        end++;
    bool bad = errno || end == text || *end || *text == '-' || value > UINT64_MAX >> shift;
    value <<= shift;
    if (bad || value < low || value > high) {
        fprintf(stderr,
                "plugsmith: %s: '%s' is not a number from %llu to %llu (0x for hex, k and M for "
                "KiB and MiB)\n",
                name, text, (unsigned long long)low, (unsigned long long)high);
        return false;
    }
    *out = value;
    return true;
}

bool cli_number(const struct cli_args *args, const char *name, uint64_t low, uint64_t high,
                uint64_t *out) {
    const char *text = cli_get(args, name);
    char dashed[64];
    snprintf(dashed, sizeof dashed, "--%s", name);
    return !text || cli_parse_number(dashed, text, low, high, out);
}

bool cli_read_time(const char *text, uint64_t unit_ms, uint64_t *out_ms) {
    const struct {
        const char *unit;
        double ms;
    } units[] = {{"ms", 1},    {"s", 1e3},    {"m", 6e4},
                 {"h", 3.6e6}, {"d", 8.64e7}, {"", (double)unit_ms}};
    char *end;
    double value = strtod(text, &end);
    if (end == text || !(value >= 0) || value > 1e9)
        return false;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strcmp(units[i].unit, end) == 0) {
            *out_ms = (uint64_t)(value * units[i].ms);
            return true;
        }
    return false;
}

bool cli_time(const struct cli_args *args, const char *name, uint64_t unit_ms, uint64_t low_ms,
              uint64_t high_ms, uint64_t *out_ms) {
    const char *text = cli_get(args, name);
    uint64_t ms;
    if (!text)
        return true;
    if (!cli_read_time(text, unit_ms, &ms) || ms < low_ms || ms > high_ms) {
        cli_fail(args, CLI_USAGE, "--%s %s: a time is written like 500ms, 90s, 15m, 1h", name,
                 text);
        return false;
    }
    *out_ms = ms;
    return true;
}

enum cli_exit cli_fail(const struct cli_args *args, enum cli_exit code, const char *format, ...) {
    va_list list;
    va_start(list, format);
    fprintf(stderr, "plugsmith %s: ", args->command->name);
    vfprintf(stderr, format, list);
    fputc('\n', stderr);
    va_end(list);
    return code;
}

static bool same_length(const char *name, const char *text, size_t length) {
    return strlen(name) == length && strncmp(name, text, length) == 0;
}

static const struct cli_option *find_option(const struct cli_command *command, const char *text,
                                            size_t length, char letter) {
    const struct cli_option *tables[] = {command->options, cli_common_options};
    for (int t = 0; t < 2; t++)
        for (const struct cli_option *o = tables[t]; o && o->name; o++)
            if (text ? same_length(o->name, text, length) : o->letter == letter)
                return o;
    return NULL;
}

static bool unknown_option(const struct cli_command *command, const char *given) {
    struct suggestion s = suggest_start(given + strspn(given, "-"));
    for (const struct cli_option *o = command->options; o && o->name; o++)
        suggest_offer(&s, o->name);
    const char *near = suggest_result(&s);
    fprintf(stderr, "plugsmith %s: unknown option '%s'", command->name, given);
    if (near)
        fprintf(stderr, ", did you mean '--%s'?\n", near);
    else
        fprintf(stderr, "; see plugsmith %s --help\n", command->name);
    return false;
}

/* Is `word` one of the "|"-separated choices? */
static bool is_choice(const char *choices, const char *word) {
    size_t length = strlen(word);
    for (const char *p = choices; *p; p += strcspn(p, "|"), p += *p == '|')
        if (strcspn(p, "|") == length && strncmp(p, word, length) == 0)
            return true;
    return false;
}

static bool store_value(struct parse *p, const struct cli_option *option, const char *text) {
    const char *command = p->args.command->name;
    if (option == &cli_common_options[0]) {
        p->help = true;
        return true;
    }
    if (option->choices && !is_choice(option->choices, text)) {
        fprintf(stderr, "plugsmith %s: --%s: '%s' is none of %s\n", command, option->name, text,
                option->choices);
        return false;
    }
    if (!option->repeats && cli_has(&p->args, option->name)) {
        fprintf(stderr, "plugsmith %s: --%s is given twice\n", command, option->name);
        return false;
    }
    p->values[p->args.value_count++] = (struct cli_value){option, text};
    return true;
}

/* Takes the option at argv[*i]; its value may be attached ("--out=FILE", "-oFILE") or follow. */
static bool parse_option(struct parse *p, int argc, char **argv, int *i) {
    const char *word = argv[*i], *value = NULL;
    const struct cli_option *option;
    if (word[1] == '-') {
        size_t length = strcspn(word + 2, "=");
        option = find_option(p->args.command, word + 2, length, 0);
        value = word[2 + length] ? word + 3 + length : NULL;
    } else {
        option = find_option(p->args.command, NULL, 0, word[1]);
        value = word[2] ? word + 2 : NULL;
    }
    if (!option)
        return unknown_option(p->args.command, word);
    if (!option->argument && value) {
        fprintf(stderr, "plugsmith %s: --%s takes no value\n", p->args.command->name, option->name);
        return false;
    }
    if (option->argument && !value) {
        if (*i + 1 >= argc) {
            fprintf(stderr, "plugsmith %s: --%s needs a value: %s\n", p->args.command->name,
                    option->name, option->argument);
            return false;
        }
        value = argv[++*i];
    }
    return store_value(p, option, value ? value : "");
}

static bool parse_all(struct parse *p, int argc, char **argv) {
    bool options = true;
    for (int i = 0; i < argc; i++) {
        if (options && strcmp(argv[i], "--") == 0)
            options = false;
        else if (options && argv[i][0] == '-' && argv[i][1]) {
            if (!parse_option(p, argc, argv, &i))
                return false;
        } else
            p->positional[p->args.count++] = argv[i];
    }
    return true;
}

static bool check_verb(const struct cli_command *command, const char *word) {
    if (!command->verbs || is_choice(command->verbs, word))
        return true;
    struct suggestion s = suggest_start(word);
    char verbs[512];
    snprintf(verbs, sizeof verbs, "%s", command->verbs);
    for (char *rest = verbs, *verb; (verb = strsep(&rest, "|"));)
        suggest_offer(&s, verb);
    const char *near = suggest_result(&s);
    fprintf(stderr, "plugsmith %s: unknown verb '%s'%s%s%s (verbs: %s)\n", command->name, word,
            near ? ", did you mean '" : "", near ? near : "", near ? "'?" : "", command->verbs);
    return false;
}

static bool check_count(const struct parse *p) {
    const struct cli_command *command = p->args.command;
    if (p->args.count < command->least) {
        fprintf(stderr, "plugsmith %s: missing argument; usage: plugsmith %s %s\n", command->name,
                command->name, command->arguments);
        return false;
    }
    if (command->most >= 0 && p->args.count > command->most) {
        fprintf(stderr, "plugsmith %s: unexpected argument '%s'; usage: plugsmith %s %s\n",
                command->name, p->positional[command->most], command->name, command->arguments);
        return false;
    }
    return p->args.count == 0 || check_verb(command, p->positional[0]);
}

enum cli_exit cli_run(const struct cli_command *command, int argc, char **argv) {
    struct parse p = {.args.command = command};
    enum cli_exit code = CLI_USAGE;
    size_t slots = (size_t)argc + 1;
    p.values = calloc(slots, sizeof *p.values);
    p.positional = calloc(slots, sizeof *p.positional);
    p.args.values = p.values;
    p.args.positional = p.positional;
    if (!p.values || !p.positional) {
        fprintf(stderr, "plugsmith: out of memory\n");
        code = CLI_FAILED;
    } else if (parse_all(&p, argc, argv)) {
        if (p.help) {
            help_command(stdout, command);
            code = CLI_OK;
        } else if (check_count(&p))
            code = command->run(&p.args);
    }
    free(p.values);
    free(p.positional);
    return code;
}
