/* Base64, see base64.h. */
#include "codec/net/base64.h"

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void base64_text(struct text *out, const void *data, size_t size) {
    const uint8_t *p = data;
    for (size_t i = 0; i < size; i += 3) {
        size_t left = size - i;
        uint32_t bits = (uint32_t)p[i] << 16 | (left > 1 ? (uint32_t)p[i + 1] << 8 : 0) |
                        (left > 2 ? p[i + 2] : 0U);
        text_char(out, letters[bits >> 18]);
        text_char(out, letters[bits >> 12 & 63]);
        text_char(out, left > 1 ? letters[bits >> 6 & 63] : '=');
        text_char(out, left > 2 ? letters[bits & 63] : '=');
    }
}

static int value_of(char c) {
    for (int i = 0; i < 64; i++)
        if (letters[i] == c)
            return i;
    return -1;
}

enum status base64_feed(struct base64_reader *r, const char *data, size_t size, uint8_t *out,
                        size_t *made) {
    *made = 0;
    for (size_t i = 0; i < size; i++) {
        int value = value_of(data[i]);
        if (data[i] == '=' && r->count >= 2 && r->padding < 2) {
            r->padding++;
            value = 0;
        } else if (value < 0 || r->padding) {
            return STATUS_BAD_VALUE;
        }
        r->bits = r->bits << 6 | (uint32_t)value;
        if (++r->count < 4)
            continue;
        for (unsigned n = 0; n < 3U - r->padding; n++)
            out[(*made)++] = (uint8_t)(r->bits >> (16 - 8 * n));
        r->count = 0;
        r->bits = 0;
    }
    return STATUS_OK;
}

enum status base64_finish(const struct base64_reader *r) {
    return r->count ? STATUS_TRUNCATED : STATUS_OK;
}
