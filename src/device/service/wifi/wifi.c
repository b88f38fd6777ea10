/* The Wi-Fi state machine; see wifi.h. */
#include "device/service/wifi/wifi.h"

#include "base/crc.h"
#include "device/device.h"
#include "device/script/events.h"

enum { OPEN_LATER_S = 5, SETTLE_S = 2 };

static uint32_t settings_hash(const struct device *d) {
    const struct obk_config *c = &d->config;
    uint32_t hash = fnv1a_update(FNV1A_START, c->wifi_ssid, sizeof c->wifi_ssid);
    hash = fnv1a_update(hash, c->wifi_pass, sizeof c->wifi_pass);
    hash = fnv1a_update(hash, c->wifi_ssid2, sizeof c->wifi_ssid2);
    return fnv1a_update(hash, c->wifi_pass2, sizeof c->wifi_pass2);
}

const char *wifi_ssid(const struct device *d) {
    return d->net_wifi.network ? d->config.wifi_ssid2 : d->config.wifi_ssid;
}

static bool any_network(const struct device *d) {
    return d->config.wifi_ssid[0] || d->config.wifi_ssid2[0];
}

static void enter(struct device *d, enum wifi_phase phase) {
    d->net_wifi.phase = (uint8_t)phase;
    d->net_wifi.phase_s = 0;
}

static void pause(struct device *d, unsigned seconds) {
    d->net_wifi.pause_s = (uint16_t)seconds;
    enter(d, WIFI_PAUSE);
}

static void join(struct device *d) {
    struct wifi *w = &d->net_wifi;
    w->settings_hash = settings_hash(d);
    enter(d, WIFI_JOINING);
    d->wifi = HAL_WIFI_CONNECTING;
    if (!d->hal.wifi_connect(d->hal.context, wifi_ssid(d),
                             w->network ? d->config.wifi_pass2 : d->config.wifi_pass))
        pause(d, WIFI_PAUSE_MOST_S);
}

/* Chooses the network of the next try: the other one, when it is set. */
static void next_network(struct device *d) {
    struct wifi *w = &d->net_wifi;
    w->network = w->network ? d->config.wifi_ssid[0] == '\0' : d->config.wifi_ssid2[0] != '\0';
}

static void failed(struct device *d) {
    struct wifi *w = &d->net_wifi;
    uint32_t chance = d->hal.random ? d->hal.random(d->hal.context) : 0;
    if (w->failures < UINT8_MAX)
        w->failures++;
    next_network(d);
    if (w->offline_s >= WIFI_PATIENCE_S && d->hal.wifi_access_point) {
        wifi_open(d, WIFI_OPEN_S);
        w->offline_s = 0;
        return;
    }
    pause(d, 1 + chance % WIFI_PAUSE_MOST_S);
}

void wifi_open(struct device *d, unsigned seconds) {
    struct wifi *w = &d->net_wifi;
    if (!d->hal.wifi_access_point)
        return;
    w->open_s = (uint16_t)(any_network(d) ? seconds : 0);
    w->settings_hash = settings_hash(d);
    enter(d, WIFI_ACCESS_POINT);
    device_log2(d, LOG_WARN, "wifi", "own access point: ", d->config.long_name);
    d->hal.wifi_access_point(d->hal.context, d->config.long_name, "");
}

void wifi_open_later(struct device *d, unsigned seconds) {
    d->net_wifi.open_later_s = OPEN_LATER_S;
    d->net_wifi.open_later_for_s = (uint16_t)seconds;
}

static bool open_is_due(struct device *d) {
    struct wifi *w = &d->net_wifi;
    if (!w->open_later_s || --w->open_later_s)
        return false;
    if (d->hal.wifi_connect)
        d->hal.wifi_connect(d->hal.context, "", "");
    wifi_open(d, w->open_later_for_s);
    return true;
}

void wifi_rejoin(struct device *d, unsigned seconds) {
    if (!d->hal.wifi_connect)
        return;
    d->hal.wifi_connect(d->hal.context, "", "");
    pause(d, seconds);
    device_on_wifi(d, HAL_WIFI_DISCONNECTED);
}

/* The second network comes first when a script has said so. */
static bool second_first(const struct device *d) {
    unsigned slot = d->command.ssid_slot;
    return slot && d->config.wifi_ssid2[0] && channel_retained(d, slot - 1) == 1;
}

static void begin(struct device *d) {
    d->net_wifi.network = second_first(d);
    if (!any_network(d)) {
        wifi_open(d, 0);
        return;
    }
    if (!d->config.wifi_ssid[0])
        d->net_wifi.network = 1;
    join(d);
}

static void start(struct device *d) {
    d->net_wifi = (struct wifi){.phase = WIFI_IDLE};
    if (d->hal.wifi_connect)
        begin(d);
}

static void joined(struct device *d) {
    struct wifi *w = &d->net_wifi;
    w->failures = 0;
    w->offline_s = 0;
    w->joined_s = w->silent_s = 0;
    enter(d, WIFI_JOINED);
    device_log2(d, LOG_INFO, "wifi", "joined ", *wifi_ssid(d) ? wifi_ssid(d) : "a network");
}

static void watch_address(struct device *d) {
    struct wifi *w = &d->net_wifi;
    uint32_t address = d->hal.wifi_address ? d->hal.wifi_address(d->hal.context) : 0;
    if (address == w->address)
        return;
    w->address = address;
    if (address)
        events_fire(d, EVENT_IP_CHANGE, (int32_t)address, 0, 0);
}

/* Is somebody looking at the pages over the access point? */
static bool in_use(const struct device *d) {
    unsigned streams = 0;
    for (unsigned i = 0; i < HUB_HANDLES; i++)
        streams += d->hub.open[i].owner && !d->hub.open[i].datagrams;
    return streams > 1; /* one is the listener */
}

static void access_point_second(struct device *d) {
    struct wifi *w = &d->net_wifi;
    bool changed = w->settings_hash != settings_hash(d);
    if (!any_network(d))
        return;
    if (changed && w->phase_s >= SETTLE_S) { /* the page that changed them still gets its answer */
        begin(d);
        return;
    }
    if (w->open_s && w->phase_s >= w->open_s && (!in_use(d) || w->phase_s >= WIFI_OPEN_MOST_S))
        join(d);
}

/* The page that changed the network still gets its answer. Where somebody else carries our messages
 * there is no network that could be left. */
static bool changed_for_long(struct device *d) {
    struct wifi *w = &d->net_wifi;
    if (w->settings_hash == settings_hash(d) || d->mqtt.carried) {
        w->changed_s = 0;
        return false;
    }
    return ++w->changed_s >= SETTLE_S;
}

static void change_network(struct device *d) {
    device_log(d, LOG_INFO, "wifi", "settings changed, joining anew");
    wifi_rejoin(d, 1);
    d->net_wifi.network = d->config.wifi_ssid[0] == '\0';
    if (!any_network(d))
        wifi_open(d, 0);
}

static void second(struct device *d) {
    struct wifi *w = &d->net_wifi;
    if (w->phase == WIFI_IDLE || open_is_due(d))
        return;
    if (w->phase_s < UINT16_MAX)
        w->phase_s++;
    if (w->phase != WIFI_JOINED)
        w->offline_s++;
    if (w->phase != WIFI_JOINED && d->wifi == HAL_WIFI_CONNECTED) {
        joined(d);
        return;
    }
    switch (w->phase) {
    case WIFI_JOINING:
        if (d->wifi == HAL_WIFI_DISCONNECTED || d->wifi == HAL_WIFI_AUTH_FAILED ||
            w->phase_s >= WIFI_JOIN_S)
            failed(d);
        break;
    case WIFI_PAUSE:
        if (w->phase_s >= w->pause_s)
            join(d);
        break;
    case WIFI_JOINED:
        if (changed_for_long(d)) {
            change_network(d);
            break;
        }
        watch_address(d);
        ping_second(d);
        if (w->phase == WIFI_JOINED && d->wifi != HAL_WIFI_CONNECTED)
            failed(d);
        break;
    default:
        access_point_second(d);
    }
}

const struct service wifi_service = {.name = "WiFi", .start = start, .second = second};
