/* Lines by a table of texts, then pins, channels and flags. */
#include "codec/openbeken/obk_describe.h"

#include "base/text.h"
#include "codec/openbeken/channel_types.h"
#include "codec/openbeken/flags.h"
#include "codec/openbeken/roles.h"
#include <string.h>

struct describe {
    const struct obk_config *config;
    bool reveal;
    void (*line)(void *context, const char *text);
    void *context;
    struct text text;
};

struct word {
    const char *name;
    uint16_t member;
    bool secret;
};
#define WORD(name, member, secret)                                                                 \
    { name, (uint16_t)offsetof(struct obk_config, member), secret }
static const struct word words[] = {
    WORD("Short name", short_name, false),    WORD("Full name", long_name, false),
    WORD("Wi-Fi network", wifi_ssid, true),   WORD("Wi-Fi password", wifi_pass, true),
    WORD("Second network", wifi_ssid2, true), WORD("Second password", wifi_pass2, true),
    WORD("MQTT broker", mqtt_host, false),    WORD("MQTT topic", mqtt_client_id, false),
    WORD("MQTT group", mqtt_group, false),    WORD("MQTT user", mqtt_user, false),
    WORD("MQTT password", mqtt_pass, true),   WORD("Web password", web_password, true),
    WORD("Start-up command", startup, false),
};

static void flush(struct describe *d) {
    d->line(d->context, d->text.data);
    d->text = text_start(d->text.data, d->text.size);
}

static void word_line(struct describe *d, const struct word *word) {
    const char *value = (const char *)d->config + word->member;
    if (!*value)
        return;
    text_add(&d->text, "- ");
    text_add(&d->text, word->name);
    text_add(&d->text, ": ");
    for (const char *p = word->secret && !d->reveal ? "(masked)" : value; *p; p++)
        text_char(&d->text, (unsigned char)*p < 0x20 ? ' ' : *p);
    flush(d);
}

static void pin_line(struct describe *d, unsigned gpio) {
    const struct obk_pin *pin = &d->config->pins[gpio];
    const struct obk_role_row *role = obk_role_row(pin->role);
    if (!pin->role)
        return;
    text_add(&d->text, "- P");
    text_uint(&d->text, gpio);
    text_add(&d->text, " is ");
    if (role)
        text_add(&d->text, role->name);
    else
        text_add(&d->text, "unknown role ");
    if (!role)
        text_uint(&d->text, pin->role);
    if (role && role->channels) {
        text_add(&d->text, " on channel ");
        text_uint(&d->text, pin->channel);
    }
    if (role && role->channels == 2 && pin->channel2) {
        text_add(&d->text, " and ");
        text_uint(&d->text, pin->channel2);
    }
    flush(d);
}

static void channel_line(struct describe *d, unsigned channel) {
    const struct channel_type *type = channel_type_row(d->config->channel_types[channel]);
    int16_t start = d->config->start_values[channel];
    if (!d->config->channel_types[channel] && !start)
        return;
    text_add(&d->text, "- Channel ");
    text_uint(&d->text, channel);
    if (d->config->channel_types[channel]) {
        text_add(&d->text, " is of type ");
        text_add(&d->text, type ? type->name : "(unknown)");
    }
    if (start == -1)
        text_add(&d->text, ", remembers its last value");
    else if (start) {
        text_add(&d->text, ", starts with ");
        text_int(&d->text, start);
    }
    flush(d);
}

static void flag_lines(struct describe *d) {
    uint64_t flags = d->config->flags | (uint64_t)d->config->flags2 << 32;
    for (unsigned bit = 0; bit < 64; bit++) {
        if (!(flags >> bit & 1))
            continue;
        const char *what = obk_flag_text(bit);
        text_add(&d->text, "- Flag ");
        text_uint(&d->text, bit);
        text_add(&d->text, ": ");
        text_add(&d->text, what ? what : "unknown");
        flush(d);
    }
}

void obk_config_describe(const struct obk_config *config, bool reveal,
                         void (*line)(void *context, const char *text), void *context) {
    char buffer[OBK_STARTUP_SIZE + 64];
    struct describe d = {.config = config,
                         .reveal = reveal,
                         .line = line,
                         .context = context,
                         .text = text_start(buffer, sizeof buffer)};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        word_line(&d, &words[i]);
    for (unsigned gpio = 0; gpio < config->pin_count && gpio < OBK_PINS_MAX; gpio++)
        pin_line(&d, gpio);
    for (unsigned channel = 0; channel < OBK_CHANNELS; channel++)
        channel_line(&d, channel);
    flag_lines(&d);
}

unsigned obk_config_secrets(const struct obk_config *config) {
    unsigned count = 0;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        count += words[i].secret && *((const char *)config + words[i].member);
    return count;
}
