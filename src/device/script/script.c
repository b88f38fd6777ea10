/* The script room at work: the arena of blocks, running nodes, threads and repeating events. */
#include "device/script/script.h"

#include "base/text.h"
#include "device/command/row.h"
#include "device/device.h"
#include "device/script/clock.h"
#include "device/script/events.h"
#include "device/script/expression.h"
#include "device/store/files.h"
#include <string.h>

enum { DEPTH_MAX = 10, BUDGET = 2000, LINES_PER_TICK = 20 };

static uint16_t get16(const uint8_t *p) {
    return (uint16_t)(p[0] | p[1] << 8);
}
static struct block *at(const struct device *d, unsigned offset) {
    return (struct block *)(uintptr_t)(d->script.arena + offset);
}

struct block *block_first(const struct device *d, enum block_kind kind) {
    unsigned head = d->script.heads[kind];
    if (!head)
        return NULL;
    struct block *b = at(d, head - 1);
    return b->dead ? block_next(d, b) : b;
}
struct block *block_next(const struct device *d, const struct block *b) {
    while (b->next) {
        b = at(d, b->next - 1u);
        if (!b->dead)
            return at(d, (unsigned)((const uint8_t *)b - d->script.arena));
    }
    return NULL;
}
void block_kill(struct device *d, struct block *b) {
    if (!b->dead)
        d->script.dead = (uint16_t)(d->script.dead + b->size);
    b->dead = 1;
}

/* Squeezes dead blocks out; the order of blocks is their age, so the lists can be made anew. */
static void squeeze(struct device *d) {
    struct script_state *s = &d->script;
    unsigned to = 0;
    memset(s->heads, 0, sizeof s->heads);
    for (unsigned from = 0, size; from < s->used; from += size) {
        struct block *b = at(d, from);
        size = b->size;
        if (b->dead)
            continue;
        for (unsigned i = 0; i < SCRIPT_THREADS; i++)
            if (s->threads[i].block == from + 1)
                s->threads[i].block = (uint16_t)(to + 1);
        memmove(s->arena + to, b, size);
        b = at(d, to);
        b->next = s->heads[b->kind];
        s->heads[b->kind] = (uint16_t)(to + 1);
        to += size;
    }
    s->used = (uint16_t)to;
    s->dead = 0;
}

struct block *block_new(struct device *d, enum block_kind kind, const void *fields, size_t extra,
                        const void *code, size_t size) {
    struct script_state *s = &d->script;
    size_t begin = sizeof(struct block) + ((extra + 3) & ~(size_t)3);
    size_t total = (begin + size + 3) & ~(size_t)3;
    if (total > (size_t)(SCRIPT_ARENA - s->used) && s->dead && !s->running)
        squeeze(d);
    if (total > (size_t)(SCRIPT_ARENA - s->used)) {
        device_log(d, LOG_ERROR, "script", "script memory is full; nothing was added");
        return NULL;
    }
    struct block *b = at(d, s->used);
    *b = (struct block){(uint16_t)total, s->heads[kind], (uint8_t)kind, 0, (uint16_t)begin};
    memcpy(b + 1, fields, extra);
    if (size)
        memcpy((uint8_t *)b + begin, code, size);
    memset((uint8_t *)b + begin + size, 0, total - begin - size);
    s->heads[kind] = (uint16_t)(s->used + 1);
    s->used = (uint16_t)(s->used + total);
    return b;
}

unsigned script_count(const struct device *d, enum block_kind kind) {
    unsigned n = 0;
    for (struct block *b = block_first(d, kind); b; b = block_next(d, b))
        n++;
    return n;
}
unsigned script_threads(const struct device *d) {
    unsigned n = 0;
    for (unsigned i = 0; i < SCRIPT_THREADS; i++)
        n += d->script.threads[i].block != 0;
    return n;
}

struct block *alias_find(const struct device *d, const char *word, size_t length) {
    for (struct block *b = block_first(d, BLOCK_ALIAS); b; b = block_next(d, b)) {
        const char *name = block_fields(b);
        if (strlen(name) == length && word_hash(name, length) == word_hash(word, length))
            return b;
    }
    return NULL;
}

/* --- running --- */

static enum command_result run_name(struct device *d, const uint8_t *p, unsigned source) {
    const char *word = (const char *)p, *more = word + strlen(word) + 1;
    struct block *alias = alias_find(d, word, strlen(word));
    if (!alias) {
        device_log2(d, LOG_WARN, "cmd", "unknown command ", word);
        return COMMAND_UNKNOWN;
    }
    const uint8_t *node = (const uint8_t *)alias + alias->code;
    if (!*more)
        return node_run(d, node, source);
    /* with arguments only the first word of what the alias stands for is kept */
    char line[SCRIPT_LINE_MAX + 1];
    struct text t = text_start(line, sizeof line);
    if (node[2] == NODE_CALL)
        text_add(&t, command_row(get16(node + 3))->name);
    else
        text_add(&t, node[2] == NODE_NAME ? (const char *)node + 3
                     : node[2] == NODE_IF ? "if"
                                          : "backlog");
    if (node[2] == NODE_CALL && get16(node + 5))
        text_int(&t, get16(node + 5) - 1);
    text_char(&t, ' ');
    text_add(&t, more);
    return command_run(d, line, source);
}

static enum command_result run_sequence(struct device *d, const uint8_t *node, unsigned source) {
    enum command_result result = COMMAND_OK, one;
    for (const uint8_t *p = node + NODE_HEAD; p < node + get16(node); p += get16(p)) {
        one = node_run(d, p, source);
        if (one != COMMAND_OK && one != COMMAND_EMPTY)
            result = one;
    }
    return result;
}

static enum command_result start_block(struct device *d, struct block *b, uint16_t begin,
                                       int32_t id) {
    struct script_state *s = &d->script;
    for (unsigned i = 0; i < SCRIPT_THREADS; i++)
        if (!s->threads[i].block) {
            unsigned offset = (unsigned)((uint8_t *)b - s->arena);
            s->threads[i] = (struct thread){
                .block = (uint16_t)(offset + 1), .at = begin, .order = ++s->thread_order, .id = id};
            return COMMAND_OK;
        }
    device_log(d, LOG_ERROR, "script", "too many scripts run at once; not started");
    return COMMAND_ERROR;
}

static enum command_result run_thread(struct device *d, const uint8_t *node) {
    static const char name[] = "";
    size_t size = get16(node) - (size_t)NODE_HEAD;
    struct block *b = block_first(d, BLOCK_SCRIPT);
    for (; b; b = block_next(d, b))
        if (!*(char *)block_fields(b) && (size_t)b->size >= b->code + size &&
            memcmp((uint8_t *)b + b->code, node + NODE_HEAD, size) == 0)
            break;
    if (!b)
        b = block_new(d, BLOCK_SCRIPT, name, 1, node + NODE_HEAD, size);
    return b ? start_block(d, b, b->code, 0) : COMMAND_ERROR;
}

static enum command_result run_if(struct device *d, const uint8_t *node, unsigned source) {
    const uint8_t *expr = node + NODE_HEAD + 2, *then = expr + get16(node + NODE_HEAD);
    const uint8_t *end = node + get16(node);
    if (expression_int(expression_run(d, expr, (size_t)(then - expr))) == 0)
        then = then < end ? then + get16(then) : end;
    if (then < end)
        node_run(d, then, source);
    return COMMAND_OK;
}

static enum command_result run_call(struct device *d, const uint8_t *node, unsigned source) {
    struct call c = {.d = d,
                     .row = command_row(get16(node + 3)),
                     .suffix = (int16_t)(get16(node + 5) - 1),
                     .count = node[7],
                     .args = node + 8,
                     .source = source};
    if (c.count < c.row->least)
        return COMMAND_MISSING_ARGUMENT;
    if (!c.row->run) {
        char line[96];
        struct text t = text_start(line, sizeof line);
        text_add(&t, c.row->name);
        text_add(&t, ": not in this build; it comes with ");
        text_add(&t, c.row->where);
        call_reply(&c, line);
        device_log(d, LOG_WARN, "cmd", line);
        return COMMAND_ERROR;
    }
    return c.row->run(&c);
}

static enum command_result dispatch(struct device *d, const uint8_t *node, unsigned source) {
    switch (node[2]) {
    case NODE_CALL:
        return run_call(d, node, source);
    case NODE_IF:
        return run_if(d, node, source);
    case NODE_SEQ:
        return run_sequence(d, node, source);
    case NODE_THREAD:
        return run_thread(d, node);
    case NODE_NAME:
        return run_name(d, node + NODE_HEAD, source);
    case NODE_FAIL:
        return (enum command_result)node[3];
    default:
        return COMMAND_OK;
    }
}

enum command_result node_run(struct device *d, const uint8_t *node, unsigned source) {
    struct command_state *s = &d->command;
    if (get16(node) < NODE_HEAD)
        return COMMAND_EMPTY;
    if (s->depth == 0) {
        s->budget = BUDGET;
        s->said = false;
    }
    if (s->depth >= DEPTH_MAX || s->budget == 0) {
        if (!s->said)
            device_log(d, LOG_ERROR, "script",
                       "endless recursion or too many commands at once; stopped");
        s->said = true;
        return COMMAND_ERROR;
    }
    s->depth++, s->budget--, d->script.running++;
    enum command_result result = dispatch(d, node, source);
    s->depth--, d->script.running--;
    return result;
}

/* --- events --- */

static bool holds(unsigned relation, int32_t value, int32_t limit) {
    switch (relation) {
    case EXPR_EQ:
        return value == limit;
    case EXPR_NE:
        return value != limit;
    case EXPR_LT:
        return value < limit;
    case EXPR_GT:
        return value > limit;
    case EXPR_LE:
        return value <= limit;
    default:
        return value >= limit;
    }
}

static void wake(struct device *d, unsigned code, int32_t value) {
    for (unsigned i = 0; i < SCRIPT_THREADS; i++) {
        struct thread *t = &d->script.threads[i];
        if (!t->block || !t->wait_relation || t->wait_code != code)
            continue;
        if (t->wait_relation == '<'   ? value < t->wait_value
            : t->wait_relation == '>' ? value > t->wait_value
            : t->wait_relation == '!' ? value != t->wait_value
                                      : value == t->wait_value)
            t->wait_relation = 0;
    }
}

static void run_block(struct device *d, const struct block *b) {
    node_run(d, (const uint8_t *)b + b->code, COMMAND_FROM_SCRIPT);
}

unsigned events_fire(struct device *d, unsigned code, int32_t a, int32_t b, int32_t c) {
    unsigned ran = 0;
    d->script.running++;
    for (struct block *k = block_first(d, BLOCK_HANDLER); k; k = block_next(d, k)) {
        const struct handler *h = block_fields(k);
        if (h->event == code && h->arguments && h->values[0] == a && h->values[1] == b &&
            h->values[2] == c) {
            run_block(d, k);
            ran++;
        }
    }
    d->script.running--;
    wake(d, code, a);
    return ran;
}

unsigned events_change(struct device *d, unsigned code, int32_t before, int32_t after) {
    unsigned ran = 0;
    d->script.running++;
    for (struct block *k = block_first(d, BLOCK_HANDLER); k; k = block_next(d, k)) {
        const struct handler *h = block_fields(k);
        if (h->event == code && !h->arguments && !holds(h->relation, before, h->values[0]) &&
            holds(h->relation, after, h->values[0])) {
            run_block(d, k);
            ran++;
        }
    }
    d->script.running--;
    wake(d, code, after);
    return ran;
}

static const struct {
    const char *name;
    uint8_t code;
} events[] = {
    {"OnClick", 1},         {"OnDblClick", 2},
    {"OnHold", 3},          {"OnHoldStart", 4},
    {"OnChannelChange", 5}, {"voltage", 70},
    {"current", 71},        {"power", 72},
    {"frequency", 73},      {"energy", 74},
    {"energycounter", 74},  {"energycounter_last_hour", 75},
    {"OnToggle", 76},       {"OnUART", 77},
    {"IR_Samsung", 78},     {"IR_RC5", 79},
    {"IR_RC6", 80},         {"IR_SONY", 81},
    {"IR_PANASONIC", 82},   {"IR_SAMSUNG_LG", 83},
    {"IR_SHARP", 84},       {"IR_NEC", 85},
    {"MQTTState", 86},      {"OnRelease", 87},
    {"OnPress", 88},        {"LEDState", 89},
    {"IPChange", 90},       {"WiFiState", 91},
    {"On3Click", 92},       {"On4Click", 93},
    {"On5Click", 94},       {"noPingTime", 95},
    {"TuyaMCUParsed", 96},  {"LEDMode", 97},
    {"NoMQTTTime", 98},     {"OnADCButton", 99},
    {"NTPState", 100},      {"OnCustomDown", 101},
    {"OnCustomUP", 102},    {"MissedHeartbeats", 103},
    {"OnMQTT", 104},        {"OnDP", 105},
    {"OnHTTP", 106},        {"OnCMD", 107},
    {"OnDiscovery", 108},   {"RC", 109},
};

int event_find(const char *name) {
    if (text_is_digit(*name) || (text_starts(name, "Channel") && text_is_digit(name[7]))) {
        const char *digits = text_is_digit(*name) ? name : name + 7;
        int value = expression_int(number_read(digits, strlen(digits)));
        if (digits == name)
            return value < 256 ? value : -1;
        return value < CHANNEL_COUNT ? EVENT_CHANNEL0 + value : -1;
    }
    for (unsigned i = 0; i < sizeof events / sizeof *events; i++)
        if (text_same(events[i].name, name))
            return events[i].code;
    return -1;
}

/* --- loading --- */

struct loading {
    struct device *d;
    const char *file;
    uint32_t aliases[48];
    unsigned count;
};

static bool alias_known(void *context, const char *word, size_t length) {
    struct loading *l = context;
    for (unsigned i = 0; i < l->count; i++)
        if (l->aliases[i] == word_hash(word, length))
            return true;
    return alias_find(l->d, word, length) != NULL;
}

static void finding(void *context, unsigned line, unsigned column, const char *text) {
    struct loading *l = context;
    char out[DEVICE_LOG_LINE];
    struct text t = text_start(out, sizeof out);
    text_add(&t, l->file);
    text_char(&t, ':');
    text_uint(&t, line);
    text_char(&t, ':');
    text_uint(&t, column);
    text_add(&t, ": ");
    text_add(&t, text);
    device_log(l->d, LOG_ERROR, "script", out);
}

/* One line from offset into `line`; returns the offset of the next. */
static uint32_t read_line(struct device *d, const struct store_file_info *f, uint32_t offset,
                          char *line, size_t *length) {
    size_t n = store_file_read(&d->store, f, offset, line, SCRIPT_LINE_MAX + 1), i = 0;
    while (i < n && line[i] != '\n')
        i++;
    *length = i;
    return offset + (uint32_t)i + (i < n || n == 0);
}

static void note_alias(struct loading *l, const char *line) {
    while (*line == ' ' || *line == '\t')
        line++;
    if (!text_starts(line, "alias ") || l->count >= 48)
        return;
    line += 6;
    while (*line == ' ' || *line == '\t')
        line++;
    size_t n = strcspn(line, " \t\r");
    l->aliases[l->count++] = word_hash(line, n);
}

void script_compile_line(struct compiler *c, char *line, size_t n) {
    char *p = line;
    while (n && text_is_space(p[n - 1]))
        p[--n] = 0;
    while (n && text_is_space(*p))
        p++, n--;
    if (!n || *p == '#' || (n > 1 && p[0] == '/' && p[1] == '/'))
        return;
    c->line_start = line;
    if (p[n - 1] == ':') {
        size_t mark = c->used;
        uint8_t head[NODE_HEAD] = {(uint8_t)(n + NODE_HEAD), (uint8_t)((n + NODE_HEAD) >> 8),
                                   NODE_LABEL};
        compile_bytes(c, head, sizeof head);
        compile_bytes(c, p, n - 1);
        compile_byte(c, 0);
        if (c->full)
            c->used = mark;
    } else {
        compile_line(c, p, n);
    }
}

struct block *script_load(struct device *d, const char *file) {
    struct store_file_info info;
    struct loading l = {.d = d, .file = file};
    char line[SCRIPT_LINE_MAX + 2];
    size_t n;
    while (*file == '/')
        file++;
    for (struct block *b = block_first(d, BLOCK_SCRIPT); b; b = block_next(d, b))
        if (strcmp(block_fields(b), file) == 0)
            return b;
    if (store_file_find(&d->store, file, &info) != STATUS_OK)
        return NULL;
    for (uint32_t at_ = 0; at_ < info.size;) {
        at_ = read_line(d, &info, at_, line, &n);
        line[n] = 0;
        note_alias(&l, line);
    }
    struct block *b = block_new(d, BLOCK_SCRIPT, file, strlen(file) + 1, NULL, 0);
    if (!b)
        return NULL;
    /* the newest block may grow in place up to the end of the arena, but aliases need room too */
    size_t room_left = (size_t)(SCRIPT_ARENA - d->script.used) * 2 / 3;
    struct compiler c = {.out = (uint8_t *)b + b->code,
                         .size = room_left,
                         .report = finding,
                         .context = &l,
                         .known = alias_known};
    bool started = false;
    for (uint32_t at_ = 0; at_ < info.size && !c.full;) {
        uint32_t next = read_line(d, &info, at_, line, &n);
        c.line += !started;
        if (n > SCRIPT_LINE_MAX) {
            if (!started)
                finding(&l, c.line, SCRIPT_LINE_MAX, "line is too long, 511 characters at most");
            started = true;
            at_ = next;
            continue;
        }
        line[n] = 0;
        if (!started)
            script_compile_line(&c, line, n);
        started = false;
        at_ = next;
    }
    if (c.full)
        finding(&l, c.line, 1, "script memory is full; this line and the rest are left out");
    size_t total = (b->code + c.used + 3) & ~(size_t)3;
    memset((uint8_t *)b + b->code + c.used, 0, total - b->code - c.used);
    d->script.used = (uint16_t)(d->script.used + total - b->size);
    b->size = (uint16_t)total;
    return b;
}

/* --- threads --- */

struct thread *thread_current(struct device *d) {
    return d->script.current ? &d->script.threads[d->script.current - 1] : NULL;
}

/* The place behind a label; the end when there is none. */
static uint16_t label_find(const struct block *b, const char *label) {
    const uint8_t *base = (const uint8_t *)b;
    unsigned p = b->code;
    while (p + NODE_HEAD <= b->size && get16(base + p) >= NODE_HEAD) {
        unsigned next = p + get16(base + p);
        if (base[p + 2] == NODE_LABEL && strcmp((const char *)base + p + NODE_HEAD, label) == 0)
            return (uint16_t)next;
        p = next;
    }
    return b->size;
}

enum status thread_start(struct device *d, const char *file, const char *label, int32_t id) {
    struct thread *now = thread_current(d);
    bool self = strcmp(file, "this") == 0 || strcmp(file, "*") == 0;
    struct block *b = self ? (now ? at(d, now->block - 1u) : NULL) : script_load(d, file);
    if (!b) {
        device_log2(d, LOG_WARN, "script", "no such script: ", file);
        return STATUS_NOT_FOUND;
    }
    bool from_start = !*label || strcmp(label, "*") == 0;
    uint16_t begin = from_start ? b->code : label_find(b, label);
    return start_block(d, b, begin, id) == COMMAND_OK ? STATUS_OK : STATUS_NO_SPACE;
}

void thread_stop(struct device *d, int32_t id, bool all, bool keep_current) {
    for (unsigned i = 0; i < SCRIPT_THREADS; i++)
        if ((all || d->script.threads[i].id == id) && !(keep_current && d->script.current == i + 1))
            d->script.threads[i].block = 0;
}

void thread_goto(struct device *d, const char *label) {
    struct thread *t = thread_current(d);
    if (t && t->block)
        t->at = label_find(at(d, t->block - 1u), label);
}

void scripts_forget(struct device *d) {
    thread_stop(d, 0, true, false);
    for (struct block *b = block_first(d, BLOCK_SCRIPT); b; b = block_next(d, b))
        block_kill(d, b);
}

static void thread_run(struct device *d, unsigned i, unsigned lines) {
    struct thread *t = &d->script.threads[i];
    d->script.current = (uint8_t)(i + 1);
    while (lines-- && t->block && !t->wait_relation && t->delay_ms <= 0) {
        const struct block *b = at(d, t->block - 1u);
        const uint8_t *node = (const uint8_t *)b + t->at;
        if (t->at + NODE_HEAD > b->size || get16(node) < NODE_HEAD) {
            t->block = 0;
            break;
        }
        t->at = (uint16_t)(t->at + get16(node));
        lines += node[2] == NODE_LABEL;
        node_run(d, node, COMMAND_FROM_SCRIPT);
    }
    d->script.current = 0;
}

static void threads_tick(struct device *d, uint32_t elapsed_ms) {
    unsigned limit = d->script.thread_order + 1u;
    for (unsigned round = 0; round < SCRIPT_THREADS; round++) {
        int best = -1;
        for (int i = 0; i < SCRIPT_THREADS; i++) {
            const struct thread *t = &d->script.threads[i];
            if (t->block && t->order < limit &&
                (best < 0 || t->order > d->script.threads[best].order))
                best = i;
        }
        if (best < 0)
            return;
        struct thread *t = &d->script.threads[best];
        limit = t->order;
        if (t->wait_relation)
            continue;
        if (t->delay_ms > 0)
            t->delay_ms -= (int32_t)elapsed_ms;
        if (t->delay_ms <= 0)
            thread_run(d, (unsigned)best, LINES_PER_TICK);
    }
}

static void repeats_tick(struct device *d, uint32_t elapsed_ms) {
    for (struct block *b = block_first(d, BLOCK_REPEAT); b; b = block_next(d, b)) {
        struct repeat *r = block_fields(b);
        r->left_s -= (float)elapsed_ms * 0.001f;
        if (r->left_s > 0)
            continue;
        r->left_s = r->interval_s;
        if (r->times > 0 && --r->times == 0)
            block_kill(d, b);
        run_block(d, b);
    }
}

void script_tick(struct device *d, uint32_t elapsed_ms) {
    if (d->script.dead > SCRIPT_ARENA / 4 && !d->script.running)
        squeeze(d);
    d->script.running++;
    threads_tick(d, elapsed_ms);
    repeats_tick(d, elapsed_ms);
    d->script.running--;
}

static void clock_event_run(struct device *d, int64_t second) {
    for (struct block *b = block_first(d, BLOCK_CLOCK); b; b = block_next(d, b)) {
        const struct clock_event *e = block_fields(b);
        int64_t day = second / 86400;
        int32_t due = e->time_s >= 0 ? e->time_s : clock_sun_on(d, day, e->time_s == -1);
        if (second % 86400 == due && e->days >> ((day + 4) % 7) & 1)
            run_block(d, b);
    }
}

void script_second(struct device *d) {
    if (!d->mqtt_connected) {
        d->script.no_mqtt_s++;
        events_change(d, EVENT_NO_MQTT_TIME, (int32_t)d->script.no_mqtt_s - 1,
                      (int32_t)d->script.no_mqtt_s);
    } else {
        d->script.no_mqtt_s = 0;
    }
    if (!d->clock_set)
        return;
    int64_t now = clock_now(d) + clock_offset(d), seen = d->script.clock_seen;
    if (seen == 0 || now < seen)
        seen = now - 1;
    d->script.clock_seen = now;
    if (now - seen > 100)
        seen = now - 100;
    while (++seen <= now)
        clock_event_run(d, seen);
}

uint32_t script_next_ms(const struct device *d) {
    uint32_t next = UINT32_MAX;
    for (unsigned i = 0; i < SCRIPT_THREADS; i++) {
        const struct thread *t = &d->script.threads[i];
        if (!t->block || t->wait_relation)
            continue;
        uint32_t left = t->delay_ms > 0 ? (uint32_t)t->delay_ms : 0;
        next = left < next ? left : next;
    }
    for (struct block *b = block_first(d, BLOCK_REPEAT); b; b = block_next(d, b)) {
        const struct repeat *r = block_fields(b);
        float ms = r->left_s * 1000;
        uint32_t left = ms > 1e9f ? 1000000000u : ms > 0 ? (uint32_t)ms : 0;
        next = left < next ? left : next;
    }
    return next;
}

void script_init(struct device *d) {
    memset(&d->script, 0, sizeof d->script);
    clock_init(d);
}

void script_exec(struct device *d, const char *file) {
    struct block *b = script_load(d, file);
    if (!b)
        return;
    d->script.running++;
    for (const uint8_t *p = (uint8_t *)b + b->code;
         p + NODE_HEAD <= (uint8_t *)b + b->size && get16(p) >= NODE_HEAD; p += get16(p))
        node_run(d, p, COMMAND_FROM_SCRIPT);
    d->script.running--;
}

void script_early(struct device *d) {
    script_exec(d, "early.bat");
}

/* Each line of the startup command is a command of its own. */
static void run_startup(struct device *d) {
    char text[sizeof d->config.startup], *next;
    memcpy(text, d->config.startup, sizeof text); /* a command may change it */
    for (char *line = text; line && *line; line = next) {
        next = strchr(line, '\n');
        if (next)
            *next++ = 0;
        line += strspn(line, " \t\r");
        if (*line && *line != '#' && strncmp(line, "//", 2) != 0)
            command_run(d, line, COMMAND_FROM_SCRIPT);
    }
}

void script_boot(struct device *d) {
    run_startup(d);
    struct store_file_info info;
    if (store_file_find(&d->store, "autoexec.bat", &info) == STATUS_OK)
        thread_start(d, "autoexec.bat", "", 0);
}
