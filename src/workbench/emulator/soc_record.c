/* Parsing of the emulator's lines: a keyword, numbers, and the rest of the line as escaped text. */
#include "workbench/emulator/soc_client.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* Fields after the time: d decimal, x hexadecimal, c one character, n ticks, h hash, t text, b
 * bytes in hex. They fill a, b, c in turn. */
static const struct {
    const char *word;
    enum soc_kind kind;
    bool timed;
    const char *fields;
} forms[] = {
    {"chip", SOC_CHIP, false, "t"},
    {"log", SOC_LOG, true, "dt"},
    {"said", SOC_SAID, true, "dt"},
    {"serial", SOC_SERIAL, true, "dcb"},
    {"pin", SOC_PIN, true, "dxx"},
    {"baud", SOC_BAUD, true, "dd"},
    {"pwm", SOC_PWM, true, "ddd"},
    {"text", SOC_TEXT, true, "t"},
    {"unmapped", SOC_UNMAPPED, true, "0xx"},
    {"reset", SOC_RESET, true, ""},
    {"sleep", SOC_SLEEP, true, "n0x"},
    {"wake", SOC_WAKE, true, "d"},
    {"mcu", SOC_MCU, true, "t"},
    {"level", SOC_LEVEL, true, "dxd"},
    {"press", SOC_PRESS, true, "ddd"},
    {"moved", SOC_MOVED, true, "dxx"},
    {"counted", SOC_COUNTED, true, "ddd"},
    {"rest", SOC_REST, true, ""},
    {"hold", SOC_HOLD, true, "d"},
    {"blinks", SOC_BLINKS, true, "ddd"},
    {"at", SOC_AT, true, ""},
    {"registers", SOC_REGISTERS, false, "b"},
    {"memory", SOC_MEMORY, false, "b"},
    {"refused", SOC_REFUSED, false, ""},
    {"stopped", SOC_STOPPED, true, ""},
    {"end", SOC_END, true, "nht"},
};

static size_t unescape(char *text) {
    char *out = text;
    for (const char *in = text; *in;) {
        int high = in[0] == '\\' && in[1] == 'x' ? text_hex_digit(in[2]) : -1;
        int low = high >= 0 ? text_hex_digit(in[3]) : -1;
        char decoded = *in;
        if (low >= 0)
            decoded = (char)(high << 4 | low);
        *out++ = decoded;
        in += low >= 0 ? 4 : 1;
    }
    *out = '\0';
    return (size_t)(out - text);
}

static size_t unhex(char *text) {
    size_t size = 0;
    for (; text_hex_digit(text[2 * size]) >= 0 && text_hex_digit(text[2 * size + 1]) >= 0; size++)
        text[size] =
            (char)(text_hex_digit(text[2 * size]) << 4 | text_hex_digit(text[2 * size + 1]));
    return size;
}

static bool number(char **at, int base, uint64_t *out) {
    char *end;
    *out = strtoull(*at, &end, base);
    if (end == *at)
        return false;
    *at = *end == ' ' ? end + 1 : end;
    return true;
}

static bool field(char **at, char kind, struct soc_record *out, int *slot) {
    uint32_t *slots[] = {&out->a, &out->b, &out->c};
    uint64_t value = 0;
    switch (kind) {
    case 't':
        out->text_size = unescape(*at);
        out->text = *at;
        return true;
    case 'b':
        out->text_size = unhex(*at);
        out->text = *at;
        return true;
    case 'c':
        *slots[(*slot)++] = (uint8_t) * *at;
        *at += **at ? 2 : 0;
        return true;
    case 'n':
        return number(at, 10, &out->ticks);
    case 'h':
        return number(at, 16, &out->hash);
    case '0':
        (*slot)++;
        return true;
    default:
        if (!number(at, kind == 'x' ? 16 : 10, &value))
            return false;
        *slots[(*slot)++] = (uint32_t)value;
        return true;
    }
}

/* "bk7231n encrypted 0": name, key, turned. */
static void split_chip(struct soc_record *out) {
    char *key = strchr(out->text, ' ');
    if (!key)
        return;
    *key++ = '\0';
    out->text_size = strlen(out->text);
    out->a = *key == 'e';
    char *turned = strchr(key, ' ');
    out->b = turned && turned[1] == '1';
}

bool soc_parse_line(char *line, struct soc_record *out) {
    size_t length = strcspn(line, " ");
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (strlen(forms[i].word) != length || strncmp(forms[i].word, line, length) != 0)
            continue;
        char *at = line[length] ? line + length + 1 : line + length;
        int slot = 0;
        out->kind = forms[i].kind;
        out->text = "";
        if (forms[i].timed && !number(&at, 10, &out->us))
            return false;
        for (const char *f = forms[i].fields; *f; f++)
            if (!field(&at, *f, out, &slot))
                return false;
        if (out->kind == SOC_CHIP)
            split_chip(out);
        return true;
    }
    return false;
}
