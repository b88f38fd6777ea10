/* Loading scripts: a file or a text becomes a block of nodes, one a line. What cannot be compiled
 * is reported with line and column and left out; the rest runs.
 * Source of the line rules: openshwprojects/OpenBK7231T_App: src/cmnds/cmd_script.c. */
#include "base/text.h"
#include "device/device.h"
#include "device/script/script.h"
#include "device/store/files.h"

#include <string.h>

enum { ALIASES_NOTED = 48 };

/* Where lines come from: a file of the store, or a text. */
struct source {
    const char *name;
    const char *text; /* NULL: the file */
    char separator;   /* ends a line, besides a line feed; 0: nothing else */
    struct store_file_info file;
    uint32_t size;
};

struct loading {
    struct device *d;
    const struct source *from;
    uint32_t aliases[ALIASES_NOTED]; /* by hash; defined anywhere in the script */
    unsigned count;
};

static bool alias_known(void *context, const char *word, size_t length) {
    struct loading *l = context;
    for (unsigned i = 0; i < l->count; i++)
        if (l->aliases[i] == word_hash(word, length))
            return true;
    return l->count == ALIASES_NOTED || alias_find(l->d, word, length) != NULL;
}

static void finding(void *context, unsigned line, unsigned column, const char *text) {
    struct loading *l = context;
    char out[DEVICE_LOG_LINE];
    struct text t = text_start(out, sizeof out);
    text_add(&t, l->from->name);
    text_char(&t, ':');
    text_uint(&t, line);
    text_char(&t, ':');
    text_uint(&t, column);
    text_add(&t, ": ");
    text_add(&t, text);
    device_log(l->d, LOG_ERROR, "script", out);
}

/* One line of a script, wherever it lies. */
struct line {
    const char *text;
    size_t length;
    char buffer[SCRIPT_LINE_MAX + 2];
};

/* The line at that offset; returns the offset of the next. A line of a file that is longer than the
 * buffer comes in parts, each with a length above SCRIPT_LINE_MAX except the last. */
static uint32_t read_line(struct device *d, const struct source *s, uint32_t offset,
                          struct line *out) {
    size_t n = s->size - offset, i = 0;
    if (s->text) {
        out->text = s->text + offset;
    } else {
        n = store_file_read(&d->store, &s->file, offset, out->buffer, SCRIPT_LINE_MAX + 1);
        out->text = out->buffer;
        out->buffer[n] = 0;
    }
    while (i < n && out->text[i] != '\n' && (!s->separator || out->text[i] != s->separator))
        i++;
    out->length = i;
    return n ? offset + (uint32_t)i + (i < n) : s->size;
}

static const char *skip_blanks(const char *p) {
    while (*p == ' ' || *p == '\t')
        p++;
    return p;
}

static void note_alias(struct loading *l, const char *line) {
    line = skip_blanks(line);
    if (!text_starts(line, "alias ") || l->count >= ALIASES_NOTED)
        return;
    line = skip_blanks(line + 6);
    l->aliases[l->count++] = word_hash(line, strcspn(line, " \t\r\n"));
}

static void load_label(struct compiler *c, const char *name) {
    size_t mark = c->used, n = strcspn(name, ":"), size = n + 1 + NODE_HEAD;
    const uint8_t head[NODE_HEAD] = {(uint8_t)size, (uint8_t)(size >> 8), NODE_LABEL};
    compile_bytes(c, head, sizeof head);
    compile_bytes(c, name, n);
    compile_byte(c, 0);
    if (c->full)
        c->used = mark;
}

void script_compile_line(struct compiler *c, const char *line, size_t n) {
    const char *p = line;
    while (n && text_is_space(line[n - 1]))
        n--;
    while (n && text_is_space(*p))
        p++, n--;
    if (!n || *p == '#' || (n > 1 && p[0] == '/' && p[1] == '/'))
        return;
    c->line_start = line;
    if (p[n - 1] == ':')
        load_label(c, p);
    else
        compile_line(c, p, n);
}

static void load_lines(struct loading *l, struct compiler *c) {
    struct line line;
    bool tail = false; /* inside a line that is too long */
    for (uint32_t at = 0, next; at < l->from->size && !c->full; at = next) {
        next = read_line(l->d, l->from, at, &line);
        bool over = line.length > SCRIPT_LINE_MAX && !l->from->text;
        c->line += !tail;
        if (over && !tail)
            finding(l, c->line, SCRIPT_LINE_MAX + 1,
                    "line is too long, 511 characters at most; it is left out");
        else if (!over && !tail)
            script_compile_line(c, line.text, line.length);
        tail = over;
    }
    if (c->full)
        finding(l, c->line, 1, "script memory is full; this line and the rest are left out");
}

static struct block *load(struct device *d, const struct source *from) {
    struct loading l = {.d = d, .from = from};
    struct line line;
    for (uint32_t at = 0; at < from->size;) {
        at = read_line(d, from, at, &line);
        note_alias(&l, line.text);
    }
    struct block *b = block_new(d, BLOCK_SCRIPT, from->name, strlen(from->name) + 1, NULL, 0);
    if (!b)
        return NULL;
    /* the newest block grows in place; handlers and events that it makes need room too */
    struct compiler c =
        compile_start(d, (uint8_t *)b + b->code, (size_t)(SCRIPT_ARENA - d->script.used) / 4 * 3);
    c.report = finding;
    c.context = &l;
    c.known = alias_known;
    load_lines(&l, &c);
    size_t total = (b->code + c.used + 3) & ~(size_t)3;
    memset((uint8_t *)b + b->code + c.used, 0, total - b->code - c.used);
    block_resize(d, b, total);
    return b;
}

static struct block *script_find(const struct device *d, const char *name) {
    for (struct block *b = block_first(d, BLOCK_SCRIPT); b; b = block_next(d, b))
        if (strcmp(block_fields(b), name) == 0)
            return b;
    return NULL;
}

static bool source_file(struct device *d, const char *file, struct source *out) {
    while (*file == '/')
        file++;
    *out = (struct source){.name = file};
    if (!*file || store_file_find(&d->store, file, &out->file) != STATUS_OK)
        return false;
    out->size = out->file.size;
    return true;
}

struct block *script_load(struct device *d, const char *file) {
    struct source from;
    while (*file == '/')
        file++;
    struct block *b = *file ? script_find(d, file) : NULL;
    if (b)
        return b;
    return source_file(d, file, &from) ? load(d, &from) : NULL;
}

struct block *script_load_text(struct device *d, const char *name, const char *text) {
    struct source from = {.name = name, .text = text, .size = (uint32_t)strlen(text)};
    struct block *old = script_find(d, name);
    if (old)
        block_kill(d, old);
    return load(d, &from);
}

struct block *script_load_backlog(struct device *d, const char *text) {
    struct source from = {
        .name = "", .text = text, .separator = ';', .size = (uint32_t)strlen(text)};
    return load(d, &from);
}

void scripts_forget(struct device *d) {
    thread_stop(d, 0, true, false);
    for (struct block *b = block_first(d, BLOCK_SCRIPT); b; b = block_next(d, b))
        block_kill(d, b);
}

void script_exec(struct device *d, const char *file) {
    struct source from;
    struct block *b = source_file(d, file, &from) ? load(d, &from) : NULL;
    if (!b)
        return;
    block_kill(d, b); /* nobody finds it by name; it stays until the run is over */
    d->script.running++;
    for (const uint8_t *p = (uint8_t *)b + b->code;
         p + NODE_HEAD <= (uint8_t *)b + b->size && script_get16(p) >= NODE_HEAD;
         p += script_get16(p))
        node_run(d, p, COMMAND_FROM_SCRIPT);
    d->script.running--;
}
