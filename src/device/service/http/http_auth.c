/* Who may: HTTP Basic with one password to change things and, if set, another one only to look; and
 * the rule that other sites' pages in somebody's browser may neither act on the plug nor read it.
 * The application chosen in the settings ("webapp") is the exception: it is a page of another site
 * that is meant to. */
#include "device/device.h"
#include "device/service/http/http_private.h"

enum { FLAG_OPEN_IN_SAFE_MODE = 44, DENIED_MAX = 10, DENIED_PAUSE_MS = 3000 };

bool http_same_secret(const char *given, const char *secret) {
    size_t length = strlen(secret), at = 0;
    unsigned differs = 0;
    for (const char *p = given; *p; p++) {
        differs |= (unsigned)(uint8_t)*p ^ (unsigned)(uint8_t)(length ? secret[at] : 0xFF);
        at = length && at + 1 < length ? at + 1 : 0;
    }
    return !(differs | (strlen(given) != length));
}

static int base64_digit(char c) {
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (text_is_digit(c))
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

static bool base64_decode(const char *p, char *out, size_t size) {
    uint32_t bits = 0, count = 0;
    size_t at = 0;
    for (; *p && *p != '=' && *p != ' '; p++) {
        int digit = base64_digit(*p);
        if (digit < 0)
            return false;
        bits = bits << 6 | (uint32_t)digit;
        count += 6;
        if (count >= 8) {
            count -= 8;
            if (at + 1 >= size)
                return false;
            out[at++] = (char)(bits >> count);
        }
    }
    out[at] = 0;
    return true;
}

static bool open_to_all(const struct device *d) {
    return !d->config.web_password[0] || (d->safe && settings_flag(d, FLAG_OPEN_IN_SAFE_MODE));
}

enum http_role http_credentials(struct device *d, const char *value) {
    char pair[128], *colon;
    if (open_to_all(d))
        return HTTP_ADMIN;
    if (d->http.denied >= DENIED_MAX && d->now_ms - d->http.denied_ms < DENIED_PAUSE_MS)
        return HTTP_ANYONE; /* guessing is slow */
    if (!value || !text_starts(value, "Basic ") || !base64_decode(value + 6, pair, sizeof pair))
        return HTTP_ANYONE;
    colon = strchr(pair, ':');
    if (!colon)
        return HTTP_ANYONE;
    *colon = 0;
    bool admin = http_same_secret(colon + 1, d->config.web_password) && text_same(pair, "admin");
    bool view = http_same_secret(colon + 1, d->config.view_password) &&
                d->config.view_password[0] && text_same(pair, "view");
    if (admin || view) {
        d->http.denied = 0;
        return admin ? HTTP_ADMIN : HTTP_VIEW;
    }
    d->http.denied++;
    d->http.denied_ms = d->now_ms;
    return HTTP_ANYONE;
}

/* "https://a.example/x/y" has the origin "https://a.example". */
static size_t origin_length(const char *url) {
    const char *host = strstr(url, "://");
    return host ? (size_t)(host - url) + 3 + strcspn(host + 3, "/") : 0;
}

bool http_origin_known(const struct device *d, const struct http_exchange *x) {
    const char *host = strstr(x->origin, "://");
    if (!x->origin[0] || (host && text_same(host + 3, x->host)))
        return true;
    size_t length = origin_length(d->config.webapp_root);
    return length && strlen(x->origin) == length &&
           memcmp(x->origin, d->config.webapp_root, length) == 0;
}

bool http_is_foreign(const struct device *d, const struct http_exchange *x) {
    return !http_origin_known(d, x) || (!x->origin[0] && x->foreign);
}
