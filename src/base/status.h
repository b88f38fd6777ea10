/* One list of outcomes for the whole house. Functions that can fail return `enum status`; the
 * codecs add a `struct fault` that says which byte was wrong and what had been expected there, so
 * that the user's one line can name the place. */
#ifndef BASE_STATUS_H
#define BASE_STATUS_H
#include <stddef.h>

#define STATUS_LIST(X)                                                                             \
    X(OK, "done")                                                                                  \
    X(BAD_ARGUMENT, "bad argument")                                                                \
    X(TRUNCATED, "ends too early")                                                                 \
    X(BAD_MAGIC, "not of this format")                                                             \
    X(BAD_CHECKSUM, "checksum does not match")                                                     \
    X(BAD_LENGTH, "length out of range")                                                           \
    X(BAD_VALUE, "value out of range")                                                             \
    X(BAD_SYNTAX, "syntax error")                                                                  \
    X(UNSUPPORTED, "not supported")                                                                \
    X(NOT_FOUND, "not found")                                                                      \
    X(NO_SPACE, "no space left")                                                                   \
    X(IO, "input/output error")                                                                    \
    X(TIMEOUT, "no answer in time")                                                                \
    X(PROTOCOL, "unexpected answer")                                                               \
    X(BUSY, "busy")                                                                                \
    X(REFUSED, "refused")                                                                          \
    X(CANCELLED, "cancelled")                                                                      \
    X(INTERNAL, "internal error")

enum status {
#define STATUS_ENUM(name, text) STATUS_##name,
    STATUS_LIST(STATUS_ENUM)
#undef STATUS_ENUM
        STATUS_COUNT
};

/* Where decoding stopped: `offset` counts bytes from the start of what was given to the decoder,
 * `expected` is a constant text ("RBL magic", "a closing brace"). Filled only on failure. */
struct fault {
    enum status status;
    size_t offset;
    const char *expected;
};

/* One short English text per status; never NULL. */
const char *status_text(enum status status);

/* Fills *fault (which may be NULL) and returns `status`, so that a decoder can
 * `return fault_at(fault, STATUS_BAD_MAGIC, 0, "RBL magic")`. */
enum status fault_at(struct fault *fault, enum status status, size_t offset, const char *expected);
#endif
