/* HTTP in scenarios: requests over a stream inside the process, and expectations on the body and
 * on JSON. */
#include "port/virtual/virtual_net.h"
#include "virtual/plug/scenario_json.h"
#include "virtual/plug/scenario_run.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef const struct scenario_arg *args_t;
#define OP(name)    void scenario_##name(struct scenario *s, args_t a, unsigned n)
#define DEVICE      (&s->plug.device)
#define HTTP_PORT   80
#define CLIENT      0x7F000001u
#define PIECE       4096
#define QUIET_TURNS 200 /* frames without a byte until the reply counts as ended */

struct bytes_out {
    char *data;
    size_t size;
};

static void append(struct bytes_out *out, const void *data, size_t size) {
    char *grown = realloc(out->data, out->size + size + 1);
    if (!grown)
        abort();
    memcpy(grown + out->size, data, size);
    out->data = grown;
    out->size += size;
    grown[out->size] = 0;
}

static void append_text(struct bytes_out *out, const char *text) {
    append(out, text, strlen(text));
}

/* Blanks are the only characters of a path that would end it. */
static void append_path(struct bytes_out *out, const char *path) {
    if (*path != '/')
        append_text(out, "/");
    for (; *path; path++)
        if (*path == ' ')
            append_text(out, "%20");
        else
            append(out, path, 1);
}

static struct bytes_out request(const char *method, const char *path, const char *body,
                                size_t size) {
    struct bytes_out out = {0};
    char line[96];
    append_text(&out, method);
    append_text(&out, " ");
    append_path(&out, path);
    append_text(&out, " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n");
    if (body) {
        snprintf(line, sizeof line, "Content-Length: %zu\r\n", size);
        append_text(&out, line);
    }
    append_text(&out, "\r\n");
    if (body)
        append(&out, body, size);
    return out;
}

/* Sends all and reads until the device closes; long bodies take a frame now and then. */
static struct bytes_out exchange(struct scenario *s, const struct bytes_out *send) {
    struct virtual_net *net = s->plug.net;
    struct bytes_out got = {0};
    char piece[PIECE];
    size_t sent = 0;
    int stream = virtual_net_connect(net, DEVICE, HTTP_PORT, CLIENT);
    for (unsigned quiet = 0; stream >= 0 && quiet < QUIET_TURNS; quiet++) {
        sent += virtual_net_send(net, DEVICE, stream, send->data + sent, send->size - sent);
        size_t size = virtual_net_receive(net, DEVICE, stream, piece, sizeof piece);
        if (size) {
            append(&got, piece, size);
            quiet = 0;
        } else if (!virtual_net_open(net, stream)) {
            break;
        } else {
            plug_frame(&s->plug);
        }
    }
    virtual_net_close(net, DEVICE, stream);
    return got;
}

static struct bytes_out unchunked(const char *p, const char *end) {
    struct bytes_out out = {0};
    while (p < end) {
        char *after;
        size_t size = strtoul(p, &after, 16);
        if (after == p || !size || after + 2 + size > end)
            break;
        append(&out, after + 2, size);
        p = after + 2 + size + 2;
    }
    return out;
}

static void perform(struct scenario *s, const char *method, const char *path,
                    const struct scenario_text *body) {
    struct bytes_out send =
        request(method, path, body ? body->data : NULL, body ? body->length : 0);
    struct bytes_out got = exchange(s, &send);
    free(send.data);
    free(s->body.data);
    s->body = (struct scenario_text){0};
    struct bytes_out out = {0};
    char *start = got.data ? strstr(got.data, "\r\n\r\n") : NULL;
    if (start) {
        *start = 0;
        bool chunked = strstr(got.data, "Transfer-Encoding: chunked") != NULL;
        if (chunked)
            out = unchunked(start + 4, got.data + got.size);
        else
            append(&out, start + 4, (size_t)(got.data + got.size - start - 4));
    }
    if (!out.data)
        append_text(&out, "");
    free(got.data);
    s->body = (struct scenario_text){out.data, out.size};
}

static void body_is_document(struct scenario *s) {
    free(s->document);
    s->document = strdup(s->body.data);
}

OP(http_get) {
    (void)n;
    perform(s, "GET", a[0].text.data, NULL);
}
OP(http_post) {
    (void)n;
    perform(s, "POST", a[0].text.data, &a[1].text);
}
OP(http_json) {
    (void)n;
    perform(s, "GET", a[0].text.data, NULL);
    body_is_document(s);
}
OP(http_post_json) {
    (void)n;
    perform(s, "POST", a[0].text.data, &a[1].text);
    body_is_document(s);
}

/* One start tag: does it begin with `tag` and hold every attr="value"? */
static bool tag_holds(const char *start, const char *end, args_t a, unsigned n) {
    size_t length = strlen(a[1].text.data);
    if ((size_t)(end - start) < length || memcmp(start, a[1].text.data, length) != 0)
        return false;
    for (unsigned i = 2; i + 1 < n; i += 2) {
        char pair[512];
        int size = snprintf(pair, sizeof pair, "%s=\"%s\"", a[i].text.data, a[i + 1].text.data);
        bool found = false;
        for (const char *p = start; size > 0 && p + size <= end && !found; p++)
            found = memcmp(p, pair, (size_t)size) == 0;
        if (!found)
            return false;
    }
    return true;
}

OP(expect_element) {
    bool wanted = strcmp(a[0].text.data, "present") == 0, found = false;
    if (!wanted && strcmp(a[0].text.data, "absent") != 0) {
        scenario_bad(s, "present or absent", a[0].text.data);
        return;
    }
    for (const char *p = s->body.data ? s->body.data : ""; (p = strchr(p, '<')) != NULL; p++) {
        const char *end = strchr(p, '>');
        found |= end && tag_holds(p + 1, end, a, n);
    }
    scenario_check(s, found == wanted, wanted ? "such an element" : "no such element",
                   found ? "one" : "none");
}

/* The value and, for texts, an alternative: what follows the kind in the line. */
struct wanted {
    struct scenario_text text, other;
    double number;
    bool given;
};

static struct wanted wanted_read(struct scenario *s, const char *p, bool number) {
    struct wanted w = {{"", 0}, {"", 0}, NAN, false};
    if (!*p)
        return w;
    w.given = true;
    if (number) {
        w.number = scenario_expression(s, &p, true);
    } else {
        scenario_read_text(s, &p, &w.text);
        p += strspn(p, " \t");
        w.other = w.text;
        if (*p)
            scenario_read_text(s, &p, &w.other);
    }
    if (*p && !s->bad[0] && !s->missing[0])
        scenario_bad(s, "the end of the line", p);
    return w;
}

static int json_holds(const char *kind, const struct json_value *v, const char *text,
                      const struct wanted *w) {
    double number = v->kind == JSON_NUMBER ? strtod(v->start, NULL) : NAN;
    if (strcmp(kind, "str") == 0)
        return (v->kind == JSON_TEXT || v->kind == JSON_NONE) &&
               (strcmp(text, w->text.data) == 0 || strcmp(text, w->other.data) == 0);
    if (strcmp(kind, "starts") == 0)
        return v->kind == JSON_TEXT && strncmp(text, w->text.data, w->text.length) == 0;
    if (strcmp(kind, "int") == 0)
        return trunc(number) == trunc(w->number);
    if (strcmp(kind, "num") == 0)
        return fabs(number - w->number) < 0.001;
    if (strcmp(kind, "blank") == 0)
        return v->kind != JSON_TEXT || !*text;
    return strcmp(kind, "exists") == 0 ? v->kind != JSON_NONE : -1;
}

OP(expect_json) {
    const char *kind = a[1].text.data;
    bool number = strcmp(kind, "int") == 0 || strcmp(kind, "num") == 0;
    struct wanted w = wanted_read(s, n > 2 ? a[2].text.data : "", number);
    struct json_value v = scenario_json_find(s->document ? s->document : "", a[0].text.data);
    struct scenario_text text = scenario_json_text(s, &v);
    if (s->bad[0] || s->missing[0])
        return;
    int good = json_holds(kind, &v, text.data, &w);
    if (good < 0) {
        scenario_bad(s, "one of str starts int num blank exists", kind);
        return;
    }
    const char *expected = !w.given ? kind
                           : number ? scenario_number_text(s, w.number)
                                    : w.text.data;
    scenario_check(s, good > 0, expected,
                   v.kind == JSON_NONE ? "nothing at that place" : text.data);
}
