/* Reading JSON byte by byte. The state says what may come next; what is inside what is one bit per
 * level. */
#include "codec/net/json.h"

#include <string.h>

enum {
    VALUE,       /* a value */
    FIRST_VALUE, /* a value or ']' */
    FIRST_KEY,   /* a name or '}' */
    KEY,         /* a name */
    COLON,       /* ':' */
    AFTER,       /* ',' or the end of the level */
    TEXT,        /* in a string */
    ESCAPE,      /* behind a backslash */
    HEX,         /* in \uXXXX; `escape` digits are left */
    NUMBER,
    WORD, /* collecting */
    DONE
};

void json_start(struct json_reader *r, json_take *take, void *context) {
    *r = (struct json_reader){.take = take, .context = context};
}

static bool fail(struct json_reader *r, enum status status) {
    if (r->status == STATUS_OK)
        r->status = status;
    return false;
}

static bool emit(struct json_reader *r, enum json_event event) {
    r->part[r->length] = 0;
    bool good = r->take(r->context, event, r->depth, r->part, r->length);
    r->length = 0;
    return good || fail(r, STATUS_BAD_VALUE);
}

static bool in_array(const struct json_reader *r) {
    return r->depth && (r->is_array >> (r->depth - 1) & 1);
}

static void value_done(struct json_reader *r) {
    r->state = r->depth ? AFTER : DONE;
}

static bool enter(struct json_reader *r, bool array) {
    if (r->depth == JSON_DEPTH)
        return fail(r, STATUS_UNSUPPORTED);
    if (!emit(r, array ? JSON_ARRAY : JSON_OBJECT))
        return false;
    unsigned bit = 1u << r->depth;
    r->is_array = (uint8_t)(array ? r->is_array | bit : r->is_array & ~bit);
    r->depth++;
    r->state = array ? FIRST_VALUE : FIRST_KEY;
    return true;
}

static bool leave(struct json_reader *r, bool array) {
    if (!r->depth || in_array(r) != array)
        return fail(r, STATUS_BAD_VALUE);
    r->depth--;
    value_done(r);
    return emit(r, array ? JSON_ARRAY_END : JSON_OBJECT_END);
}

/* Room for at most four more bytes, so that a character is never split between parts. */
static bool room(struct json_reader *r) {
    if (r->length + 4u < JSON_PART)
        return true;
    if (r->key)
        return fail(r, STATUS_BAD_LENGTH);
    return emit(r, JSON_PIECE);
}

static bool put(struct json_reader *r, char c) {
    bool starts = ((unsigned char)c & 0xC0) != 0x80;
    if (starts && !room(r))
        return false;
    if (r->length + 1u >= JSON_PART)
        return fail(r, STATUS_BAD_VALUE); /* a run of continuation bytes is no UTF-8 */
    r->part[r->length++] = c;
    return true;
}

static bool put_code(struct json_reader *r, uint32_t code) {
    if (code < 0x80)
        return code ? put(r, (char)code) : fail(r, STATUS_BAD_VALUE); /* texts end at NUL */
    if (code < 0x800)
        return put(r, (char)(0xC0 | code >> 6)) && put(r, (char)(0x80 | (code & 63)));
    if (code < 0x10000)
        return put(r, (char)(0xE0 | code >> 12)) && put(r, (char)(0x80 | (code >> 6 & 63))) &&
               put(r, (char)(0x80 | (code & 63)));
    return put(r, (char)(0xF0 | code >> 18)) && put(r, (char)(0x80 | (code >> 12 & 63))) &&
           put(r, (char)(0x80 | (code >> 6 & 63))) && put(r, (char)(0x80 | (code & 63)));
}

/* \uXXXX is complete: a lone character, or one half of a pair. */
static bool unit(struct json_reader *r) {
    bool high = r->code >= 0xD800 && r->code < 0xDC00, low = r->code >= 0xDC00 && r->code < 0xE000;
    uint16_t first = r->surrogate;
    r->state = TEXT;
    r->surrogate = 0;
    if (low != (first != 0))
        return fail(r, STATUS_BAD_VALUE);
    if (high) {
        r->surrogate = r->code;
        return true;
    }
    return put_code(r, low ? 0x10000u + ((uint32_t)(first - 0xD800) << 10) + (r->code - 0xDC00u)
                           : r->code);
}

static bool hex(struct json_reader *r, char c) {
    int digit = text_hex_digit(c);
    if (digit < 0)
        return fail(r, STATUS_BAD_VALUE);
    r->code = (uint16_t)(r->code << 4 | digit);
    return --r->escape ? true : unit(r);
}

static bool escape(struct json_reader *r, char c) {
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    if (c == 'u') {
        r->state = HEX;
        r->escape = 4;
        r->code = 0;
        return true;
    }
    const char *known = c ? strchr(from, c) : NULL;
    if (!known || r->surrogate)
        return fail(r, STATUS_BAD_VALUE);
    r->state = TEXT;
    return put(r, to[known - from]);
}

static bool text_end(struct json_reader *r) {
    if (r->key) {
        r->key = false;
        r->state = COLON;
        return emit(r, JSON_KEY);
    }
    value_done(r);
    return emit(r, JSON_STRING);
}

static bool in_text(struct json_reader *r, char c) {
    if (c == '\\') {
        r->state = ESCAPE;
        return true;
    }
    if (r->surrogate || (unsigned char)c < 0x20)
        return fail(r, STATUS_BAD_VALUE);
    return c == '"' ? text_end(r) : put(r, c);
}

static bool begin_text(struct json_reader *r, bool key) {
    r->key = key;
    r->state = TEXT;
    r->surrogate = 0;
    return true;
}

static bool begin_value(struct json_reader *r, char c) {
    if (c == '{' || c == '[')
        return enter(r, c == '[');
    if (c == '"')
        return begin_text(r, false);
    if (c == '-' || text_is_digit(c))
        r->state = NUMBER;
    else if (c == 't' || c == 'f' || c == 'n')
        r->state = WORD;
    else
        return fail(r, STATUS_BAD_VALUE);
    r->part[r->length++] = c;
    return true;
}

/* -? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)? */
static bool number_good(const char *s) {
    s += *s == '-';
    if (!text_is_digit(*s) || (*s == '0' && text_is_digit(s[1])))
        return false;
    while (text_is_digit(*s))
        s++;
    if (*s == '.') {
        if (!text_is_digit(*++s))
            return false;
        while (text_is_digit(*s))
            s++;
    }
    if (*s == 'e' || *s == 'E') {
        s += s[1] == '+' || s[1] == '-' ? 2 : 1;
        if (!text_is_digit(*s))
            return false;
        while (text_is_digit(*s))
            s++;
    }
    return *s == 0;
}

static bool collected(struct json_reader *r) {
    static const char *const words[] = {"true", "false", "null"};
    r->part[r->length] = 0;
    bool number = r->state == NUMBER;
    value_done(r);
    if (number)
        return number_good(r->part) ? emit(r, JSON_NUMBER) : fail(r, STATUS_BAD_VALUE);
    for (unsigned i = 0; i < 3; i++)
        if (strcmp(r->part, words[i]) == 0)
            return emit(r, (enum json_event)(JSON_TRUE + i));
    return fail(r, STATUS_BAD_VALUE);
}

static bool between(struct json_reader *r, char c);

/* Numbers and words end where something else begins. */
static bool collect(struct json_reader *r, char c) {
    bool more = text_is_digit(c) || text_is_alpha(c) || c == '.' || c == '+' || c == '-';
    if (!more)
        return collected(r) && (text_is_space(c) || between(r, c));
    if (r->length > 30)
        return fail(r, STATUS_BAD_LENGTH);
    r->part[r->length++] = c;
    return true;
}

static bool between(struct json_reader *r, char c) {
    switch (r->state) {
    case FIRST_VALUE:
        return c == ']' ? leave(r, true) : begin_value(r, c);
    case VALUE:
        return begin_value(r, c);
    case FIRST_KEY:
        return c == '}'   ? leave(r, false)
               : c == '"' ? begin_text(r, true)
                          : fail(r, STATUS_BAD_VALUE);
    case KEY:
        return c == '"' ? begin_text(r, true) : fail(r, STATUS_BAD_VALUE);
    case COLON:
        r->state = VALUE;
        return c == ':' || fail(r, STATUS_BAD_VALUE);
    case AFTER:
        if (c == ',') {
            r->state = in_array(r) ? VALUE : KEY;
            return true;
        }
        return c == ']' || c == '}' ? leave(r, c == ']') : fail(r, STATUS_BAD_VALUE);
    default:
        return fail(r, STATUS_BAD_VALUE);
    }
}

static bool feed(struct json_reader *r, char c) {
    switch (r->state) {
    case TEXT:
        return in_text(r, c);
    case ESCAPE:
        return escape(r, c);
    case HEX:
        return hex(r, c);
    case NUMBER:
    case WORD:
        return collect(r, c);
    default:
        return text_is_space(c) || between(r, c);
    }
}

bool json_feed(struct json_reader *r, const char *data, size_t size) {
    for (size_t i = 0; i < size && r->status == STATUS_OK; i++) {
        if (feed(r, data[i]))
            r->at++;
    }
    return r->status == STATUS_OK;
}

enum status json_finish(struct json_reader *r) {
    if (r->status == STATUS_OK && (r->state == NUMBER || r->state == WORD))
        collected(r);
    if (r->status == STATUS_OK && r->state != DONE)
        r->status = STATUS_TRUNCATED;
    return r->status;
}
