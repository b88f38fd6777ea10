/* Scripts and the log over /api/v2: checking lines with the plug's own compiler, and reading what
 * the log keeps. */
#include "device/device.h"
#include "device/script/script.h"
#include "device/service/rest/api_v2.h"

enum { ALIASES = 32, FINDING_ROOM = 700 };

struct check {
    struct device *d;
    struct http_exchange *x;
    unsigned findings;
    unsigned count;
    uint32_t aliases[ALIASES];
};

static void finding(void *context, unsigned line, unsigned column, const char *text) {
    struct check *c = context;
    struct text *out = &c->x->out;
    size_t length = strlen(text);
    if (out->size - out->length < FINDING_ROOM)
        return; /* so many mistakes that the first will do */
    text_add(out, c->findings++ ? ",{" : "{");
    json_add_int(out, "line", line);
    json_add_int(out, "column", column);
    text_add(out, ",\"text\":\"");
    text_escape(out, text, length < 100 ? length : 100);
    text_add(out, "\"}");
}

static bool known(void *context, const char *word, size_t length) {
    struct check *c = context;
    for (unsigned i = 0; i < c->count; i++)
        if (c->aliases[i] == word_hash(word, length))
            return true;
    return alias_find(c->d, word, length) != NULL;
}

/* Aliases that the script itself makes count as known everywhere in it. */
static void note_alias(struct check *c, const char *line) {
    line += strspn(line, " \t");
    if (!text_starts(line, "alias ") || c->count >= ALIASES)
        return;
    line += 6 + strspn(line + 6, " \t");
    c->aliases[c->count++] = word_hash(line, strcspn(line, " \t\r\n"));
}

static void check_line(struct compiler *compiler, const char *from, size_t length) {
    char line[SCRIPT_LINE_MAX + 2];
    if (length > SCRIPT_LINE_MAX) {
        compiler->report(compiler->context, compiler->line, SCRIPT_LINE_MAX,
                         "line is too long, 511 characters at most");
        return;
    }
    memcpy(line, from, length);
    line[length] = 0;
    compiler->used = 0;
    compiler->full = false;
    script_compile_line(compiler, line, length);
}

void api_script_check(struct device *d, struct http_exchange *x) {
    uint8_t code[SCRIPT_CODE_LINE];
    struct check check = {.d = d, .x = x};
    struct compiler compiler = compile_start(d, code, sizeof code);
    compiler.report = finding;
    compiler.context = &check;
    compiler.known = known;
    const char *text = x->body ? x->body : "";
    http_begin(x, 200, "application/json");
    text_add(&x->out, "{\"findings\":[");
    for (const char *at = text; *at;
         at += at[strcspn(at, "\n")] ? strcspn(at, "\n") + 1 : strcspn(at, "\n"))
        note_alias(&check, at);
    compiler.line = (unsigned)http_arg_int(x, "line", 1);
    for (const char *at = text; *at; compiler.line++) {
        size_t length = strcspn(at, "\n");
        check_line(&compiler, at, length);
        at += length + (at[length] == '\n');
    }
    text_add(&x->out, "]}");
}

/* --- log --- */

/* The ring as text positions: the last byte ever written has position d->log.bytes. */
static char ring_at(const struct device_log_ring *r, int64_t back) {
    return r->text[(r->head + 2 * DEVICE_LOG_RING - back) % DEVICE_LOG_RING];
}

/* cursor[0]: bytes back from the end where the next line begins; cursor[1]: lines so far. */
static void log_more(struct device *d, struct http_exchange *x) {
    const struct device_log_ring *r = d->log.ring;
    char line[DEVICE_LOG_LINE + 32];
    struct text text = text_start(line, sizeof line);
    uint32_t back = x->cursor[0] + (d->log.bytes - x->cursor[2]); /* lines may come meanwhile */
    x->cursor[2] = d->log.bytes;
    if (back > r->size)
        back = r->size;
    while (back) {
        char c = ring_at(r, back--);
        if (c == '\n')
            break;
        text_char(&text, c);
    }
    x->cursor[0] = back;
    if (text.length) {
        text_add(&x->out, x->cursor[1]++ ? "," : "");
        text_json(&x->out, line);
    }
    if (back)
        return;
    text_add(&x->out, "],\"last\":");
    text_uint(&x->out, d->log.bytes);
    text_char(&x->out, '}');
    x->more = NULL;
}

void api_log(struct device *d, struct http_exchange *x) {
    const struct device_log_ring *r = d->log.ring;
    int64_t after = http_arg_int(x, "after", -1), behind = (int64_t)d->log.bytes - after;
    bool all = after < 0 || behind < 0 || behind > r->size;
    uint32_t back = all ? r->size : (uint32_t)behind;
    if (all && r->size == DEVICE_LOG_RING) /* the oldest line has lost its beginning */
        while (back && ring_at(r, back--) != '\n') {
        }
    x->cursor[0] = back;
    x->cursor[2] = d->log.bytes;
    http_begin(x, 200, "application/json");
    http_header(x, "Cache-Control", "no-store");
    text_add(&x->out, "{\"lines\":[");
    x->more = log_more;
}
