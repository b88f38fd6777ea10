/* Reading the head of a request, byte by byte, as it arrives: request line and header lines. Strict
 * where leniency has been abused: one request means one thing, or it is refused. Only what the
 * server needs is kept; the rest of a header line is forgotten at its end.
 * Source: RFC 9112, RFC 9110. */
#include "device/device.h"
#include "device/service/http/http_private.h"

enum { CONNECTION_CLOSE = 1, CONNECTION_KEEP = 2 };

void http_head_start(struct http_connection *c) {
    bool again = c->again;
    int16_t stream = c->stream;
    uint32_t address = c->address;
    uint64_t since = c->since_ms, moved = c->moved_ms;
    memset(c, 0, offsetof(struct http_connection, in));
    c->stream = stream;
    c->address = address;
    c->again = again;
    c->since_ms = since;
    c->moved_ms = moved;
    c->x.query = c->x.path = "";
    c->x.total = -1;
}

static void refuse(struct http_connection *c, unsigned status, const char *reason) {
    c->x.status = (uint16_t)status;
    c->x.reason = reason;
}

static unsigned method_of(const char *word, size_t length) {
    static const char *const names[] = {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"};
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen(names[i]) == length && memcmp(names[i], word, length) == 0)
            return 1U << i;
    return 0;
}

static bool is_token(char c) {
    return text_is_alpha(c) || text_is_digit(c) || (c && strchr("!#$%&'*+-.^_`|~", c));
}

/* "http://host/path" asks for "/path". */
static const char *origin_form(const char *target) {
    if (!text_starts(target, "http://"))
        return target;
    const char *path = strchr(target + 7, '/');
    return path ? path : "/";
}

static bool target_good(const char *target) {
    if (*target != '/' && strcmp(target, "*") != 0)
        return false;
    for (; *target; target++)
        if (*target <= ' ' || *target == 127)
            return false;
    return true;
}

static void request_line(struct http_connection *c) {
    char *line = c->in, *space = strchr(line, ' ');
    char *last = space ? strrchr(line, ' ') : NULL;
    if (!space || space == last || strncmp(last + 1, "HTTP/", 5) != 0) {
        refuse(c, 400, "no request line");
        return;
    }
    if (strncmp(last + 1, "HTTP/1.", 7) != 0 || !text_is_digit(last[8]) || last[9]) {
        refuse(c, 505, "only HTTP/1.1 and HTTP/1.0");
        return;
    }
    c->x.minor = last[8] != '0';
    c->x.keep_alive = c->x.minor;
    c->x.method = (uint8_t)method_of(line, (size_t)(space - line));
    *last = 0;
    const char *target = origin_form(space + 1);
    if (!c->x.method)
        refuse(c, 501, "unknown method");
    else if (!target_good(target))
        refuse(c, 400, "no such target");
    size_t length = strlen(target);
    memmove(c->in, target, length + 1);
    c->kept = c->used = (uint16_t)(length + 1);
    c->phase = HTTP_FIELDS;
}

static void keep_text(char *to, size_t size, const char *value) {
    struct text text = text_start(to, size);
    text_add(&text, value);
    if (text.truncated)
        text = text_start(to, size);
}

static void on_length(struct http_connection *c, const char *value) {
    uint64_t length = 0;
    const char *p = value;
    while (text_is_digit(*p) && length < UINT32_MAX)
        length = length * 10 + (uint64_t)(*p++ - '0');
    if (p == value || *p || (c->has_length && length != c->x.length))
        refuse(c, 400, "no content length");
    c->x.length = length;
    c->has_length = true;
}

static bool has_word(const char *list, const char *word) {
    size_t length = strlen(word);
    for (; *list; list++)
        if (text_starts(list, word) && (!list[length] || strchr(" ,;\t", list[length])))
            return true;
    return false;
}

static void on_coding(struct http_connection *c, const char *value) {
    if (c->has_coding || !text_same(value, "chunked"))
        refuse(c, 501, "of transfer codings only chunked is known");
    c->has_coding = true;
}

static void on_host(struct http_connection *c, const char *value) {
    if (c->has_host)
        refuse(c, 400, "two hosts");
    c->has_host = true;
    keep_text(c->x.host, sizeof c->x.host, value);
}

static void on_connection(struct http_connection *c, const char *value) {
    if (has_word(value, "close"))
        c->connection |= CONNECTION_CLOSE;
    if (has_word(value, "keep-alive"))
        c->connection |= CONNECTION_KEEP;
}

static void field(struct device *d, struct http_connection *c, const char *name,
                  const char *value) {
    struct http_exchange *x = &c->x;
    if (text_same(name, "host"))
        on_host(c, value);
    else if (text_same(name, "content-length"))
        on_length(c, value);
    else if (text_same(name, "transfer-encoding"))
        on_coding(c, value);
    else if (text_same(name, "connection"))
        on_connection(c, value);
    else if (text_same(name, "authorization"))
        x->role = (uint8_t)http_credentials(d, value);
    else if (text_same(name, "origin"))
        keep_text(x->origin, sizeof x->origin, *value ? value : "null");
    else if (text_same(name, "sec-fetch-site"))
        x->foreign = text_same(value, "cross-site");
    else if (text_same(name, "accept-encoding"))
        x->accepts_gzip = has_word(value, "gzip");
    else if (text_same(name, "if-none-match"))
        keep_text(x->none_match, sizeof x->none_match, value);
    else if (text_same(name, "expect"))
        c->expects = text_same(value, "100-continue");
}

static void field_line(struct device *d, struct http_connection *c, char *line) {
    char *p = line;
    if (++c->header > HTTP_HEADERS_MAX) {
        refuse(c, 431, "too many headers");
        return;
    }
    while (is_token(*p))
        p++;
    if (p == line || *p != ':') {
        refuse(c, 400, "no header line");
        return;
    }
    *p++ = 0;
    p += strspn(p, " \t");
    for (size_t n = strlen(p); n && (p[n - 1] == ' ' || p[n - 1] == '\t');)
        p[--n] = 0;
    field(d, c, line, p);
}

static bool clean_path(const char *p) {
    for (; *p; p++)
        if ((uint8_t)*p < ' ')
            return false;
    return true;
}

static void head_end(struct http_connection *c) {
    struct http_exchange *x = &c->x;
    if (c->connection & CONNECTION_CLOSE)
        x->keep_alive = false;
    else if (c->connection & CONNECTION_KEEP)
        x->keep_alive = true;
    char *query = strchr(c->in, '?');
    if (query)
        *query++ = 0;
    x->path = c->in;
    x->query = query ? query : "";
    if (http_decode(c->in, false) != strlen(c->in) || !clean_path(c->in))
        refuse(c, 400, "no such path");
    if (x->minor && !c->has_host)
        refuse(c, 400, "no host");
    if (c->has_coding && (c->has_length || !x->minor))
        refuse(c, 400, "a body has one length");
    c->phase = HTTP_BODY;
}

static void line_end(struct device *d, struct http_connection *c) {
    char *line = c->in + c->kept;
    if (c->used > c->kept && c->in[c->used - 1] == '\r')
        c->used--;
    c->in[c->used] = 0;
    size_t length = (size_t)(c->used - c->kept);
    if (strlen(line) != length) {
        refuse(c, 400, "a zero byte in the head");
    } else if (c->phase == HTTP_LINE) {
        if (length) /* empty lines before a request are harmless */
            request_line(c);
    } else if (length) {
        field_line(d, c, line);
        c->used = c->kept;
    } else {
        head_end(c);
    }
}

size_t http_head_take(struct device *d, struct http_connection *c, const uint8_t *data,
                      size_t size) {
    size_t at = 0;
    while (at < size && c->phase < HTTP_BODY && !c->x.status) {
        uint8_t byte = data[at++];
        if (++c->head_bytes > HTTP_HEAD_MAX)
            refuse(c, 431, "head longer than 8 KiB");
        else if (byte == '\n')
            line_end(d, c);
        else if (c->used + 2 >= HTTP_IN)
            refuse(c, c->phase == HTTP_LINE ? 414 : 431, "line too long");
        else
            c->in[c->used++] = (char)byte;
    }
    return at;
}
