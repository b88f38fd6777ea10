/* What the buttons of scripts keep; apart from web_buttons.h so that struct device can hold it. */
#ifndef DEVICE_SERVICE_WEB_BUTTONS_STATE_H
#define DEVICE_SERVICE_WEB_BUTTONS_STATE_H
#include <stdbool.h>

enum { WEB_BUTTONS = 6 };

struct web_button {
    bool enabled;
    char label[24], color[16], command[64];
};
#endif
