/* Checking and applying a backup; see restore.h. Both are the same walk over the document, so that
 * what was found good is what is done. */
#include "device/store/restore.h"

#include "base/bytes.h"
#include "codec/net/base64.h"
#include "codec/net/json.h"
#include "device/device.h"
#include "device/store/files.h"

static const uint16_t marker = STORE_KEY_RESTORE;
static const char oversized[] = "a file in it is larger than a plug takes";

enum section { SECTION_OTHER, SECTION_SETTINGS, SECTION_FILES };
enum member { MEMBER_OTHER, MEMBER_NAME, MEMBER_DATA };

struct walk {
    struct device *d;
    struct restore_report *report;
    bool apply;
    bool is_backup; /* "plugsmith":1 was seen */
    bool file_open;
    uint8_t section, member;
    const struct setting *setting;
    enum status status;
    unsigned length;
    uint32_t file_size;
    struct base64_reader base64;
    struct store_file_writer writer;
    char file[FILE_NAME_MAX + 1];
    char value[OBK_STARTUP_SIZE + 1];
};

static bool wrong(struct walk *w, enum status status, const char *words) {
    w->status = status;
    w->report->wrong = words;
    return false;
}

/* What belongs to this very device and not to its configuration. */
static bool is_identity(const char *name) {
    return strcmp(name, "mac") == 0 || strcmp(name, "change_counter") == 0 ||
           strcmp(name, "ota_counter") == 0;
}

static bool gather(struct walk *w, const char *text, size_t length) {
    if (w->length + length >= sizeof w->value)
        return wrong(w, STATUS_BAD_LENGTH, "a value in it is too long");
    memcpy(w->value + w->length, text, length);
    w->length += (unsigned)length;
    w->value[w->length] = 0;
    return true;
}

static bool setting_done(struct walk *w) {
    if (!w->setting)
        return true;
    w->report->settings++;
    if (is_identity(w->setting->name))
        return true;
    enum status status =
        w->apply ? setting_parse(w->d, w->setting, w->value) : setting_check(w->setting, w->value);
    return status == STATUS_OK || wrong(w, status, w->setting->name);
}

static bool file_begin(struct walk *w) {
    if (w->member == MEMBER_DATA && !w->file_open) {
        if (!w->file[0] || w->file[0] == '@' || strchr(w->file, '/'))
            return wrong(w, STATUS_BAD_VALUE, "a file in it has no usable name before its data");
        w->file_open = true;
        w->file_size = 0;
        w->base64 = (struct base64_reader){0};
        if (w->apply)
            return store_file_begin(&w->d->store, &w->writer, w->file) == STATUS_OK ||
                   wrong(w, STATUS_NO_SPACE, "no space for its files");
    }
    return true;
}

static bool file_data(struct walk *w, const char *text, size_t length) {
    uint8_t bytes[JSON_PART];
    size_t made = 0;
    if (!file_begin(w))
        return false;
    if (base64_feed(&w->base64, text, length, bytes, &made) != STATUS_OK)
        return wrong(w, STATUS_BAD_VALUE, "the data of a file in it is damaged");
    w->file_size += (uint32_t)made;
    if (w->file_size > FILE_SIZE_MAX)
        return wrong(w, STATUS_BAD_LENGTH, oversized);
    if (w->apply && store_file_add(&w->writer, bytes, made) != STATUS_OK)
        return wrong(w, STATUS_NO_SPACE, "no space for its files");
    return true;
}

static bool file_done(struct walk *w) {
    if (base64_finish(&w->base64) != STATUS_OK)
        return wrong(w, STATUS_TRUNCATED, "the data of a file in it is cut off");
    w->file_open = false;
    w->file[0] = 0;
    w->report->files++;
    w->report->bytes += w->file_size;
    if (w->report->files >= FILE_COUNT - 1)
        return wrong(w, STATUS_NO_SPACE, "too many files in it");
    if (w->apply && store_file_commit(&w->writer) != STATUS_OK)
        return wrong(w, STATUS_NO_SPACE, "no space for its files");
    return true;
}

static bool name_piece(struct walk *w, const char *text, size_t length) {
    size_t have = strlen(w->file);
    if (have + length > FILE_NAME_MAX)
        return wrong(w, STATUS_BAD_LENGTH, "a file in it has too long a name");
    memcpy(w->file + have, text, length + 1);
    return true;
}

static bool key(struct walk *w, unsigned depth, const char *text) {
    w->length = 0;
    w->value[0] = 0;
    if (depth == 1)
        w->section = strcmp(text, "settings") == 0 ? SECTION_SETTINGS
                     : strcmp(text, "files") == 0  ? SECTION_FILES
                                                   : SECTION_OTHER;
    w->member = MEMBER_OTHER;
    w->setting = NULL;
    if (depth == 1 && strcmp(text, "plugsmith") == 0)
        w->member = MEMBER_NAME;
    if (w->section == SECTION_SETTINGS && depth == 2) {
        w->setting = setting_find(text);
        w->report->unknown += w->setting == NULL;
    }
    if (w->section == SECTION_FILES && depth == 3)
        w->member = strcmp(text, "name") == 0   ? MEMBER_NAME
                    : strcmp(text, "data") == 0 ? MEMBER_DATA
                                                : MEMBER_OTHER;
    return true;
}

static bool value(struct walk *w, enum json_event event, unsigned depth, const char *text,
                  size_t length) {
    if (w->section == SECTION_OTHER) {
        if (depth == 1 && w->member == MEMBER_NAME && event == JSON_NUMBER)
            w->is_backup = strcmp(text, "1") == 0;
        return true;
    }
    if (w->section == SECTION_SETTINGS && depth == 2)
        return gather(w, text, length) && (event == JSON_PIECE || setting_done(w));
    if (w->section != SECTION_FILES || depth != 3)
        return true;
    if (w->member == MEMBER_NAME)
        return name_piece(w, text, length);
    if (w->member == MEMBER_DATA)
        return file_data(w, text, length) && (event == JSON_PIECE || file_done(w));
    return true;
}

static bool on_event(void *context, enum json_event event, unsigned depth, const char *text,
                     size_t length) {
    struct walk *w = context;
    switch (event) {
    case JSON_KEY:
        return key(w, depth, text);
    case JSON_TRUE:
        return value(w, event, depth, "1", 1);
    case JSON_FALSE:
        return value(w, event, depth, "0", 1);
    case JSON_PIECE:
    case JSON_STRING:
    case JSON_NUMBER:
        return value(w, event, depth, text, length);
    default:
        return true;
    }
}

static enum status walk_document(struct walk *w) {
    struct store_file_info file;
    struct json_reader reader;
    char piece[256];
    size_t got;
    if (store_file_find(&w->d->store, RESTORE_FILE, &file) != STATUS_OK)
        return STATUS_NOT_FOUND;
    json_start(&reader, on_event, w);
    for (uint32_t at = 0; at < file.size; at += (uint32_t)got) {
        got = store_file_read(&w->d->store, &file, at, piece, sizeof piece);
        if (!got)
            return STATUS_BAD_CHECKSUM;
        if (!json_feed(&reader, piece, got))
            break;
    }
    enum status status = json_finish(&reader);
    w->report->at = reader.at;
    if (w->status != STATUS_OK)
        return w->status;
    if (status != STATUS_OK)
        w->report->wrong = status == STATUS_TRUNCATED ? "it ends too early" : "it is not JSON";
    else if (!w->is_backup)
        w->report->wrong = "it is JSON, but no backup of a plug";
    return w->report->wrong ? STATUS_BAD_VALUE : STATUS_OK;
}

static enum status run_backup(struct device *d, bool apply, struct restore_report *report) {
    struct walk w = {.d = d, .apply = apply, .report = report};
    *report = (struct restore_report){0};
    return walk_document(&w);
}

/* --- OpenBeken's block --- */

static bool read_block(struct device *d, uint8_t *block, size_t *size) {
    struct store_file_info file;
    if (store_file_find(&d->store, RESTORE_FILE, &file) != STATUS_OK)
        return false;
    *size = file.size < OBK_CONFIG_SIZE ? file.size : OBK_CONFIG_SIZE;
    for (uint32_t at = 0, got; at < *size; at += got) {
        got = (uint32_t)store_file_read(&d->store, &file, at, block + at, *size - at);
        if (!got)
            return false;
    }
    return true;
}

/* Decodes into device.config when `apply`; a block that cannot be decoded changes nothing. */
static enum status run_block(struct device *d, bool apply, struct restore_report *report) {
    uint8_t block[OBK_CONFIG_SIZE], mac[6];
    size_t size = 0;
    struct fault fault;
    const char *name = d->hal.chip.name ? d->hal.chip.name : "BK7231N";
    const struct obk_chip *chip = obk_chip_find(name);
    *report = (struct restore_report){0};
    if (!read_block(d, block, &size))
        return STATUS_NOT_FOUND;
    enum status status = obk_config_check(block, size, &fault);
    report->at = (uint32_t)fault.offset;
    report->wrong = status == STATUS_OK ? NULL : status_text(status);
    report->settings = status == STATUS_OK ? (unsigned)settings_count : 0;
    if (status != STATUS_OK || !apply)
        return status;
    memcpy(mac, d->config.mac, sizeof mac);
    status = obk_config_decode(block, size, chip ? chip->group : OBK_GROUP_D, &d->config, &fault);
    memcpy(d->config.mac, mac, sizeof mac);
    return status;
}

static enum status run(struct device *d, enum restore_kind kind, bool apply,
                       struct restore_report *report) {
    return kind == RESTORE_BLOCK ? run_block(d, apply, report) : run_backup(d, apply, report);
}

enum status restore_check(struct device *d, enum restore_kind kind, struct restore_report *report) {
    enum status status = run(d, kind, false, report);
    if (status == STATUS_OK && report->bytes > store_free(&d->store)) {
        report->wrong = "no space for its files";
        status = STATUS_NO_SPACE;
    }
    return status;
}

enum status restore_want(struct device *d, enum restore_kind kind) {
    uint8_t byte = (uint8_t)kind;
    return store_put(&d->store, marker, &byte, 1);
}

static void forget(struct device *d) {
    store_delete(&d->store, marker);
    store_file_remove(&d->store, RESTORE_FILE);
}

bool restore_pending(struct device *d) {
    struct restore_report report;
    uint8_t kind = RESTORE_NONE;
    if (!store_has(&d->store, marker)) {
        struct store_file_info file; /* what was never wanted is only in the way */
        if (store_file_find(&d->store, RESTORE_FILE, &file) == STATUS_OK)
            store_file_remove(&d->store, RESTORE_FILE);
        return false;
    }
    store_get(&d->store, marker, &kind, 1, NULL);
    if (kind == RESTORE_BACKUP)
        store_file_remove_all(&d->store);
    enum status status = run(d, kind, true, &report);
    if (status == STATUS_OK)
        status = settings_save(d);
    if (status == STATUS_OK)
        device_log_int(d, LOG_INFO, "store", "configuration restored, settings: ", report.settings,
                       NULL);
    else
        device_log2(d, LOG_ERROR, "store",
                    "configuration only restored in part: ", status_text(status));
    forget(d);
    return true;
}
