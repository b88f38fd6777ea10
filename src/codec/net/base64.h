/* Base64 with padding (RFC 4648 section 4), in pieces. */
#ifndef CODEC_NET_BASE64_H
#define CODEC_NET_BASE64_H
#include "base/status.h"
#include "base/text.h"

/* Adds the coded form; pieces of one text must have sizes divisible by 3, except the last. */
void base64_text(struct text *out, const void *data, size_t size);

struct base64_reader {
    uint32_t bits;
    uint8_t count; /* characters of the group so far */
    uint8_t padding;
};
/* Decodes `size` characters into out, which has room for size * 3 / 4 + 3 bytes; *made tells how
 * many. Start with a zeroed reader. BAD_VALUE on any other character. */
enum status base64_feed(struct base64_reader *r, const char *data, size_t size, uint8_t *out,
                        size_t *made);
/* OK when the last group is complete. */
enum status base64_finish(const struct base64_reader *r);
#endif
