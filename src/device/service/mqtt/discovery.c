/* Announcing the device to Home Assistant: all at once in one device message, or one message per
 * entity. What was announced is remembered in a file, so that what is gone later is taken back, and
 * a change of form hands the entities over instead of losing their history. Three messages a second
 * at most; afterwards the state of the channels follows.
 * Source: home-assistant/core: homeassistant/components/mqtt/discovery.py. */
#include "base/crc.h"
#include "device/service/mqtt/ha.h"
#include "device/service/mqtt/ha_list.h"
#include "device/service/mqtt/parts.h"
#include "device/store/files.h"

enum phase { IDLE, MIGRATE, ANNOUNCE, ANNOUNCED, TAKE_BACK, REMEMBER };
enum { PER_SECOND = 3, CHECK_S = 30, AT_BOOT_S = 1, CHANGED_S = 5, TOPIC = 160 };

/* <prefix>/<component>/<base>[_<id>]/config */
static void config_topic(char *out, const char *prefix, const char *component, const char *base,
                         const char *id) {
    struct text t = text_start(out, TOPIC);
    text_add(&t, prefix);
    text_char(&t, '/');
    text_add(&t, component);
    text_char(&t, '/');
    text_add(&t, base);
    text_add(&t, *id ? "_" : "");
    text_add(&t, id);
    text_add(&t, "/config");
}

/* Is what was announced still found at the same topics? */
static bool same_place(const struct device *d, const struct ha_list *a) {
    char base[72];
    ha_base(d, base, sizeof base);
    return strcmp(a->base, base) == 0 && strcmp(a->prefix, ha_prefix(d)) == 0;
}

/* --- the entities, one by one --- */

struct search {
    unsigned wanted, at;
    const char *component, *id;
    struct device *d;
    struct text *out;
    bool found;
};

static bool print_nth(const struct ha_entity *e, void *context) {
    struct search *s = context;
    if (s->at++ != s->wanted)
        return true;
    s->component = e->component;
    s->found = true;
    return false;
}

static bool same_entity(const struct ha_entity *e, void *context) {
    struct search *s = context;
    s->found = strcmp(e->component, s->component) == 0 && strcmp(e->id, s->id) == 0;
    return !s->found;
}

/* Is "component id" of the list an entity now? */
static bool is_there(struct device *d, const char *line) {
    char component[20];
    struct search s = {.component = component,
                       .id = ha_list_word(line, component, sizeof component)};
    ha_each(d, same_entity, &s);
    return s.found;
}

static bool print_alone_nth(const struct ha_entity *e, void *context) {
    struct search *s = context;
    char base[72], topic[TOPIC];
    if (!print_nth(e, context)) {
        ha_base(s->d, base, sizeof base);
        config_topic(topic, ha_prefix(s->d), e->component, base, e->id);
        ha_print_alone(s->d, e, s->out);
        mqtt_publish(s->d, topic, s->out->data, MQTT_RAW | MQTT_RETAIN | MQTT_TRANSIENT);
        return false;
    }
    return true;
}

/* False after the last. */
static bool announce_nth(struct device *d, unsigned n) {
    struct text t = text_start((char *)d->mqtt.lengthy.data, MQTT_PIECE);
    struct search s = {.wanted = n, .d = d, .out = &t};
    ha_each(d, print_alone_nth, &s);
    return s.found;
}

/* --- the device message --- */

static bool print_member_nth(const struct ha_entity *e, void *context) {
    struct search *s = context;
    if (print_nth(e, context))
        return true;
    ha_print_member(s->d, e, s->wanted == 0, s->out);
    return false;
}

/* Entities that are gone are named once more without anything, which removes them. */
static void print_gone(struct device *d, bool first, struct text *t) {
    struct ha_list a = ha_list_head(d);
    struct store_file_info file;
    char line[HA_LINE], component[20];
    if (!a.there || a.form != HA_FORM_DEVICE || !same_place(d, &a) ||
        store_file_find(&d->store, HA_LIST_FILE, &file) != STATUS_OK)
        return;
    for (uint32_t at = a.lines_at; ha_list_line(d, &file, &at, line);) {
        if (is_there(d, line))
            continue;
        const char *id = ha_list_word(line, component, sizeof component);
        if (t->size - t->length < strlen(id) + strlen(component) + 16)
            return;
        text_add(t, first ? "" : ",");
        text_json_name(t, id);
        text_add(t, "{\"p\":");
        text_json(t, component);
        text_char(t, '}');
        first = false;
    }
}

static bool device_piece(struct device *d, unsigned step, struct text *out) {
    struct search s = {.wanted = step - 1, .d = d, .out = out};
    if (step == 0) {
        ha_print_head(d, out);
        return true;
    }
    ha_each(d, print_member_nth, &s);
    if (s.found)
        return true;
    print_gone(d, s.at == 0, out);
    text_add(out, "}}");
    return false;
}

static bool hash_entity(const struct ha_entity *e, void *context) {
    struct search *s = context;
    struct text t = text_start(s->out->data, s->out->size);
    ha_print_member(s->d, e, true, &t);
    s->wanted = fnv1a_update(s->wanted, t.data, t.length);
    return true;
}

/* Of everything that is announced. */
static uint32_t hash_now(struct device *d) {
    struct text t = text_start((char *)d->mqtt.lengthy.data, MQTT_PIECE);
    struct search s = {.wanted = FNV1A_START, .d = d, .out = &t};
    ha_print_head(d, &t);
    s.wanted = fnv1a_update(s.wanted, t.data, t.length);
    ha_each(d, hash_entity, &s);
    return s.wanted;
}

/* --- the steps; each returns true when it used up its turn --- */

static void enter(struct device *d, enum phase phase) {
    d->mqtt.discovery.phase = (uint8_t)phase;
    d->mqtt.discovery.next = 0;
    d->mqtt.discovery.offset = 0;
}

static void publish_config(struct device *d, const char *topic, const char *payload) {
    mqtt_publish(d, topic, payload, MQTT_RAW | MQTT_TRANSIENT | (*payload ? 0U : MQTT_RETAIN));
}

static void device_topic(struct device *d, char *out) {
    char base[72];
    ha_base(d, base, sizeof base);
    config_topic(out, ha_prefix(d), "device", base, "");
}

/* Sends `payload` to the next old message that `wanted` picks; false when there is none left. */
static bool to_next_old(struct device *d, const struct ha_list *a, const char *payload,
                        bool (*wanted)(struct device *d, const char *line)) {
    struct store_file_info file;
    struct mqtt_discovery *h = &d->mqtt.discovery;
    char line[HA_LINE], component[20], topic[TOPIC];
    if (store_file_find(&d->store, HA_LIST_FILE, &file) != STATUS_OK)
        return false;
    if (a->form == HA_FORM_DEVICE) {
        if (h->offset)
            return false;
        h->offset = 1;
        config_topic(topic, a->prefix, "device", a->base, "");
        publish_config(d, topic, payload);
        return true;
    }
    if (!h->offset)
        h->offset = a->lines_at;
    while (ha_list_line(d, &file, &h->offset, line)) {
        if (wanted && !wanted(d, line))
            continue;
        const char *id = ha_list_word(line, component, sizeof component);
        config_topic(topic, a->prefix, component, a->base, id);
        publish_config(d, topic, payload);
        return true;
    }
    return false;
}

static bool is_gone(struct device *d, const char *line) {
    return !is_there(d, line);
}

static bool form_changed(const struct device *d, const struct ha_list *a) {
    return a->there && a->form != d->config.ha_form;
}

static bool step_migrate(struct device *d) {
    struct ha_list a = ha_list_head(d);
    if (form_changed(d, &a) && to_next_old(d, &a, "{\"migrate_discovery\":true}", NULL))
        return true;
    enter(d, ANNOUNCE);
    return false;
}

static bool step_announce(struct device *d) {
    char topic[TOPIC];
    if (mqtt_lengthy_busy(d))
        return true;
    if (d->config.ha_form == HA_FORM_ENTITIES) {
        if (!mqtt_has_room(d, MQTT_PIECE + TOPIC))
            return true;
        if (announce_nth(d, d->mqtt.discovery.next++))
            return true;
    } else {
        device_topic(d, topic);
        mqtt_publish_lengthy(d, topic, device_piece);
    }
    enter(d, ANNOUNCED);
    return d->config.ha_form == HA_FORM_DEVICE;
}

/* The device message counts only when the broker has it. */
static bool step_announced(struct device *d) {
    if (mqtt_lengthy_busy(d))
        return true;
    enter(d, TAKE_BACK);
    return false;
}

static bool step_take_back(struct device *d) {
    struct ha_list a = ha_list_head(d);
    bool all = form_changed(d, &a) || !same_place(d, &a);
    if (a.there && (all || a.form == HA_FORM_ENTITIES) &&
        to_next_old(d, &a, "", all ? NULL : is_gone))
        return true;
    enter(d, REMEMBER);
    return false;
}

static void step_remember(struct device *d) {
    struct ha_list a = ha_list_head(d);
    uint32_t hash = hash_now(d);
    bool same = a.there && !form_changed(d, &a) && same_place(d, &a) && a.hash == hash;
    enum status status = same ? STATUS_OK : ha_list_write(d, hash);
    if (status != STATUS_OK && status != STATUS_UNSUPPORTED)
        device_log2(d, LOG_WARN, "ha", "list of entities not kept: ", status_text(status));
    d->mqtt.discovery.known = hash;
    device_log(d, LOG_INFO, "ha", "announced to Home Assistant");
    enter(d, IDLE);
    mqtt_broadcast(d, true);
}

/* True when something was sent or is awaited. */
static bool step(struct device *d) {
    switch (d->mqtt.discovery.phase) {
    case MIGRATE:
        return step_migrate(d);
    case ANNOUNCE:
        return step_announce(d);
    case ANNOUNCED:
        return step_announced(d);
    case TAKE_BACK:
        return step_take_back(d);
    case REMEMBER:
        step_remember(d);
        return true;
    default:
        return true;
    }
}

/* What has been announced once is kept up to date: pins, names, version, address. */
static void look_for_changes(struct device *d) {
    struct mqtt_discovery *h = &d->mqtt.discovery;
    if (d->config.ha_form != HA_FORM_DEVICE || h->countdown_s || h->check_s--)
        return;
    h->check_s = CHECK_S;
    if (!h->known) {
        struct ha_list a = ha_list_head(d);
        h->known = a.there && a.form == HA_FORM_DEVICE ? a.hash : 0;
    }
    if (h->known && !d->mqtt.lengthy.busy && h->known != hash_now(d))
        mqtt_discover(d, CHANGED_S, "");
}

void discovery_second(struct device *d) {
    struct mqtt_discovery *h = &d->mqtt.discovery;
    if (h->phase == IDLE && h->countdown_s && --h->countdown_s == 0)
        enter(d, MIGRATE);
    if (h->phase == IDLE) {
        look_for_changes(d);
        return;
    }
    for (unsigned turns = 0; turns < PER_SECOND && h->phase != IDLE;)
        turns += step(d);
}

/* What was under way when the connection broke begins again. */
void discovery_connected(struct device *d) {
    struct mqtt_discovery *h = &d->mqtt.discovery;
    bool broken = h->phase != IDLE;
    enter(d, IDLE);
    h->check_s = 10;
    if ((broken || settings_flag(d, FLAG_DISCOVER_AT_BOOT)) && !h->countdown_s)
        h->countdown_s = AT_BOOT_S;
}

static void keep_prefix(struct device *d, const char *prefix) {
    struct text t = text_start(d->config.ha_prefix, sizeof d->config.ha_prefix);
    for (; *prefix; prefix++)
        text_char(&t, *prefix == ' ' || *prefix == '+' || *prefix == '#' ? '_' : *prefix);
    settings_changed(d);
}

void mqtt_discover(struct device *d, unsigned seconds, const char *prefix) {
    if (*prefix)
        keep_prefix(d, prefix);
    enter(d, IDLE);
    d->mqtt.discovery.countdown_s = (uint16_t)(seconds > UINT16_MAX ? UINT16_MAX : seconds);
}
