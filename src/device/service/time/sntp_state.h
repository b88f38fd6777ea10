/* What the time service keeps; apart from sntp.h so that struct device can hold it. */
#ifndef DEVICE_SERVICE_SNTP_STATE_H
#define DEVICE_SERVICE_SNTP_STATE_H
#include <stdbool.h>
#include <stdint.h>

struct sntp {
    int16_t socket;   /* -1: none */
    uint8_t server;   /* which one is asked */
    uint8_t naming_s; /* how long its address has been asked for */
    uint32_t address; /* of that server */
    bool waiting;     /* for an answer */
    bool estimated;   /* the clock goes on from before a restart; see clock_keep.h */
    bool proposed;    /* a jump that another answer has to confirm */
    int64_t proposal; /* minus uptime */
    uint64_t cookie;
    uint32_t left_s; /* until the next question or the end of waiting */
    uint32_t asked, answered, refused;
    uint64_t synced_s; /* uptime of the last good answer; 0: none */
};
#endif
