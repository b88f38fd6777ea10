/* Settings: loading, saving, printing and parsing by the table. What differs from the store is
 * found by comparing, so nothing has to remember which field was touched. */
#include "device/store/settings.h"

#include "base/bytes.h"
#include "base/text.h"
#include "codec/openbeken/flags.h"
#include "device/device.h"
#include "device/store/files.h"
#include "device/store/migrate.h"

static uint8_t *field(const struct device *d, const struct setting *s) {
    return (uint8_t *)&d->config + s->offset;
}

static int64_t number(const struct device *d, const struct setting *s) {
    const uint8_t *p = field(d, s);
    int32_t value = 0;
    uint16_t word;
    switch (s->size) {
    case 1:
        return *p;
    case 2:
        memcpy(&word, p, 2);
        return word;
    default:
        memcpy(&value, p, 4);
        return s->type == SETTING_UINT ? (int64_t)(uint32_t)value : value;
    }
}

const struct setting *setting_find(const char *name) {
    for (size_t i = 0; i < settings_count; i++)
        if (text_same(settings_table[i].name, name))
            return &settings_table[i];
    return NULL;
}

void setting_print(const struct device *d, const struct setting *s, char *buffer, size_t size) {
    struct text text = text_start(buffer, size);
    if (s->type == SETTING_TEXT)
        text_add(&text, (const char *)field(d, s));
    else if (s->type == SETTING_BYTES)
        for (unsigned i = 0; i < s->size; i++)
            text_hex(&text, field(d, s)[i], 2);
    else
        text_int(&text, number(d, s));
}

const char *setting_text(const struct device *d, const struct setting *s) {
    return s->type == SETTING_TEXT ? (const char *)field(d, s) : "";
}

/* Into `to`; NULL: only checked. */
static enum status parse_text(uint8_t *to, const struct setting *s, const char *text) {
    size_t length = strlen(text);
    if (length >= s->size)
        return STATUS_BAD_LENGTH;
    if (!to)
        return STATUS_OK;
    memset(to, 0, s->size);
    memcpy(to, text, length + 1);
    return STATUS_OK;
}

static enum status parse_bytes(uint8_t *to, const struct setting *s, const char *text) {
    if (strlen(text) != 2u * s->size)
        return STATUS_BAD_LENGTH;
    for (unsigned i = 0; i < 2u * s->size; i++)
        if (text_hex_digit(text[i]) < 0)
            return STATUS_BAD_VALUE;
    for (unsigned i = 0; to && i < s->size; i++)
        to[i] = (uint8_t)(text_hex_digit(text[2 * i]) << 4 | text_hex_digit(text[2 * i + 1]));
    return STATUS_OK;
}

static enum status parse_number(uint8_t *to, const struct setting *s, const char *text) {
    bool minus = *text == '-';
    int64_t value = 0;
    text += minus;
    if (!text_is_digit(*text))
        return STATUS_BAD_VALUE;
    for (; text_is_digit(*text) && value <= UINT32_MAX; text++)
        value = value * 10 + (*text - '0');
    value = minus ? -value : value;
    int64_t high = s->high;
    if (s->type == SETTING_UINT && high == -1)
        high = UINT32_MAX;
    if (*text || value < s->low || value > high)
        return STATUS_BAD_VALUE;
    if (!to)
        return STATUS_OK;
    uint32_t bits = (uint32_t)value;
    uint16_t word = (uint16_t)bits;
    if (s->size == 1)
        *to = (uint8_t)bits;
    else
        memcpy(to, s->size == 2 ? (const void *)&word : (const void *)&bits, s->size);
    return STATUS_OK;
}

static enum status parse(uint8_t *to, const struct setting *s, const char *text) {
    return s->type == SETTING_TEXT    ? parse_text(to, s, text)
           : s->type == SETTING_BYTES ? parse_bytes(to, s, text)
                                      : parse_number(to, s, text);
}

enum status setting_check(const struct setting *s, const char *text) {
    return parse(NULL, s, text);
}

enum status setting_parse(struct device *d, const struct setting *s, const char *text) {
    enum status status = parse(field(d, s), s, text);
    if (status == STATUS_OK)
        settings_changed(d);
    return status;
}

bool settings_flag(const struct device *d, unsigned index) {
    return index < 64 && (settings_flags(d) >> index & 1);
}

uint64_t settings_flags(const struct device *d) {
    return d->config.flags | (uint64_t)d->config.flags2 << 32;
}

void settings_set_flags(struct device *d, uint64_t flags) {
    if (flags == settings_flags(d))
        return;
    d->config.flags = (uint32_t)flags;
    d->config.flags2 = (uint32_t)(flags >> 32);
    settings_changed(d);
}

enum status settings_set_flag(struct device *d, unsigned index, bool on) {
    if (index >= OBK_FLAG_COUNT)
        return STATUS_BAD_ARGUMENT;
    uint64_t bit = (uint64_t)1 << index;
    settings_set_flags(d, on ? settings_flags(d) | bit : settings_flags(d) & ~bit);
    return STATUS_OK;
}

void settings_changed(struct device *d) {
    d->config_dirty = true;
}

/* Texts that are longer than a record live in a file of the core's own. */
static const char *file_name(const struct setting *s, char buffer[32]) {
    struct text text = text_start(buffer, 32);
    text_char(&text, '@');
    text_add(&text, s->name);
    return buffer;
}

static bool in_file(const struct setting *s) {
    return s->size > STORE_VALUE_MAX;
}

static size_t stored_size(const struct device *d, const struct setting *s) {
    return s->type == SETTING_TEXT ? strlen((const char *)field(d, s)) : s->size;
}

static bool file_same(struct store *store, const struct store_file_info *file, const uint8_t *data,
                      size_t size) {
    uint8_t piece[64];
    size_t got;
    if (file->size != size)
        return false;
    for (uint32_t at = 0; at < size; at += (uint32_t)got) {
        got = store_file_read(store, file, at, piece, sizeof piece);
        if (!got || memcmp(piece, data + at, got) != 0)
            return false;
    }
    return true;
}

static enum status save_in_file(struct device *d, const struct setting *s) {
    char name[32];
    struct store_file_info file;
    size_t size = stored_size(d, s);
    bool there = store_file_find(&d->store, file_name(s, name), &file) == STATUS_OK;
    if (there ? file_same(&d->store, &file, field(d, s), size) : size == 0)
        return STATUS_OK;
    return store_file_write(&d->store, name, field(d, s), size);
}

static enum status save_one(struct device *d, const struct setting *s) {
    if (in_file(s))
        return save_in_file(d, s);
    return store_put(&d->store, (uint16_t)(STORE_KEY_SETTING + s->key), field(d, s),
                     stored_size(d, s));
}

enum status settings_save(struct device *d) {
    enum status first = STATUS_OK;
    if (!d->store.sectors)
        return STATUS_UNSUPPORTED;
    if (d->config_dirty)
        d->config.change_counter++;
    d->config_dirty = false;
    for (size_t i = 0; i < settings_count; i++) {
        enum status status = save_one(d, &settings_table[i]);
        if (status != STATUS_OK && first == STATUS_OK)
            first = status;
    }
    if (first != STATUS_OK)
        device_log2(d, LOG_ERROR, "store", "settings not saved: ", status_text(first));
    return first;
}

static const struct obk_chip *own_chip(const struct device *d) {
    const struct obk_chip *chip = obk_chip_find(d->hal.chip.name ? d->hal.chip.name : "BK7231N");
    return chip ? chip : obk_chip_find("BK7231N");
}

static void defaults(struct device *d) {
    uint8_t mac[6] = {0};
    if (d->hal.wifi_mac)
        d->hal.wifi_mac(d->hal.context, mac);
    obk_config_defaults(&d->config, own_chip(d), mac);
}

void settings_factory(struct device *d) {
    defaults(d);
    settings_changed(d);
}

static void load_from_file(struct device *d, const struct setting *s) {
    char name[32];
    struct store_file_info file;
    if (store_file_find(&d->store, file_name(s, name), &file) != STATUS_OK || file.size >= s->size)
        return;
    memset(field(d, s), 0, s->size);
    if (store_file_read(&d->store, &file, 0, field(d, s), file.size) != file.size) {
        memset(field(d, s), 0, s->size);
        device_log2(d, LOG_ERROR, "store", "damaged, back to its default: ", s->name);
    }
}

/* A value that is damaged or of another size than the field falls back to its default. */
static void load_one(struct device *d, const struct setting *s) {
    size_t length = 0;
    uint16_t key = (uint16_t)(STORE_KEY_SETTING + s->key);
    if (in_file(s)) {
        load_from_file(d, s);
        return;
    }
    if (!store_has(&d->store, key))
        return;
    uint8_t *value = d->store.buffer + 8; /* store_get copies from here to here */
    enum status status = store_get(&d->store, key, value, STORE_VALUE_MAX, &length);
    bool fits = s->type == SETTING_TEXT ? length < s->size : length == s->size;
    if (status != STATUS_OK || !fits) {
        device_log2(d, LOG_ERROR, "store", "damaged, back to its default: ", s->name);
        return;
    }
    memset(field(d, s), 0, s->size);
    memcpy(field(d, s), value, length);
}

bool settings_load(struct device *d) {
    static const uint16_t marker = STORE_KEY_FIRST_SAVE; /* first save was complete */
    uint8_t version = 1;
    defaults(d);
    if (store_has(&d->store, marker)) {
        for (size_t i = 0; i < settings_count; i++)
            load_one(d, &settings_table[i]);
        return false;
    }
    migrate_counters(d);
    bool taken = migrate_config(d);
    if (!taken)
        defaults(d);
    if (d->store.sectors && settings_save(d) == STATUS_OK)
        store_put(&d->store, marker, &version, 1);
    return taken;
}
