/* Stock firmware logs through a buffer of some 256 characters: of a long configuration it prints
 * the beginning, without end of line, and the next line follows at once:
 *
 *   pConfig:{bt_pin:20,net_t:180,samp_pin[01-01 18:12:15 TUYA Notice][lr:0x58b21] ,net_led ...
 *
 * So members are read one by one, and only those that are whole count. */
#include "codec/tuya/keys.h"
#include "codec/tuya/loose.h"
#include "workbench/inspector/textlines.h"

#include <string.h>

enum { KEY_MOST = 40, VALUE_MOST = 80 };

static const char *const marks[] = {"uf read string", "pConfig", "pBuf", "json cfg"};

/* A piece without quotes around it. */
static struct span_text trimmed(const char *text, size_t size) {
    while (size && (*text == '"' || *text == ' ' || *text == '\\')) {
        text++;
        size--;
    }
    while (size && strchr("\" \\", text[size - 1]))
        size--;
    return (struct span_text){text, size};
}

static bool is_word(struct span_text key) {
    for (size_t i = 0; i < key.size; i++)
        if (!text_is_alpha(key.text[i]) && !text_is_digit(key.text[i]) && key.text[i] != '_')
            return false;
    return key.size > 0 && key.size <= KEY_MOST;
}

static size_t length_to(struct span_text s, const char *stops) {
    size_t n = 0;
    while (n < s.size && !strchr(stops, s.text[n]))
        n++;
    return n;
}

static bool is_pin_key(struct span_text key) {
    char name[KEY_MOST + 1];
    struct text text = text_start(name, sizeof name);
    text_add_n(&text, key.text, key.size);
    const struct tuya_key *known = tuya_key_find(name);
    return known && (known->kind == TUYA_KEY_PIN || known->kind == TUYA_KEY_LEVEL);
}

static bool add(struct tuya_config *config, struct span_text key, struct span_text value) {
    bool number = loose_is_number(value.text, value.size);
    if (!is_word(key) || !value.size || value.size > VALUE_MOST || (is_pin_key(key) && !number))
        return false;
    tuya_config_add(config, key.text, key.size, value.text, value.size,
                    number ? TUYA_NUMBER : TUYA_STRING);
    return true;
}

/* Members from behind the mark to the end of the text or the first thing that is none; how many.
 * *whole: the closing bracket was reached. */
static size_t read_members(struct span_text s, struct tuya_config *config, bool *whole) {
    size_t count = 0;
    for (*whole = false; s.size;) {
        size_t key = length_to(s, ":,{}[]");
        if (key == s.size)
            break;
        char stop = s.text[key];
        size_t rest = key + 1, value = 0;
        if (stop == ':') {
            struct span_text behind = {s.text + rest, s.size - rest};
            value = length_to(behind, ",}[]{");
            bool ends = value < behind.size && strchr(",}]", behind.text[value]);
            bool fits = ends && add(config, trimmed(s.text, key), trimmed(behind.text, value));
            if (!fits && count)
                break;
            count += fits;
            rest += value; /* the delimiter begins the next member */
        } else if (stop == '}' || (stop == ']' && count)) {
            *whole = count > 0;
            break;
        } else if (stop == '[' && count) {
            break; /* the next line, glued on */
        }
        s.text += rest;
        s.size -= rest;
    }
    return count;
}

static size_t line_number(struct span_text all, const char *at) {
    size_t line = 1;
    for (const char *p = all.text; p < at; p++)
        line += *p == '\n';
    return line;
}

bool textlines_cut(struct span_text all, struct tuya_config *config, struct text_finding *finding) {
    size_t found = 0;
    for (size_t m = 0; m < sizeof marks / sizeof *marks; m++)
        for (struct span_text s = all;;) {
            const char *at = span_find(s, marks[m]);
            if (!at)
                break;
            const char *behind = at + strlen(marks[m]);
            s = (struct span_text){behind, (size_t)(all.text + all.size - behind)};
            const char *end = memchr(behind, '\n', s.size);
            bool whole;
            size_t count = read_members(
                (struct span_text){behind, end ? (size_t)(end - behind) : s.size}, config, &whole);
            if (count && !found) {
                finding->source = TEXT_SOURCE_BOOT_LOG;
                finding->form = marks[m];
                finding->line = line_number(all, at);
            }
            config->truncated |= count && !whole;
            found += count;
        }
    return found > 0;
}
