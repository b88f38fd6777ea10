/* The pin configuration, from the best place that has it whole: the key-value store, a user file,
 * pages of the store that no index names any more, the application code, the image as text. Its
 * CRC-7 proves a text complete. */
#include "codec/tuya/crc7.h"
#include "codec/tuya/wake_pins.h"
#include "workbench/inspector/storage_private.h"

enum { TEXT_LEAST = 16, TEXT_MOST = 8192 };

static bool is_text_byte(uint8_t c) {
    return (c >= 0x20 && c <= 0x7E) || c == '\t' || c == '\n' || c == '\r';
}

static bool crc_good(const uint8_t *text, size_t length) {
    return tuya_crc7_check((const char *)text, length) == TUYA_CRC_GOOD;
}

/* The text around a hit: from the first brace of the printable stretch to the matching one. */
static struct span text_around(const uint8_t *data, size_t size, size_t hit) {
    size_t start = hit, end = hit;
    while (start > 0 && hit - start < TEXT_MOST && is_text_byte(data[start - 1]))
        start--;
    while (end < size && end - hit < TEXT_MOST && is_text_byte(data[end]))
        end++;
    size_t found = start;
    for (size_t at = start; at < hit; at++) /* the last text that still holds the hit */
        if (data[at] == '{') {
            size_t length = user_files_text_length(data + at, end - at);
            if (at + length > hit) {
                found = at;
                break;
            }
        }
    if (data[found] != '{')
        return (struct span){NULL, 0};
    return (struct span){data + found, user_files_text_length(data + found, end - found)};
}

static bool mentions_pin(struct span text) {
    return bytes_find(text.data, text.size, 0, "pin:", 4) != SIZE_MAX ||
           bytes_find(text.data, text.size, 0, "pin\":", 5) != SIZE_MAX ||
           bytes_find(text.data, text.size, 0, "iicscl", 6) != SIZE_MAX;
}

/* Searches bytes for a configuration text. `proved`: only one whose CRC-7 matches. */
static struct span search_text(const uint8_t *data, size_t size, bool proved) {
    static const char *const needles[] = {",crc:", ",module:", "Jsonver:"};
    struct span second = {NULL, 0};
    for (int n = 0; n < 3; n++) {
        size_t length = strlen(needles[n]);
        for (size_t at = 0;; at += length) {
            at = bytes_find(data, size, at, needles[n], length);
            if (at == SIZE_MAX)
                break;
            struct span text = text_around(data, size, at);
            if (text.size < TEXT_LEAST)
                continue;
            if (crc_good(text.data, text.size))
                return text;
            if (!second.data && mentions_pin(text))
                second = text;
        }
        if (proved && n == 0)
            break; /* without a crc member there is no proof */
    }
    return proved ? (struct span){NULL, 0} : second;
}

static void use(struct storage *out, enum storage_source source, const char *where,
                struct span text, size_t offset) {
    out->param = (struct storage_param){.source = source,
                                        .where = where,
                                        .text = (const char *)text.data,
                                        .length = text.size,
                                        .offset = offset,
                                        .crc_good = crc_good(text.data, text.size)};
}

static bool from_kv(struct storage *out, bool damaged) {
    const struct storage_key *key = storage_get(out, "user_param_key");
    if (!key || (!key->checksum_ok && !damaged))
        return false;
    size_t length = storage_text_length(key->value, key->length);
    if (length == SIZE_MAX)
        length = user_files_text_length(key->value, key->length);
    if (length < 2)
        return false;
    use(out, STORAGE_SOURCE_KV, "user_param_key", (struct span){key->value, length}, 0);
    out->param.damaged = !key->checksum_ok && !out->param.crc_good;
    return true;
}

static bool from_uf(struct storage *out, bool proved) {
    static const char *const names[] = {"oem_cfg", "user_param_key", "json"};
    for (int n = 0; n < 3; n++) {
        int i = storage_uf_find(out, names[n]);
        if (i < 0 || !out->uf.data[i].data)
            continue;
        struct span text = out->uf.data[i];
        text.size = user_files_text_length(text.data, text.size);
        if (text.size < 2 || text.data[0] != '{' || (proved && !crc_good(text.data, text.size)))
            continue;
        use(out, STORAGE_SOURCE_UF, names[n], text, 0);
        return true;
    }
    return false;
}

static bool from_pages(struct storage *out) {
    for (int i = 0; i < out->kv.count; i++) {
        struct span text = search_text(out->kv.sector[i].plain, TUYA_SECTOR, true);
        if (!text.data)
            continue;
        use(out, STORAGE_SOURCE_KV, "unlisted pages", text, out->kv.sector[i].offset);
        return true;
    }
    return false;
}

/* What a battery sensor noted down before it slept. */
static bool from_wake_pins(struct storage *out) {
    enum { ROOM = 256 };
    int i = storage_uf_find(out, WAKE_PINS_FILE);
    struct wake_pins pins;
    char *buffer = i < 0 || !out->uf.data[i].data ? NULL : storage_allocate(out, ROOM);
    if (!buffer || wake_pins_decode(out->uf.data[i].data, out->uf.data[i].size, &pins, NULL))
        return false;
    struct text text = text_start(buffer, ROOM);
    wake_pins_text(&pins, &text);
    use(out, STORAGE_SOURCE_UF, WAKE_PINS_FILE, (struct span){(const uint8_t *)buffer, text.length},
        0);
    return true;
}

static bool from_image(struct storage_search *s) {
    struct span text = search_text(s->data, s->size, true);
    if (text.data)
        use(s->out, STORAGE_SOURCE_RAW, "", text, (size_t)(text.data - s->data));
    return text.data != NULL;
}

static bool names_pins(const struct storage_param *param) {
    return mentions_pin((struct span){(const uint8_t *)param->text, param->length});
}

/* A value that names no pin, blanked by somebody perhaps, gives way to what does. */
void storage_choose_param(struct storage_search *s) {
    struct storage *out = s->out;
    if ((from_kv(out, false) && names_pins(&out->param)) || from_uf(out, true))
        return;
    bool gone = out->damage_count > 0;
    if ((gone && from_pages(out)) || (from_kv(out, true) && names_pins(&out->param)) ||
        (from_uf(out, false) && names_pins(&out->param)) || from_image(s) || from_pages(out) ||
        from_wake_pins(out))
        return;
    out->param = (struct storage_param){.source = STORAGE_SOURCE_NONE, .where = ""};
    if (!from_kv(out, true))
        from_uf(out, false);
}

void storage_find_in_code(struct storage *storage, struct span code) {
    if (storage->param.source != STORAGE_SOURCE_NONE || code.size == 0)
        return;
    struct span text = search_text(code.data, code.size, false);
    if (text.data && text.data[text.size - 1] == '}')
        use(storage, STORAGE_SOURCE_CODE, "", text, (size_t)(text.data - code.data));
}
