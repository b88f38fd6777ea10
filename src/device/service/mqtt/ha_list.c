/* What was announced to Home Assistant last, kept in a file: a line with form, prefix, first part
 * of the unique ids and hash, then a line per entity. */
#include "device/service/mqtt/ha_list.h"

#include "device/service/mqtt/ha.h"
#include "device/service/mqtt/parts.h"

#define DEFAULT_PREFIX "homeassistant"

/* One line from *offset on; false at the end. */
bool ha_list_line(struct device *d, const struct store_file_info *file, uint32_t *offset,
                  char *line) {
    size_t n = store_file_read(&d->store, file, *offset, line, HA_LINE - 1);
    line[n] = '\0';
    char *end = strchr(line, '\n');
    if (!end)
        return false;
    *end = '\0';
    *offset += (uint32_t)(end - line) + 1;
    return true;
}

const char *ha_list_word(const char *p, char *out, size_t size) {
    struct text t = text_start(out, size);
    for (; *p && *p != ' '; p++)
        text_char(&t, *p);
    return *p ? p + 1 : p;
}

struct ha_list ha_list_head(struct device *d) {
    struct ha_list a = {.there = false};
    struct store_file_info file;
    char line[HA_LINE], hash[12];
    if (store_file_find(&d->store, HA_LIST_FILE, &file) != STATUS_OK ||
        !ha_list_line(d, &file, &a.lines_at, line))
        return a;
    const char *p = ha_list_word(line + (line[0] && line[1] ? 2 : 0), a.prefix, sizeof a.prefix);
    p = ha_list_word(p, a.base, sizeof a.base);
    ha_list_word(p, hash, sizeof hash);
    for (const char *digit = hash; *digit; digit++)
        a.hash = a.hash << 4 | ((unsigned)text_hex_digit(*digit) & 15U);
    a.form = line[0] == 'D' ? HA_FORM_DEVICE : HA_FORM_ENTITIES;
    a.there = a.prefix[0] && a.base[0];
    return a;
}

const char *ha_prefix(const struct device *d) {
    return d->config.ha_prefix[0] ? d->config.ha_prefix : DEFAULT_PREFIX;
}

void ha_base(const struct device *d, char *out, size_t size) {
    struct text t = text_start(out, size);
    ha_unique(&t, d, "");
}

struct writing {
    struct store_file_writer *writer;
    enum status status;
};

static bool write_entity(const struct ha_entity *e, void *context) {
    struct writing *w = context;
    char line[HA_LINE];
    struct text t = text_start(line, sizeof line);
    text_add(&t, e->component);
    text_char(&t, ' ');
    text_add(&t, e->id);
    text_char(&t, '\n');
    w->status = store_file_add(w->writer, line, t.length);
    return w->status == STATUS_OK;
}

enum status ha_list_write(struct device *d, uint32_t hash) {
    struct store_file_writer writer;
    struct writing w = {&writer, store_file_begin(&d->store, &writer, HA_LIST_FILE)};
    char line[HA_LINE], base[72];
    struct text t = text_start(line, sizeof line);
    if (w.status != STATUS_OK)
        return w.status;
    ha_base(d, base, sizeof base);
    text_add(&t, d->config.ha_form == HA_FORM_DEVICE ? "D " : "E ");
    text_add(&t, ha_prefix(d));
    text_char(&t, ' ');
    text_add(&t, base);
    text_char(&t, ' ');
    text_hex(&t, hash, 8);
    text_char(&t, '\n');
    w.status = store_file_add(&writer, line, t.length);
    if (w.status == STATUS_OK)
        ha_each(d, write_entity, &w);
    return w.status == STATUS_OK ? store_file_commit(&writer) : w.status;
}
