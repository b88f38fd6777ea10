/* Splitting a line into arguments, with OpenBeken's rules: white space separates, an argument that
 * begins with a quote runs to the next one, and what constants do inside depends on the command.
 * Source: openshwprojects/OpenBK7231T_App: src/cmnds/cmd_tokenizer.c. */
#ifndef DEVICE_SCRIPT_TOKENIZER_H
#define DEVICE_SCRIPT_TOKENIZER_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct device;

enum token_mode {
    TOKEN_QUOTES = 1,   /* quotes hold every argument together, not only the first */
    TOKEN_PLAIN = 2,    /* no constants */
    TOKEN_INSIDE = 4,   /* constants anywhere in an argument, not only leading */
    TOKEN_SINGLE = 8,   /* the whole line is one argument */
    TOKEN_ESCAPES = 16, /* \" inside quotes is a quote */
    TOKEN_EARLY = 32,   /* constants are replaced in the whole line before it is split */
};
enum { TOKEN_ARGUMENTS = 32, TOKEN_LINE = 512, TOKEN_EXPANDED = 40 };

struct token {
    const char *text; /* inside the line, without quotes */
    size_t length;
    bool escapes; /* has \" in it */
};
/* White space as the command language counts it. */
bool token_blank(char c);
/* Takes the next argument from *p; false when there is none. */
bool token_next(const char **p, const char *end, unsigned modes, bool first, struct token *out);

/* A line split for reading by number, for whoever does not compile. */
struct tokens {
    char line[TOKEN_LINE]; /* as split */
    char text[TOKEN_LINE + TOKEN_ARGUMENTS];
    const char *args[TOKEN_ARGUMENTS], *starts[TOKEN_ARGUMENTS];
    unsigned count, modes;
    char expanded[TOKEN_LINE];
};
void tokens_split(struct device *d, const char *text, unsigned modes, struct tokens *out);
/* Argument i as the commands read it; "" when missing. The text of `expanded` is used again. */
const char *tokens_text(struct device *d, struct tokens *t, unsigned i);
const char *tokens_from(const struct tokens *t, unsigned i); /* the rest of the line from there */
int32_t tokens_int(struct device *d, const struct tokens *t, unsigned i);
float tokens_float(struct device *d, const struct tokens *t, unsigned i);
#endif
