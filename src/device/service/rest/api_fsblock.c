/* All files in one block, as the OpenBeken web application fetches it before an update and sends it
 * back afterwards. It takes the block as it is, so ours is an archive: "PSFILES2"; for each file
 * the length of its name, the name, its size, its bytes and the CRC-32 of all these; a zero length
 * and the CRC-32 of the whole end it. Each file is replaced when it has come whole and right; files
 * that are not in the archive stay. Images of LittleFS are told apart and refused. */
#include "base/crc.h"
#include "device/device.h"
#include "device/service/rest/api_v2.h"

enum { PIECE = 512, MAGIC = 8 };
static const char magic[] = "PSFILES2";

/* --- giving out --- */

/* cursor: file, position in it (0: its head is next), CRC of the file, CRC of all. */
static void sum(struct http_exchange *x, size_t from) {
    x->cursor[2] = crc32_update(x->cursor[2], x->out.data + from, x->out.length - from);
}

static void sum_all(struct http_exchange *x, size_t from) {
    x->cursor[3] = crc32_update(x->cursor[3], x->out.data + from, x->out.length - from);
}

static void little(struct text *out, uint32_t value) {
    uint8_t bytes[4];
    store_le32(bytes, value);
    text_add_n(out, (const char *)bytes, sizeof bytes);
}

static void archive_more(struct device *d, struct http_exchange *x) {
    struct store_file_info file;
    char piece[PIECE];
    size_t from = x->out.length;
    if (!store_file_at(&d->store, x->cursor[0], &file)) {
        text_add_n(&x->out, "", 1);
        sum_all(x, from);
        little(&x->out, x->cursor[3]);
        x->more = NULL;
        return;
    }
    if (!x->cursor[1]) {
        x->cursor[2] = 0;
        text_char(&x->out, (char)strlen(file.name));
        text_add(&x->out, file.name);
        little(&x->out, file.size);
    }
    size_t got = store_file_read(&d->store, &file, x->cursor[1], piece, sizeof piece);
    text_add_n(&x->out, piece, got);
    sum(x, from);
    x->cursor[1] += (uint32_t)got;
    if (!got || x->cursor[1] >= file.size) {
        little(&x->out, x->cursor[2]);
        x->cursor[0]++;
        x->cursor[1] = 0;
    }
    sum_all(x, from);
}

static void archive(struct device *d, struct http_exchange *x) {
    (void)d;
    http_begin(x, 200, "application/octet-stream");
    text_add(&x->out, magic);
    sum_all(x, 0);
    x->more = archive_more;
}

/* --- taking back --- */

enum { AT_MAGIC, AT_LENGTH, AT_NAME, AT_SIZE, AT_BYTES, AT_CRC, AT_TOTAL, AT_END };

static const char *file_begin(struct device *d) {
    struct archive_reader *r = &d->api.archive;
    if (r->name[0] == '@' || r->left > FILE_SIZE_MAX)
        return "a file in it is not acceptable";
    r->phase = r->left ? AT_BYTES : AT_CRC;
    r->fill = 0;
    return store_file_begin(&d->store, &d->api.writer, r->name) == STATUS_OK
               ? NULL
               : "a file cannot be written";
}

static const char *file_end(struct device *d) {
    struct archive_reader *r = &d->api.archive;
    r->phase = AT_LENGTH;
    if (r->word != r->crc)
        return "a file in it is damaged";
    return store_file_commit(&d->api.writer) == STATUS_OK ? NULL : "a file cannot be written";
}

/* The four bytes of a number, lowest first; true with the last one. */
static bool word_byte(struct archive_reader *r, uint8_t byte) {
    r->word = r->fill ? r->word | (uint32_t)byte << 8 * r->fill : byte;
    r->fill = (uint8_t)((r->fill + 1) & 3);
    return r->fill == 0;
}

static void name_length(struct archive_reader *r, uint8_t length) {
    r->crc = crc32_update(0, &length, 1);
    r->left = length;
    r->fill = 0;
    r->phase = length ? AT_NAME : AT_TOTAL;
}

static const char *head_byte(struct device *d, uint8_t byte) {
    struct archive_reader *r = &d->api.archive;
    uint32_t before = r->all;
    r->all = crc32_update(r->all, &byte, 1);
    if (r->phase == AT_NAME || r->phase == AT_SIZE)
        r->crc = crc32_update(r->crc, &byte, 1);
    switch (r->phase) {
    case AT_MAGIC:
        if (byte != (uint8_t)magic[r->fill])
            return "this is no archive of files; images of LittleFS are not taken";
        if (++r->fill == MAGIC)
            r->phase = AT_LENGTH;
        return NULL;
    case AT_LENGTH:
        name_length(r, byte);
        return byte > FILE_NAME_MAX ? "a name in it is too long" : NULL;
    case AT_NAME:
        r->name[r->fill++] = (char)byte;
        r->name[r->fill] = 0;
        if (r->fill == r->left) {
            r->fill = 0;
            r->phase = AT_SIZE;
        }
        return NULL;
    case AT_SIZE:
        if (!word_byte(r, byte))
            return NULL;
        r->left = r->word;
        return file_begin(d);
    case AT_CRC:
        return word_byte(r, byte) ? file_end(d) : NULL;
    case AT_TOTAL:
        r->all = before;
        if (word_byte(r, byte))
            r->phase = AT_END;
        return NULL;
    default:
        return NULL; /* padding behind the end */
    }
}

static size_t file_bytes(struct device *d, const uint8_t *data, size_t size, const char **why) {
    struct archive_reader *r = &d->api.archive;
    size = size < r->left ? size : r->left;
    r->crc = crc32_update(r->crc, data, size);
    r->all = crc32_update(r->all, data, size);
    r->left -= (uint32_t)size;
    if (store_file_add(&d->api.writer, data, size) != STATUS_OK)
        *why = "a file cannot be written";
    if (!r->left) {
        r->phase = AT_CRC;
        r->fill = 0;
    }
    return size;
}

static bool refuse(struct device *d, struct http_exchange *x, const char *why) {
    d->api.owner = NULL;
    http_error(x, 400, why);
    return false;
}

static bool archive_take(struct device *d, struct http_exchange *x, const uint8_t *data,
                         size_t size) {
    struct archive_reader *r = &d->api.archive;
    const char *why = NULL;
    if (!data) {
        api_upload_drop(d, x);
        return false;
    }
    if (x->got == 0 && d->api.owner) {
        http_error(x, 409, "another upload is under way");
        return false;
    }
    if (x->got == 0) {
        d->api.owner = x;
        *r = (struct archive_reader){.phase = AT_MAGIC};
    }
    for (size_t at = 0; at < size && !why;)
        if (r->phase == AT_BYTES)
            at += file_bytes(d, data + at, size - at, &why);
        else
            why = head_byte(d, data[at++]);
    return why ? refuse(d, x, why) : true;
}

static void archive_set(struct device *d, struct http_exchange *x) {
    const struct archive_reader *r = &d->api.archive;
    if (!x->length || r->phase != AT_END || r->word != r->all) {
        refuse(d, x, "the archive is cut or damaged; files that came before that were written");
        return;
    }
    d->api.owner = NULL;
    http_begin(x, 200, "application/json");
    text_add(&x->out, "{\"size\":");
    text_uint(&x->out, x->length);
    text_char(&x->out, '}');
}

const struct http_route fsblock_routes[] = {
    {HTTP_GET, HTTP_ADMIN, false, "/api/fsblock", archive, NULL, "all files in one archive", NULL,
     "bytes"},
    {HTTP_POST, HTTP_ADMIN, true, "/api/fsblock", archive_set, archive_take,
     "brings the files of such an archive back", "bytes", "{\"size\":n}"},
    {0},
};
