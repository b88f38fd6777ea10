/* What the discovery services keep; apart from their headers so that struct device can hold it. */
#ifndef DEVICE_SERVICE_DISCOVERY_STATE_H
#define DEVICE_SERVICE_DISCOVERY_STATE_H
#include <stdbool.h>
#include <stdint.h>

enum { SSDP_PEERS = 40, SSDP_PEER_S = 60 };

struct mdns {
    int16_t socket;        /* -1: none */
    uint8_t announcements; /* still to be made */
    uint32_t address;      /* that was announced */
};

struct ssdp {
    int16_t socket;
    uint8_t notify_left_s;
    char uuid[37];
    struct {
        uint32_t address; /* 0: free */
        uint8_t left_s;
    } peers[SSDP_PEERS];
};
#endif
