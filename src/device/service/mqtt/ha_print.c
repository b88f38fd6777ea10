/* Entities as JSON, in both forms; see ha.h. Members come in OpenBeken's order. */
#include "device/identity.h"
#include "device/service/mqtt/ha.h"
#include "device/service/mqtt/parts.h"

#define ORIGIN_NAME "Plugsmith"

static void key_of(const struct ha_out *o, const char *key) {
    struct text *t = o->text;
    if (t->length && t->data[t->length - 1] != '{')
        text_char(t, ',');
    text_json_name(t, key);
}

void ha_text(const struct ha_out *o, const char *key, const char *value) {
    if (!value)
        return;
    key_of(o, key);
    text_json(o->text, value);
}

void ha_number(const struct ha_out *o, const char *key, int32_t value) {
    key_of(o, key);
    text_int(o->text, value);
}

void ha_topic(const struct ha_out *o, const char *key, const char *name, const char *end) {
    char topic[160];
    struct text t = text_start(topic, sizeof topic);
    bool silent = end && strcmp(end, "/get") == 0 && settings_flag(o->d, FLAG_NO_GET);
    text_add(&t, o->whole ? o->d->config.mqtt_client_id : "~");
    text_char(&t, '/');
    text_add(&t, name);
    text_add(&t, end && !silent ? end : "");
    ha_text(o, key, topic);
}

void ha_channel_topic(const struct ha_out *o, const char *key, int channel, const char *end) {
    char name[8];
    struct text t = text_start(name, sizeof name);
    text_int(&t, channel);
    ha_topic(o, key, name, end);
}

void ha_command(const struct ha_out *o, const char *key, const char *command) {
    char topic[160];
    struct text t = text_start(topic, sizeof topic);
    text_add(&t, "cmnd/");
    text_add(&t, o->d->config.mqtt_client_id);
    text_char(&t, '/');
    text_add(&t, command);
    ha_text(o, key, topic);
}

static bool id_char(char c) {
    return text_is_alpha(c) || text_is_digit(c) || c == '_' || c == '-';
}

void ha_unique(struct text *t, const struct device *d, const char *id) {
    for (const char *p = d->config.long_name; *p; p++)
        text_char(t, id_char(*p) ? *p : '_');
    if (*id)
        text_char(t, '_');
    text_add(t, id);
}

static void unique_member(const struct ha_out *o, const char *key, const char *id) {
    char unique[112];
    struct text t = text_start(unique, sizeof unique);
    ha_unique(&t, o->d, id);
    ha_text(o, key, unique);
}

static void device_block(const struct ha_out *o) {
    struct device *d = o->d;
    char address[16], url[40], mac[18];
    struct text t = text_start(url, sizeof url);
    key_of(o, "dev");
    text_add(o->text, "{\"ids\":[");
    text_json(o->text, d->config.long_name);
    text_add(o->text, "]");
    if (o->whole) {
        identity_mac(d, mac, ':');
        for (char *p = mac; *p; p++)
            *p = text_lower(*p);
        text_add(o->text, ",\"cns\":[[\"mac\",");
        text_json(o->text, mac);
        text_add(o->text, "]]");
    }
    ha_text(o, "name", d->config.short_name);
    ha_text(o, "sw", identity_version());
    ha_text(o, "mf", identity_maker(d));
    ha_text(o, "mdl", d->hal.chip.name);
    identity_address(d, address);
    text_add(&t, "http://");
    text_add(&t, address);
    text_add(&t, "/index");
    if (strcmp(address, "0.0.0.0") != 0) /* a bad URL would make the whole message invalid */
        ha_text(o, "cu", url);
    text_char(o->text, '}');
}

static void type_members(const struct ha_out *o, const struct ha_entity *e) {
    ha_text(o, "dev_cla", e->device_class);
    if (e->topic)
        ha_topic(o, "stat_t", e->topic, e->self ? NULL : "/get");
    ha_text(o, "stat_cla", e->state_class);
    ha_text(o, "unit_of_meas", e->unit);
}

static void rest(const struct ha_out *o, const struct ha_entity *e) {
    if (e->members)
        e->members(o, e);
    else
        type_members(o, e);
    ha_text(o, "entity_category", e->category);
    ha_text(o, "icon", e->icon);
}

void ha_print_alone(struct device *d, const struct ha_entity *e, struct text *t) {
    const struct ha_out o = {t, d, false};
    text_char(t, '{');
    device_block(&o);
    ha_text(&o, "name", e->name ? e->name : e->number);
    ha_text(&o, "~", d->config.mqtt_client_id);
    if (!settings_flag(d, FLAG_NO_AVAILABILITY))
        ha_text(&o, "avty_t", "~/connected");
    ha_text(&o, "pl_on", e->on);
    ha_text(&o, "pl_off", e->off);
    unique_member(&o, "uniq_id", e->id);
    ha_number(&o, "qos", 1);
    rest(&o, e);
    text_char(t, '}');
}

/* "sensor.obkaabbccdd_power": what Home Assistant calls the entity at first. */
static void default_id(const struct ha_out *o, const struct ha_entity *e) {
    char id[96];
    struct text t = text_start(id, sizeof id);
    const char *tail = e->name && !e->labelled && text_is_alpha(e->name[0]) ? e->name : e->id;
    text_add(&t, e->component);
    text_char(&t, '.');
    for (const char *p = o->d->config.short_name; *p; p++)
        text_char(&t, text_is_alpha(*p) || text_is_digit(*p) ? text_lower(*p) : '_');
    text_char(&t, '_');
    for (const char *p = tail; *p; p++)
        text_char(&t, text_is_alpha(*p) || text_is_digit(*p) ? text_lower(*p) : '_');
    ha_text(o, "def_ent_id", id);
}

static void member_name(const struct ha_out *o, const struct ha_entity *e) {
    char name[40];
    struct text t = text_start(name, sizeof name);
    if (e->name) {
        ha_text(o, "name", e->name);
        return;
    }
    if (e->only) {
        key_of(o, "name");
        text_add(o->text, "null"); /* the device's name */
        return;
    }
    text_char(&t, (char)(e->id[0] - 'a' + 'A'));
    for (const char *p = e->id + 1; *p; p++)
        text_char(&t, *p == '_' ? ' ' : *p);
    ha_text(o, "name", name);
}

void ha_print_member(struct device *d, const struct ha_entity *e, bool first, struct text *t) {
    const struct ha_out o = {t, d, true};
    if (!first)
        text_char(t, ',');
    text_json_name(t, e->id);
    text_char(t, '{');
    ha_text(&o, "p", e->component);
    member_name(&o, e);
    unique_member(&o, "uniq_id", e->id);
    default_id(&o, e);
    ha_text(&o, "pl_on", e->on);
    ha_text(&o, "pl_off", e->off);
    rest(&o, e);
    text_char(t, '}');
}

void ha_print_head(struct device *d, struct text *t) {
    const struct ha_out o = {t, d, true};
    text_char(t, '{');
    device_block(&o);
    text_add(t, ",\"o\":{");
    ha_text(&o, "name", ORIGIN_NAME);
    ha_text(&o, "sw", identity_version());
    text_char(t, '}');
    if (!settings_flag(d, FLAG_NO_AVAILABILITY))
        ha_topic(&o, "avty_t", "connected", NULL);
    ha_number(&o, "qos", 1);
    text_add(t, ",\"cmps\":{");
}
