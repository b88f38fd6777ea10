/* Wi-Fi: joins the first or the second network of the settings and comes back by itself, whatever
 * the router does. For the first three minutes without network it only tries; then it opens its own
 * access point for a minute (as long as ten while somebody uses it) and tries again, in turns, for
 * ever. So after the router is back, the plug is back within WIFI_RECOVERY_FIRST_S in the first
 * three minutes and within WIFI_RECOVERY_S later on, given that joining itself takes no longer than
 * WIFI_JOIN_S. Without any network in the settings the access point stays. */
#ifndef DEVICE_SERVICE_WIFI_H
#define DEVICE_SERVICE_WIFI_H
#include "device/service/service.h"

enum {
    WIFI_JOIN_S = 20,      /* given to one try */
    WIFI_PAUSE_MOST_S = 5, /* between tries */
    WIFI_PATIENCE_S = 180, /* of only trying */
    WIFI_OPEN_S = 60,      /* access point between tries */
    WIFI_OPEN_MOST_S = 600,
    /* a try that has just begun with the wrong network, the pauses, and the right one */
    WIFI_RECOVERY_FIRST_S = 2 * (WIFI_JOIN_S + WIFI_PAUSE_MOST_S),
    WIFI_RECOVERY_S = WIFI_OPEN_S + WIFI_RECOVERY_FIRST_S,
};

extern const struct service wifi_service;

/* Name of the network that is used or tried. */
const char *wifi_ssid(const struct device *d);
/* The access point for so many seconds (0: until a network is set). */
void wifi_open(struct device *d, unsigned seconds);
/* The same in 5 s, as command OpenAP. */
void wifi_open_later(struct device *d, unsigned seconds);
/* Leaves the network and joins again after `seconds`. */
void wifi_rejoin(struct device *d, unsigned seconds);
/* A reply to hal.ping. */
void device_on_ping(struct device *d);
/* Second tick of the ping watchdog. */
void ping_second(struct device *d);
#endif
