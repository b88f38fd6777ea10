/* The classic pages: plain HTML from the plug for whoever has no script or asks by old bookmarks
 * (curl, text browsers, scripts that read /index). Browsers that take compressed pages get the real
 * ones for the same paths; arguments act here, whoever sends them.
 * Source: openshwprojects/OpenBK7231T_App: src/httpserver/http_fns.c. */
#include "device/clock.h"
#include "device/device.h"
#include "device/script/command.h"
#include "device/service/http/http.h"
#include "device/service/rest/rest.h"
#include "device/service/rest/web_buttons.h"
#include "device/version.h"

enum { VALUE = 40, ALL_ON = 255, RESTART_S = 3 };

static void page_end(struct device *d, struct text *out) {
    text_add(out, "<p><a href=\"/cfg\">Config</a> | <a href=\"/logs\">Log</a> | "
                  "<a href=\"/about\">About</a></p><p>" DEVICE_BUILD_TEXT "<br>Online for "
                  "<span id=\"onlineFor\" data-initial=\"");
    text_uint(out, d->uptime_s);
    text_add(out, "\">-</span><br>Short name: ");
    text_html(out, d->config.short_name);
    text_add(out, ", Chipset ");
    text_html(out, d->hal.chip.name);
    text_add(out, "</p></div></body></html>");
}

void classic_head(struct device *d, struct text *out, const char *title) {
    text_add(out, "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>");
    text_html(out, d->config.long_name);
    text_add(out, " - ");
    text_add(out, title);
    text_add(out, "</title></head><body><div id=\"main\"><h1><a href=\"/index\">");
    text_html(out, d->config.long_name);
    text_add(out, "</a></h1>");
}

void classic_end(struct device *d, struct text *out) {
    page_end(d, out);
}

/* --- actions of /index --- */

static void feedback(struct text *out, const char *before, const char *what, const char *after) {
    text_add(out, "<h3>");
    text_add(out, before);
    text_html(out, what);
    text_add(out, after);
    text_add(out, "</h3>");
}

static const char *name_of(const struct device *d, int channel, char number[VALUE]) {
    struct text text = text_start(number, VALUE);
    text_int(&text, channel);
    const char *name = channel_label(d, channel);
    return name ? name : number;
}

static void switched(struct device *d, struct http_exchange *x, struct text *out) {
    char number[VALUE];
    int channel = (int)http_arg_int(x, "tgl", -1);
    if (channel >= 0) {
        channel_toggle(d, channel);
        feedback(out, "Toggled ", name_of(d, channel, number), "!");
    }
    channel = (int)http_arg_int(x, "on", -1);
    if (channel >= 0) {
        channel_set(d, channel, ALL_ON, 0);
        feedback(out, "Enabled ", name_of(d, channel, number), "!");
    }
    channel = (int)http_arg_int(x, "off", -1);
    if (channel >= 0) {
        channel_set(d, channel, 0, 0);
        feedback(out, "Disabled ", name_of(d, channel, number), "!");
    }
}

static void valued(struct device *d, struct http_exchange *x, struct text *out) {
    static const struct {
        const char *value, *index, *said;
    } rows[] = {{"pwm", "pwmIndex", "Changed pwm "},
                {"dim", "dimIndex", "Changed dim "},
                {"set", "setIndex", "Changed "}};
    char number[VALUE], text[VALUE];
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
        int channel = (int)http_arg_int(x, rows[i].index, -1);
        if (channel < 0 || http_arg(x, rows[i].value, text, sizeof text) <= 0)
            continue;
        channel_set(d, channel, (int32_t)http_arg_int(x, rows[i].value, 0), 0);
        feedback(out, rows[i].said, name_of(d, channel, number), "!");
    }
}

static void coloured(struct device *d, struct http_exchange *x, struct text *out) {
    char text[VALUE], line[VALUE + 24];
    if (http_arg(x, "rgb", text, sizeof text) <= 0)
        return;
    struct text command = text_start(line, sizeof line);
    text_add(&command, "led_basecolor_rgb ");
    text_add(&command, text[0] == '#' ? text + 1 : text);
    if (command_run(d, line, COMMAND_FROM_HTTP) == COMMAND_OK)
        feedback(out, "Set ", text, "!");
}

static void act(struct device *d, struct http_exchange *x, struct text *out) {
    text_add(out, "<div id=\"changed\">");
    switched(d, x, out);
    valued(d, x, out);
    coloured(d, x, out);
    if (http_arg_int(x, "act", -1) >= 0)
        web_button_press(d, (unsigned)http_arg_int(x, "act", -1));
    if (http_arg_int(x, "restart", 0)) {
        device_restart(d, RESTART_S);
        feedback(out, "", "Restarting in 3 s", "");
    }
    if (http_arg_int(x, "unsafe", 0) && d->safe) {
        device_restart(d, RESTART_S);
        feedback(out, "", "Leaving safe mode by a restart in 3 s", "");
    }
    text_add(out, "</div>");
}

static void state_more(struct device *d, struct http_exchange *x) {
    if (classic_state(d, x->cursor[0]++, &x->out))
        return;
    x->more = NULL;
    if (x->cursor[1])
        text_add(&x->out, "</div>");
    if (x->cursor[1])
        page_end(d, &x->out);
}

static void index_page(struct device *d, struct http_exchange *x) {
    char text[VALUE];
    bool state = http_arg(x, "state", text, sizeof text) >= 0;
    if (!*x->query && x->accepts_gzip)
        return; /* the real page */
    if (*x->query && !state && (x->role < HTTP_ADMIN || http_is_foreign(d, x))) {
        http_error(x, 403, "this needs the password of admin");
        return;
    }
    http_begin(x, 200, "text/html");
    x->more = state_more;
    if (state)
        return;
    x->cursor[1] = 1;
    classic_head(d, &x->out, "Index");
    act(d, x, &x->out);
    text_add(&x->out, "<div id=\"state\">");
}

static void root(struct device *d, struct http_exchange *x) {
    (void)d;
    if (!x->accepts_gzip)
        http_redirect(x, "/index");
}

static void clock(struct device *d, struct http_exchange *x) {
    int64_t epoch = http_arg_int(x, "EPOCH", 0), offset = http_arg_int(x, "OFFSET", 0);
    char zone[VALUE];
    struct text text = text_start(zone, sizeof zone);
    if (epoch > 0)
        clock_set(d, epoch);
    if (offset > -86400 && offset < 86400 && offset) {
        int64_t minutes = (offset < 0 ? -offset : offset) / 60;
        text_add(&text, offset < 0 ? "-" : "");
        text_int(&text, minutes / 60);
        text_add(&text, minutes % 60 < 10 ? ":0" : ":");
        text_int(&text, minutes % 60);
        clock_set_zone(d, zone);
    }
    http_redirect(x, "/index");
}

static void test_message(struct device *d, struct http_exchange *x) {
    (void)d;
    http_text(x, 200, "text/plain", "test message");
}

const struct http_route classic_routes[] = {
    {HTTP_GET | HTTP_POST, HTTP_VIEW, false, "/", root, NULL, NULL, NULL, NULL},
    {HTTP_GET | HTTP_POST | HTTP_PUT, HTTP_VIEW, false, "/index", index_page, NULL,
     "the classic page; state=1: only its live part",
     "tgl, on, off=channel; set, dim, pwm=value with setIndex, dimIndex, pwmIndex=channel; rgb; "
     "restart; unsafe",
     "HTML"},
    {HTTP_GET | HTTP_POST, HTTP_ADMIN, true, "/pmntp", clock, NULL, "sets the clock",
     "EPOCH, OFFSET in seconds", NULL},
    {HTTP_GET, HTTP_VIEW, false, "/testmsg", test_message, NULL, NULL, NULL, NULL},
    {0},
};
