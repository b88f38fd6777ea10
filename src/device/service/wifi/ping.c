/* The ping watchdog: a plug can be joined to a network and still not be reached. From a minute
 * after joining on it pings a host of the settings; seconds without reply are the variable
 * noPingTime, and after as many of them as the settings say the station leaves and joins again.
 * Source: openshwprojects/OpenBK7231T_App: src/user_main.c. */
#include "device/device.h"
#include "device/script/events.h"
#include "device/service/wifi/wifi.h"

enum { BEGIN_S = 60, REJOIN_S = 10, PAUSE_S = 3 };

void device_on_ping(struct device *d) {
    d->net_wifi.replies++;
    d->net_wifi.silent_s = 0;
}

static void send(struct device *d) {
    struct wifi *w = &d->net_wifi;
    if (w->ping_left_s && --w->ping_left_s)
        return;
    int32_t interval = d->config.ping_interval;
    w->ping_left_s = (uint16_t)(interval < 1 ? PAUSE_S : interval > 3600 ? 3600 : interval);
    w->pings++;
    service_ping(d, d->config.ping_host);
}

void ping_second(struct device *d) {
    struct wifi *w = &d->net_wifi;
    if (!d->hal.ping || !d->config.ping_host[0])
        return;
    if (w->joined_s < BEGIN_S) {
        w->joined_s++;
        return;
    }
    send(d);
    w->silent_s++;
    events_change(d, EVENT_NO_PING_TIME, (int32_t)w->silent_s - 1, (int32_t)w->silent_s);
    if (d->config.ping_seconds > 0 && w->silent_s >= (uint32_t)d->config.ping_seconds) {
        device_log2(d, LOG_WARN, "wifi", "no reply from ", d->config.ping_host);
        wifi_rejoin(d, REJOIN_S);
    }
}
