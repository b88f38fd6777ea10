/* Which secrets a file holds: in the stores, in the protected blocks, in OpenBeken's configuration
 * and in the RF block. Nothing is masked here; the reports do that. */
#include "workbench/inspector/inspection.h"

enum { RANGES_MAX = 48, SHOWN_MAX = 200 };

static void add(struct inspection *in, enum secret_kind kind, const char *where, const char *member,
                const uint8_t *value, size_t length) {
    if (in->secret_count == INSPECTION_SECRETS_MAX || length == 0)
        return;
    struct secret *s = &in->secret[in->secret_count++];
    *s = (struct secret){.kind = kind, .where = where, .value = value, .length = length};
    struct text text = text_start(s->member, sizeof s->member);
    text_add(&text, member);
}

static void add_value(struct inspection *in, const char *key, const uint8_t *value, size_t size) {
    struct secret_range range[RANGES_MAX];
    if (!secret_key_known(key) || !value)
        return;
    size_t count = secrets_find(key, value, size, range, RANGES_MAX);
    for (size_t i = 0; i < count; i++)
        add(in, range[i].kind, key, range[i].member, value + range[i].offset, range[i].length);
}

static void add_openbeken(struct inspection *in) {
    const struct obk_config *c = &in->openbeken;
    const struct {
        enum secret_kind kind;
        const char *member, *text;
    } rows[] = {
        {SECRET_WIFI_NAME, "wifi_ssid", c->wifi_ssid},
        {SECRET_WIFI_PASSWORD, "wifi_pass", c->wifi_pass},
        {SECRET_WIFI_NAME, "wifi_ssid2", c->wifi_ssid2},
        {SECRET_WIFI_PASSWORD, "wifi_pass2", c->wifi_pass2},
        {SECRET_TOKEN, "mqtt_user", c->mqtt_user},
        {SECRET_TOKEN, "mqtt_pass", c->mqtt_pass},
        {SECRET_TOKEN, "web_password", c->web_password},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        add(in, rows[i].kind, "OpenBeken configuration", rows[i].member,
            (const uint8_t *)rows[i].text, strlen(rows[i].text));
}

void inspection_find_secrets(struct inspection *in) {
    const struct storage *st = &in->storage;
    for (int i = 0; i < st->key_count; i++)
        add_value(in, st->key[i].name, st->key[i].value, st->key[i].length);
    for (int i = 0; i < st->protected_count; i++)
        for (int r = 0; r < st->protected_block[i].record_count; r++)
            add_value(in, st->protected_block[i].record[r].name,
                      st->protected_block[i].record[r].value,
                      st->protected_block[i].record[r].length);
    for (int i = 0; st->psm.found && i < st->psm.count; i++)
        add_value(in, st->psm.pair[i].key, (const uint8_t *)st->psm.pair[i].value,
                  strlen(st->psm.pair[i].value));
    if (in->openbeken_found)
        add_openbeken(in);
    if (in->survey.rf_found && in->survey.rf.mac_set)
        add(in, SECRET_DEVICE_ID, "RF block", "mac", in->survey.rf.mac, RF_MAC_SIZE);
}

void inspection_secret_text(const struct secret *secret, bool reveal, struct text *out) {
    bool printable = true;
    for (size_t i = 0; i < secret->length; i++)
        printable &= secret->value[i] >= 0x20 && secret->value[i] < 0x7F;
    if (!reveal) {
        text_add(out, "***");
        return;
    }
    for (size_t i = 0; i < secret->length && i < SHOWN_MAX; i++)
        if (printable)
            text_char(out, (char)secret->value[i]);
        else
            text_hex(out, secret->value[i], 2);
    if (secret->length > SHOWN_MAX)
        text_add(out, "...");
}
