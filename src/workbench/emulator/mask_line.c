/* Two rules: the value after a telling word is hidden up to the next delimiter, and anything that
 * looks like a MAC address, a run of 16 and more hexadecimal digits or a list of bytes is hidden
 * wherever it is. */
#include "workbench/emulator/mask_line.h"

#include "base/text.h"

#include <string.h>

static const char *const words[] = {
    "get key",  "auth_key", "authkey", "psk_key", "psk30_key", "psk", "uuid",      "passwd",
    "password", "ssid",     "token",   "lckey",   "local_key", "mac", "devid",     "gw_id",
    "pwd",      "seckey",   "pskKey",  "ap_ssid", "pincode",   "hid", "serial_no",
};

/* Lines whose words behind the mark are secrets without a name: product, uuid, key. */
static const char *const unnamed[] = {"upd product_id type:"};

enum { HEX_RUN = 16, MAC_GROUPS = 6, BYTE_RUN = 12, WORD_RUN = 28, VALUE_LEAST = 5 };

/* Hides the value at `at`: quotes, blanks and separators before it stay. */
static bool hide_value(char *at) {
    at += strspn(at, "\"' \t:=[(");
    size_t length = strcspn(at, "\"',;}])\r\n");
    bool hidden = false;
    for (size_t i = 0; i < length; i++)
        if (at[i] != ' ' && at[i] != ':' && at[i] != '*') {
            at[i] = '*';
            hidden = true;
        }
    return hidden;
}

static bool boundary(char c) {
    return !text_is_alpha(c) && !text_is_digit(c);
}

static bool hide_after_words(char *line) {
    bool hidden = false;
    for (size_t w = 0; w < sizeof words / sizeof *words; w++)
        for (char *at = line; *at; at++) {
            char *end = at + strlen(words[w]);
            if (!text_starts(at, words[w]) || (at > line && !boundary(at[-1])))
                continue;
            if (*end == '"' || *end == ':' || *end == '=' || (*end == ' ' && end[1] == ':'))
                hidden |= hide_value(end);
        }
    return hidden;
}

static bool hide_unnamed(char *line) {
    bool hidden = false;
    for (size_t i = 0; i < sizeof unnamed / sizeof *unnamed; i++) {
        char *at = strstr(line, unnamed[i]);
        at = at ? strchr(at + strlen(unnamed[i]), ' ') : NULL; /* the product */
        while (at && (at = strchr(at + 1, ' ')))
            for (char *c = at + 1; *c && *c != ' '; c++) {
                *c = '*';
                hidden = true;
            }
    }
    return hidden;
}

bool mask_value(char *line, const uint8_t *value, size_t length) {
    bool hidden = false;
    if (length < VALUE_LEAST)
        return false;
    for (char *at = line; strlen(at) >= length; at++)
        if (memcmp(at, value, length) == 0) {
            memset(at, '*', length);
            hidden = true;
        }
    return hidden;
}

/* Length of a MAC address (pairs of hex digits with ':' or '-' between) at `at`, or 0. */
static size_t mac_length(const char *at) {
    size_t length = 0;
    for (int group = 0; group < MAC_GROUPS; group++, length += 2) {
        if (group && at[length] != ':' && at[length] != '-')
            return 0;
        length += group > 0;
        if (text_hex_digit(at[length]) < 0 || text_hex_digit(at[length + 1]) < 0)
            return 0;
    }
    return length;
}

/* The same written "2: 0: 0: a: 0: 1". */
static size_t spaced_mac_length(const char *at) {
    const char *p = at;
    for (int group = 0; group < MAC_GROUPS; group++) {
        if (group && *p++ != ':')
            return 0;
        p += group && *p == ' ';
        if (text_hex_digit(*p) < 0)
            return 0;
        p += text_hex_digit(p[1]) >= 0 ? 2 : 1;
    }
    return boundary(*p) ? (size_t)(p - at) : 0;
}

/* Letters and digits in one go, as keys have them and words do not. */
static size_t word_length(const char *at) {
    size_t length = 0;
    while (text_is_alpha(at[length]) || text_is_digit(at[length]))
        length++;
    return length;
}

/* Length of a list of at least BYTE_RUN bytes written "0x5e 0xe6 …" or "5e e6 …" at `at`, or 0. */
static size_t byte_list_length(const char *at) {
    size_t length = 0;
    int bytes = 0;
    for (const char *p = at;; bytes++) {
        p += p[0] == '0' && p[1] == 'x' ? 2 : 0;
        int digits = 0;
        while (digits < 2 && text_hex_digit(p[digits]) >= 0)
            digits++;
        if (digits == 0 || (p[digits] && p[digits] != ' ' && p[digits] != ','))
            break;
        length = (size_t)(p + digits - at);
        p += digits + (p[digits] != '\0');
    }
    return bytes >= BYTE_RUN ? length : 0;
}

static bool hide_shapes(char *line) {
    bool hidden = false;
    for (char *at = line; *at;) {
        size_t digits = 0, mac = mac_length(at), word = word_length(at);
        mac = mac ? mac : spaced_mac_length(at);
        size_t list = mac ? mac : byte_list_length(at);
        list = list || word < WORD_RUN ? list : word;
        while (text_hex_digit(at[digits]) >= 0)
            digits++;
        size_t hide = list ? list : digits >= HEX_RUN ? digits : 0;
        memset(at, '*', hide);
        hidden |= hide > 0;
        at += hide ? hide : digits ? digits : 1;
    }
    return hidden;
}

bool mask_line(char *line) {
    bool by_word = hide_after_words(line);
    by_word |= hide_unnamed(line);
    return hide_shapes(line) || by_word;
}
