/* Backup, restore and import over /api/v2. A backup is one document in pieces: head, settings,
 * files. What comes back waits in a file until it is whole and good; see store/restore.h. */
#include "codec/net/base64.h"
#include "device/device.h"
#include "device/service/rest/api_v2.h"
#include "device/store/files.h"
#include "device/store/restore.h"

enum { FILE_PIECE = 600, BLOCK_MOST = 4096 }; /* FILE_PIECE is divisible by 3 */

/* --- backup --- */

/* cursor[0]: setting, cursor[1]: position in its text + 1; 0: not begun. */
static bool setting_piece(const struct device *d, struct http_exchange *x) {
    const struct setting *s = &settings_table[x->cursor[0]];
    char value[2 * sizeof(struct obk_pin) * OBK_PINS_MAX + 1];
    struct text *out = &x->out;
    bool done = true;
    if (x->cursor[1] == 0) {
        text_add(out, x->cursor[0] ? ",\n" : "\n");
        text_json_name(out, s->name);
        setting_print(d, s, value, sizeof value);
        if (s->type == SETTING_TEXT) {
            text_char(out, '"');
            done = false;
        } else if (s->type == SETTING_BYTES) {
            text_json(out, value);
        } else {
            text_add(out, value);
        }
        x->cursor[1] = 1;
    } else {
        uint32_t at = x->cursor[1] - 1;
        done = api_text_piece(out, setting_text(d, s), &at);
        x->cursor[1] = at + 1;
        if (done)
            text_char(out, '"');
    }
    return done;
}

/* cursor[2]: file, cursor[3]: position in it + 1; 0: not begun. True at the end of the files. */
static bool file_piece(struct device *d, struct http_exchange *x) {
    struct store_file_info file;
    uint8_t piece[FILE_PIECE];
    struct text *out = &x->out;
    if (!store_file_at(&d->store, x->cursor[2], &file))
        return true;
    if (x->cursor[3] == 0) {
        text_add(out, x->cursor[2] ? ",\n{" : "\n{");
        json_add_string(out, "name", file.name);
        text_add(out, ",\"data\":\"");
        x->cursor[3] = 1;
        return false;
    }
    size_t got = store_file_read(&d->store, &file, x->cursor[3] - 1, piece, sizeof piece);
    base64_text(out, piece, got);
    x->cursor[3] += (uint32_t)got;
    if (got < sizeof piece) {
        text_add(out, "\"}");
        x->cursor[2]++;
        x->cursor[3] = 0;
    }
    return false;
}

static void backup_more(struct device *d, struct http_exchange *x) {
    if (x->cursor[0] < settings_count) {
        if (!setting_piece(d, x))
            return;
        x->cursor[1] = 0;
        if (++x->cursor[0] == settings_count)
            text_add(&x->out, "},\n\"files\":[");
        return;
    }
    if (!file_piece(d, x))
        return;
    text_add(&x->out, "]}\n");
    x->more = NULL;
}

void api_backup(struct device *d, struct http_exchange *x) {
    struct text *out = &x->out;
    http_begin(x, 200, "application/json");
    http_header(x, "Cache-Control", "no-store");
    text_add(out, "{\"plugsmith\":1");
    json_add_string(out, "chip", d->hal.chip.name ? d->hal.chip.name : "");
    json_add_string(out, "version", PLUGSMITH_VERSION);
    text_add(out, ",\"name\":\"");
    text_escape(out, d->config.long_name, strlen(d->config.long_name));
    text_add(out, "\",\n\"settings\":{");
    x->more = backup_more;
}

/* --- restore and import --- */

bool api_restore_take(struct device *d, struct http_exchange *x, const uint8_t *data, size_t size) {
    if (!data) {
        api_upload_drop(d, x);
        return false;
    }
    if (x->length > FILE_SIZE_MAX) {
        api_error(x, 413, "a plug takes backups up to 32768 bytes", NULL);
        return false;
    }
    if (x->got == 0 && !api_upload_begin(d, x, RESTORE_FILE))
        return false;
    return api_upload_add(d, x, data, size);
}

static void refuse(struct device *d, struct http_exchange *x, enum status status,
                   const struct restore_report *report) {
    char message[120];
    struct text text = text_start(message, sizeof message);
    store_file_remove(&d->store, RESTORE_FILE);
    text_add(&text, "nothing was changed: ");
    if (report->wrong && setting_find(report->wrong))
        text_add(&text, "the plug does not take its value of ");
    text_add(&text, report->wrong ? report->wrong : status_text(status));
    text_add(&text, ", near byte ");
    text_uint(&text, report->at);
    api_error(x, status == STATUS_NO_SPACE ? 507 : 400, message, NULL);
}

static void take_over(struct device *d, struct http_exchange *x, enum restore_kind kind) {
    struct restore_report report = {0};
    enum status status = api_upload_end(d, x);
    if (status == STATUS_OK)
        status = restore_check(d, kind, &report);
    if (status == STATUS_OK)
        status = restore_want(d, kind);
    if (status != STATUS_OK) {
        refuse(d, x, status, &report);
        return;
    }
    device_restart(d, 3);
    http_begin(x, 200, "application/json");
    text_add(&x->out, "{\"ok\":true");
    json_add_int(&x->out, "settings", report.settings);
    json_add_int(&x->out, "files", report.files);
    json_add_int(&x->out, "unknown", report.unknown);
    json_add_int(&x->out, "seconds", 3);
    text_char(&x->out, '}');
}

void api_restore(struct device *d, struct http_exchange *x) {
    take_over(d, x, RESTORE_BACKUP);
}

void api_import(struct device *d, struct http_exchange *x) {
    take_over(d, x, RESTORE_BLOCK);
}
