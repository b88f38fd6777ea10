/* Bodies that come in chunks, because the client did not know their length beforehand: size in hex,
 * bytes, CR LF, until a size of zero. Extensions and trailers are read over.
 * Source: RFC 9112, section 7.1. */
#include "device/service/http/http_private.h"

enum {
    CHUNK_SIZE,
    CHUNK_EXTENSION,
    CHUNK_BODY,
    CHUNK_AFTER,
    CHUNK_TRAILER,
    CHUNK_DONE,
    CHUNK_WRONG
};
enum { CHUNK_MOST = 1 << 24, SIZE_SEEN = 0x80 };

static unsigned phase(const struct http_connection *c) {
    return c->chunk_phase & ~(unsigned)SIZE_SEEN;
}

enum http_chunk_state http_chunk_state(const struct http_connection *c) {
    unsigned now = phase(c);
    return now == CHUNK_BODY    ? HTTP_CHUNK_BODY
           : now == CHUNK_DONE  ? HTTP_CHUNK_END
           : now == CHUNK_WRONG ? HTTP_CHUNK_BAD
                                : HTTP_CHUNK_FRAME;
}

void http_chunk_took(struct http_connection *c, size_t size) {
    c->chunk_left -= (uint32_t)size;
    if (!c->chunk_left)
        c->chunk_phase = CHUNK_AFTER;
}

/* The line with the size has ended. */
static void size_end(struct http_connection *c) {
    bool seen = c->chunk_phase & SIZE_SEEN;
    c->chunk_phase = !seen ? CHUNK_WRONG : c->chunk_left ? CHUNK_BODY : CHUNK_TRAILER;
}

static void size_byte(struct http_connection *c, char byte) {
    int digit = text_hex_digit(byte);
    if (digit >= 0 && c->chunk_left < CHUNK_MOST) {
        c->chunk_left = c->chunk_left * 16 + (uint32_t)digit;
        c->chunk_phase = CHUNK_SIZE | SIZE_SEEN;
    } else if (byte == '\n') {
        size_end(c);
    } else if (byte == ';' || byte == ' ' || byte == '\t') {
        c->chunk_phase = (uint8_t)(CHUNK_EXTENSION | (c->chunk_phase & SIZE_SEEN));
    } else if (byte != '\r') {
        c->chunk_phase = CHUNK_WRONG;
    }
}

/* Trailers: a line without a character ends them; chunk_left counts the characters. */
static void trailer_byte(struct http_connection *c, char byte) {
    if (byte == '\n' && !c->chunk_left)
        c->chunk_phase = CHUNK_DONE;
    else if (byte == '\n')
        c->chunk_left = 0;
    else if (byte != '\r' && ++c->chunk_left > HTTP_HEAD_MAX)
        c->chunk_phase = CHUNK_WRONG;
}

static void frame_byte(struct http_connection *c, char byte) {
    switch (phase(c)) {
    case CHUNK_SIZE:
        size_byte(c, byte);
        break;
    case CHUNK_EXTENSION:
        if (byte == '\n')
            size_end(c);
        break;
    case CHUNK_AFTER:
        if (byte == '\n')
            c->chunk_phase = CHUNK_SIZE;
        else if (byte != '\r')
            c->chunk_phase = CHUNK_WRONG;
        break;
    default:
        trailer_byte(c, byte);
    }
}

size_t http_chunk_frame(struct http_connection *c, const uint8_t *data, size_t size) {
    size_t at = 0;
    while (at < size && http_chunk_state(c) == HTTP_CHUNK_FRAME)
        frame_byte(c, (char)data[at++]);
    return at;
}
