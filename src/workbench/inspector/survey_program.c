/* What an application calls itself: the strings that Tuya's SDKs and OpenBeken compile in. Strings
 * are looked for by a rare word in them, so the whole application is passed over once per word. */
#include "workbench/inspector/survey.h"

#include "base/text.h"

#include <stdio.h>

static bool is_word(uint8_t c) {
    return text_is_alpha((char)c) || text_is_digit((char)c) || c == '_';
}

/* The NUL-terminated string at `at`, cut at any of `stop`. */
static void take(struct span code, size_t at, const char *stop, char *out, size_t size) {
    size_t n = 0;
    while (at + n < code.size && n + 1 < size && code.data[at + n] >= 0x20 &&
           code.data[at + n] < 0x7F && !strchr(stop, code.data[at + n]))
        n++;
    memcpy(out, code.data + at, n);
    out[n] = '\0';
}

static size_t find(struct span code, size_t from, const char *text) {
    return bytes_find(code.data, code.size, from, text, strlen(text));
}

/* "< TUYA IOT SDK V:2.3.3 BS:… >" and "< BUILD AT:2022_04_21_00_35_16 BY … >" */
static void read_sdk(struct span code, struct survey_app *out) {
    static const char *const heads[] = {"< TUYA IOT SDK V:", "< TuyaOS V:"};
    for (int i = 0; i < 2 && !out->tuya; i++) {
        size_t at = find(code, 0, heads[i]);
        if (at == SIZE_MAX)
            continue;
        char version[24];
        take(code, at + strlen(heads[i]), " >", version, sizeof version);
        snprintf(out->sdk, sizeof out->sdk, "%s %s", i ? "TuyaOS" : "Tuya IoT SDK", version);
        out->tuya = true;
    }
    size_t at = find(code, 0, "< BUILD AT:");
    if (at != SIZE_MAX)
        take(code, at + 11, " >", out->build, sizeof out->build);
    if (strlen(out->build) >= 16 && out->build[4] == '_' && out->build[13] == '_') {
        out->build[4] = out->build[7] = '-'; /* as people write it: 2022-04-21 00:35 */
        out->build[10] = ' ';
        out->build[13] = ':';
        out->build[16] = '\0';
    }
}

/* Takes "1.1.17" if that is what stands there. */
static void read_version(struct span code, size_t at, struct survey_app *out) {
    char text[16];
    int dots = 0;
    take(code, at, "", text, sizeof text);
    for (const char *c = text; *c; c++) {
        dots += *c == '.';
        if (*c != '.' && !text_is_digit(*c))
            return;
    }
    if (dots == 2 && text_is_digit(*text))
        snprintf(out->version, sizeof out->version, "%s", text);
}

/* The project's name is a string of its own such as oem_bk7231n_plug or bk7231n_common_…_ty; a
 * version often stands beside it. */
static bool read_project(struct span code, struct survey_app *out) {
    for (size_t at = 0; (at = find(code, at, "bk7231")) != SIZE_MAX; at += 6) {
        size_t start = at, end = at;
        while (start > 0 && is_word(code.data[start - 1]))
            start--;
        while (end < code.size && is_word(code.data[end]))
            end++;
        bool whole =
            (start == 0 || code.data[start - 1] == 0) && end < code.size && code.data[end] == 0;
        bool named = end - at > 8 && code.data[at + 7] == '_' && (start == at || at - start == 4);
        if (!whole || !named || end - start >= sizeof out->name)
            continue;
        take(code, start, "", out->name, sizeof out->name);
        while (end < code.size && code.data[end] == 0)
            end++;
        read_version(code, end, out);
        return out->tuya = true;
    }
    return false;
}

/* OpenBeken builds carry "OpenBK7231N_1.17.551"; the name that occurs most is the right one. */
static void read_openbeken(struct span code, struct survey_app *out) {
    unsigned best = 0;
    for (size_t at = 0; (at = find(code, at, "OpenB")) != SIZE_MAX; at += 5) {
        char text[SURVEY_TEXT];
        take(code, at, " \"/<>", text, sizeof text);
        char *mark = strchr(text, '_');
        if (!mark || mark - text < 7 || !text_is_digit(text[6]))
            continue;
        unsigned count = 0;
        for (size_t i = 0; count < 99 && (i = bytes_find(code.data, code.size, i, text,
                                                         (size_t)(mark - text))) != SIZE_MAX;
             i++)
            count++;
        if (count <= best)
            continue;
        best = count;
        *mark = '\0';
        snprintf(out->name, sizeof out->name, "%s", text);
        if (text_is_digit(mark[1]))
            snprintf(out->version, sizeof out->version, "%.39s", mark + 1);
        out->openbeken = true;
    }
}

void survey_read_program(struct span code, struct survey_app *out) {
    *out = (struct survey_app){0};
    if (code.size == 0)
        return;
    read_sdk(code, out);
    if (!read_project(code, out) && !out->tuya)
        read_openbeken(code, out);
}
