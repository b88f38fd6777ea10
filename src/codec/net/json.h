/* JSON in both directions without memory of its own (RFC 8259). Writing: pieces added to a struct
 * text. Reading: bytes are pushed in as they arrive and come out as events, so a document may be
 * larger than the memory it is read with; strings come in parts. The reader checks the grammar:
 * when json_finish says OK, the whole was one valid value. */
#ifndef CODEC_NET_JSON_H
#define CODEC_NET_JSON_H
#include "base/status.h"
#include "base/text.h"

enum { JSON_DEPTH = 8, JSON_PART = 128 };

/* --- writing --- */

/* "name": with a comma before it unless it opens an object. */
void json_add_name(struct text *out, const char *name);
/* The same and a value. A float that is no number becomes null. */
void json_add_string(struct text *out, const char *name, const char *value);
void json_add_int(struct text *out, const char *name, int64_t value);
void json_add_bool(struct text *out, const char *name, bool value);
void json_add_float(struct text *out, const char *name, double value, int decimals);
/* A comma unless an object or array has just been opened. */
void json_comma(struct text *out);

/* --- reading --- */

enum json_event {
    JSON_OBJECT,
    JSON_OBJECT_END,
    JSON_ARRAY,
    JSON_ARRAY_END,
    JSON_KEY,    /* text is the whole name */
    JSON_PIECE,  /* part of a string value; more follows */
    JSON_STRING, /* the last part of a string value (often the only one) */
    JSON_NUMBER, /* text as written */
    JSON_TRUE,
    JSON_FALSE,
    JSON_NULL,
};

/* One event: `depth` counts the objects and arrays around it (0: the outermost value itself), text
 * is NUL-terminated. Returns false to stop with BAD_VALUE. */
typedef bool json_take(void *context, enum json_event event, unsigned depth, const char *text,
                       size_t length);

struct json_reader {
    json_take *take;
    void *context;
    enum status status;      /* first failure */
    uint32_t at;             /* bytes fed */
    uint8_t state, escape;   /* see json_read.c */
    uint8_t depth, is_array; /* bit per level */
    uint16_t surrogate;      /* first half of a pair */
    uint16_t code;           /* of \uXXXX so far */
    bool key;                /* the string being read is a name */
    uint8_t length;
    char part[JSON_PART];
};

void json_start(struct json_reader *r, json_take *take, void *context);
/* False when the document is wrong; r->status and r->at say how and where. */
bool json_feed(struct json_reader *r, const char *data, size_t size);
/* After the last byte: OK, TRUNCATED, or the first failure. */
enum status json_finish(struct json_reader *r);
#endif
