/* What the Wi-Fi service keeps; apart from wifi.h so that struct device can hold it. */
#ifndef DEVICE_SERVICE_WIFI_STATE_H
#define DEVICE_SERVICE_WIFI_STATE_H
#include <stdbool.h>
#include <stdint.h>

enum wifi_phase {
    WIFI_IDLE,    /* this platform has no radio to steer */
    WIFI_JOINING, /* a network was asked for */
    WIFI_PAUSE,   /* before the next try */
    WIFI_JOINED,
    WIFI_ACCESS_POINT, /* own network, to be set up or repaired */
};

struct wifi {
    uint8_t phase;        /* enum wifi_phase */
    uint8_t network;      /* 0 or 1: which of the two in the settings */
    uint16_t phase_s;     /* in the phase */
    uint16_t pause_s;     /* length of WIFI_PAUSE */
    uint16_t open_s;      /* length of WIFI_ACCESS_POINT; 0: until there is a network to join */
    uint8_t open_later_s; /* until OpenAP takes effect, + 1; 0: nothing planned */
    uint16_t open_later_for_s;
    uint32_t offline_s;     /* without network, the access point's time included */
    uint32_t settings_hash; /* of the settings in use */
    uint8_t changed_s;      /* since they are other ones */
    int16_t portal;         /* socket + 1 of the name server of the access point */
    uint32_t address;       /* last seen */
    uint8_t failures;       /* tries in a row */

    /* ping watchdog; see ping.c */
    uint32_t joined_s, silent_s; /* since joined; since the last reply */
    uint16_t ping_left_s;
    uint32_t pings, replies;
};
#endif
