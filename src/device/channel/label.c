/* Labels and enum texts: records in one pool of fixed size, so that a few channels may have long
 * texts without every channel paying for it. A record: channel, kind, value (4 bytes), text, NUL.
 */
#include "device/channel/channel.h"

#include "base/bytes.h"
#include "device/device.h"

enum kind { KIND_LABEL, KIND_ENUM };
enum { HEADER = 6 };

struct record {
    unsigned at, size;
    uint8_t channel;
    enum kind kind;
    int32_t value;
    const char *text;
};

static bool record_next(const struct channels *c, unsigned *at, struct record *out) {
    if (*at >= c->text_used)
        return false;
    const char *p = c->text + *at;
    out->at = *at;
    out->channel = (uint8_t)p[0];
    out->kind = p[1] ? KIND_ENUM : KIND_LABEL;
    out->value = (int32_t)load_le32((const uint8_t *)p + 2);
    out->text = p + HEADER;
    out->size = HEADER + (unsigned)strlen(out->text) + 1;
    *at += out->size;
    return true;
}

static bool record_find(const struct channels *c, int channel, enum kind kind, int32_t value,
                        struct record *out) {
    for (unsigned at = 0; record_next(c, &at, out);)
        if (out->channel == channel && out->kind == kind &&
            (kind == KIND_LABEL || out->value == value))
            return true;
    return false;
}

static void record_remove(struct channels *c, const struct record *r) {
    memmove(c->text + r->at, c->text + r->at + r->size, c->text_used - r->at - r->size);
    c->text_used = (uint16_t)(c->text_used - r->size);
}

static enum status record_put(struct device *d, int channel, enum kind kind, int32_t value,
                              const char *text) {
    struct channels *c = &d->channels;
    struct record old = {.size = 0};
    size_t length = strlen(text), size = HEADER + length + 1;
    if (!channel_valid(channel))
        return STATUS_BAD_ARGUMENT;
    bool replace = record_find(c, channel, kind, value, &old);
    if (length && c->text_used - (replace ? old.size : 0) + size > sizeof c->text) {
        device_log(d, LOG_ERROR, "channel", "no room for more labels");
        return STATUS_NO_SPACE;
    }
    unsigned at = replace ? old.at : c->text_used;
    if (replace)
        record_remove(c, &old);
    if (!length)
        return STATUS_OK;
    char *p = c->text + at;
    memmove(p + size, p, c->text_used - at);
    p[0] = (char)channel;
    p[1] = (char)kind;
    store_le32((uint8_t *)p + 2, (uint32_t)value);
    memcpy(p + HEADER, text, length + 1);
    c->text_used = (uint16_t)(c->text_used + size);
    return STATUS_OK;
}

enum status channel_set_label(struct device *d, int channel, const char *label) {
    return record_put(d, channel, KIND_LABEL, 0, label);
}

const char *channel_label(const struct device *d, int channel) {
    struct record r;
    return record_find(&d->channels, channel, KIND_LABEL, 0, &r) ? r.text : NULL;
}

enum status channel_set_enum(struct device *d, int channel, int32_t value, const char *text) {
    return record_put(d, channel, KIND_ENUM, value, text);
}

void channel_clear_enum(struct device *d, int channel) {
    struct record r;
    for (unsigned at = 0; record_next(&d->channels, &at, &r);)
        if (r.channel == channel && r.kind == KIND_ENUM) {
            record_remove(&d->channels, &r);
            at = r.at;
        }
}

const char *channel_enum_at(const struct device *d, int channel, unsigned i, int32_t *value) {
    struct record r;
    for (unsigned at = 0; record_next(&d->channels, &at, &r);)
        if (r.channel == channel && r.kind == KIND_ENUM && i-- == 0) {
            *value = r.value;
            return r.text;
        }
    return NULL;
}

unsigned channel_enum_count(const struct device *d, int channel) {
    unsigned count = 0;
    int32_t value;
    while (channel_enum_at(d, channel, count, &value))
        count++;
    return count;
}

const char *channel_enum_text(const struct device *d, int channel, int32_t value) {
    struct record r;
    return record_find(&d->channels, channel, KIND_ENUM, value, &r) ? r.text : NULL;
}

/* The three marks of a channel exist for channels 0 to 31 only. */
static void mark(uint64_t *bits, int channel, bool on) {
    if (channel < 0 || channel > 31)
        return;
    uint64_t bit = (uint64_t)1 << channel;
    *bits = on ? *bits | bit : *bits & ~bit;
}

void channel_set_private(struct device *d, int channel, bool on) {
    mark(&d->channels.is_private, channel, on);
}
void channel_set_visible(struct device *d, int channel, bool on) {
    mark(&d->channels.hidden, channel, !on);
}
void channel_set_toggle_word(struct device *d, int channel, bool shown) {
    mark(&d->channels.no_toggle_word, channel, !shown);
}
bool channel_is_private(const struct device *d, int channel) {
    return channel_valid(channel) && (d->channels.is_private >> channel & 1);
}
bool channel_is_visible(const struct device *d, int channel) {
    return channel_valid(channel) && !(d->channels.hidden >> channel & 1);
}
