/* The compiler: one command line becomes a node of bytecode; running it parses nothing.
 *
 * A node is: size (2 bytes, all of it), operation (1), payload.
 *   CALL   command row (2), number in the word + 1 (2), argument count (1), arguments
 *   IF     size of the expression (2), expression, node, optional node for else
 *   SEQ    nodes (backlog)            THREAD nodes (backlog that waits: runs as a thread)
 *   NAME   word NUL, arguments NUL (an alias, looked up by name when run)
 *   LABEL  name NUL                   FAIL   result code (1): what the line would answer
 *   LATE   command row (2), number + 1 (2), arguments NUL: compiled when it runs, because constants
 *          are replaced in it before it is split
 * An argument is: kind (1), size of the payload (2), payload; or, for the numbers that most are,
 * SMALL and the value (1).
 *   INT value (4) · EXPR expression · TEXT bytes NUL · BOTH size of text (2), text NUL, expression
 *   · NODE node, which some commands store away to run later, for some with its text NUL behind. */
#ifndef DEVICE_SCRIPT_COMPILE_H
#define DEVICE_SCRIPT_COMPILE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum node_op {
    NODE_CALL = 1,
    NODE_IF,
    NODE_SEQ,
    NODE_THREAD,
    NODE_NAME,
    NODE_LABEL,
    NODE_FAIL,
    NODE_LATE
};
enum arg_kind { ARG_SMALL, ARG_INT, ARG_EXPR, ARG_TEXT, ARG_BOTH, ARG_NODE };
enum { NODE_HEAD = 3, COMPILE_DEPTH = 8 };

/* One finding: column counts from 1; `text` says what is wrong and what was expected. */
typedef void compile_report(void *context, unsigned line, unsigned column, const char *text);

struct command_table;
struct device;

struct compiler {
    const struct command_table *words; /* the language; expressions do without */
    uint8_t *out;
    size_t size, used; /* capacity; bytes so far */
    bool full;
    uint8_t depth;
    unsigned line;          /* for findings */
    const char *line_start; /* for columns */
    compile_report *report; /* NULL: nobody wants to know */
    void *context;
    bool (*known)(void *context, const char *word, size_t length); /* aliases; NULL: none */
};

/* A compiler for the words that this device knows, into `size` bytes at `out`. */
struct compiler compile_start(const struct device *d, uint8_t *out, size_t size);
/* Appends the node of `length` bytes of text; false when it does not fit (nothing appended). */
bool compile_line(struct compiler *c, const char *text, size_t length);
/* The same for a line of a file: labels, comments and blanks too. */
void script_compile_line(struct compiler *c, const char *line, size_t n);
/* The node of one command with its arguments, as far as it is known by number or by a word whose
 * end from the first digit on is cut; false: unknown or too long. */
bool compile_call(struct compiler *c, unsigned row, int suffix, const char *arguments);
bool compile_cut(struct compiler *c, const char *word, const char *arguments);
/* Appends the postfix form of an expression. */
void compile_expression(struct compiler *c, const char *text, size_t length);
/* Bytes of the argument at p, its head included. */
static inline size_t arg_size(const uint8_t *p) {
    return p[0] == ARG_SMALL ? 2 : 3u + (p[1] | (unsigned)p[2] << 8);
}
static inline bool arg_is_number(const uint8_t *p) {
    return p[0] == ARG_SMALL || p[0] == ARG_INT;
}
void compile_byte(struct compiler *c, unsigned byte);
void compile_bytes(struct compiler *c, const void *bytes, size_t size);
void compile_finding(struct compiler *c, const char *at, const char *text, const char *word,
                     size_t length, const char *suggestion);
/* Does a backlog hold, anywhere in it, a word that makes it a thread? */
bool backlog_waits(const char *text, const char *end);
uint32_t word_hash(const char *word, size_t length); /* ignoring case */
#endif
