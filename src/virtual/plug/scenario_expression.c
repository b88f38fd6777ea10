/* Numeric expressions of the scenario format: C's precedence, doubles, names, queries. What a short
 * circuit leaves out is read, but not asked. */
#include "base/text.h"
#include "virtual/plug/scenario_run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct reader {
    struct scenario *s;
    const char **p;
    bool blanks; /* blanks may stand between operators */
    bool skip;   /* short-circuited: no side effects */
};

static double binary(struct reader *r, int level);

/* The longest name that stands here: "@a-3" is a less three, unless there is a name "a-3". */
static double variable(struct reader *r) {
    const struct scenario_variable *found = NULL;
    const char *name = *r->p + 1;
    size_t longest = 0;
    for (unsigned i = 0; i < r->s->variable_count; i++) {
        const struct scenario_variable *v = &r->s->variables[i];
        size_t length = strlen(v->name);
        if (length <= longest || strncmp(v->name, name, length) != 0 ||
            scenario_name_char(name[length]))
            continue;
        found = v;
        longest = length;
    }
    if (!found)
        scenario_bad(r->s, "a name that was set by let", name - 1);
    *r->p = name + longest;
    return found ? found->value : 0;
}

static double number(struct reader *r) {
    char *end;
    const char *start = *r->p;
    double value = start[0] == '0' && (start[1] == 'x' || start[1] == 'X')
                       ? (double)strtoull(start, &end, 16)
                       : strtod(start, &end);
    if (end == start)
        scenario_bad(r->s, "a number", start);
    *r->p = end > start ? end : start + strlen(start);
    return value;
}

static double operand(struct reader *r) {
    if (r->blanks)
        scenario_skip_blanks(r->p);
    char c = **r->p;
    if (c == '!' && (*r->p)[1] != '=') {
        ++*r->p;
        return operand(r) == 0;
    }
    if (c == '-') {
        ++*r->p;
        return -operand(r);
    }
    if (c == '(') {
        bool blanks = r->blanks;
        ++*r->p;
        r->blanks = true;
        double value = binary(r, 0);
        scenario_skip_blanks(r->p);
        r->blanks = blanks;
        if (**r->p == ')')
            ++*r->p;
        else
            scenario_bad(r->s, "a closing parenthesis", *r->p);
        return value;
    }
    if (c == '@')
        return variable(r);
    if (text_is_digit(c) || c == '.')
        return number(r);
    if (strncmp(*r->p, "nan", 3) == 0 && !scenario_name_char((*r->p)[3]) && (*r->p)[3] != '(') {
        *r->p += 3;
        return (double)NAN;
    }
    if (r->skip) {
        while (scenario_name_char(**r->p))
            ++*r->p;
        scenario_skip_call(r->p);
        return 0;
    }
    struct scenario_arg arg = {0};
    if (!scenario_call(r->s, r->p, false, &arg) && **r->p && !r->s->missing[0])
        *r->p += strlen(*r->p);
    return arg.number;
}

static const struct {
    int level;
    const char *text;
    int id;
} operators[] = {{0, "||", '|'}, {1, "&&", '&'}, {2, "==", '='}, {2, "!=", 'n'}, {2, "~=", '~'},
                 {3, "<=", 'l'}, {3, ">=", 'g'}, {3, "<", '<'},  {3, ">", '>'},  {4, "+", '+'},
                 {4, "-", '-'},  {5, "*", '*'},  {5, "/", '/'},  {5, "%", '%'}};
enum { LEVELS = 6 };

static int operator_at(struct reader *r, int level) {
    const char *p = *r->p;
    if (r->blanks)
        scenario_skip_blanks(&p);
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
        if (operators[i].level == level &&
            strncmp(p, operators[i].text, strlen(operators[i].text)) == 0) {
            *r->p = p + strlen(operators[i].text);
            return operators[i].id;
        }
    return 0;
}

static double combine(int op, double a, double b) {
    switch (op) {
    case '=':
        return a == b;
    case 'n':
        return a != b;
    case '~':
        return fabsf((float)a - (float)b) < 0.001F;
    case 'l':
        return a <= b;
    case 'g':
        return a >= b;
    case '<':
        return a < b;
    case '>':
        return a > b;
    case '+':
        return a + b;
    case '-':
        return a - b;
    case '*':
        return a * b;
    case '/':
        return a / b;
    default:
        return fmod(a, b);
    }
}

static double binary(struct reader *r, int level) {
    if (level == LEVELS)
        return operand(r);
    double left = binary(r, level + 1);
    for (int op; (op = operator_at(r, level)) != 0;) {
        bool skip = r->skip;
        if (op == '|' || op == '&') {
            r->skip = skip || (op == '|') == (left != 0);
            double right = binary(r, level + 1);
            bool decided = !skip && r->skip;
            r->skip = skip;
            left = decided ? left != 0 : right != 0;
        } else {
            left = combine(op, left, binary(r, level + 1));
        }
    }
    return left;
}

double scenario_expression(struct scenario *s, const char **p, bool blanks) {
    struct reader r = {s, p, blanks, false};
    return binary(&r, 0);
}
