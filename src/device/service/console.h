/* The TCP console: command lines on port 100 while flag 5 is set, one client at a time. What a
 * command logs goes back to the client; GetChannel, GetReadings and ShortName answer bare values.
 */
#ifndef DEVICE_SERVICE_CONSOLE_H
#define DEVICE_SERVICE_CONSOLE_H
#include "device/service/service.h"

enum { TCP_CONSOLE_LINE = 512 };

struct tcp_console {
    int listener, stream; /* handles + 1; 0: none */
    bool admitted;        /* the password, when there is one, was given */
    uint8_t wrong;        /* passwords */
    uint16_t fill;
    uint64_t moved_ms;
    char line[TCP_CONSOLE_LINE];
};

extern const struct service console_service;
#endif
