/* The names; see identity.h. */
#include "device/identity.h"

#include "base/text.h"
#include "device/device.h"

#ifndef PLUGSMITH_VERSION
#define PLUGSMITH_VERSION "0.1.0" /* freestanding builds may be made without CMake's definition */
#endif

const char *identity_version(void) {
    return PLUGSMITH_VERSION;
}

const char *identity_maker(const struct device *d) {
    static const struct {
        const char *prefix, *maker;
    } makers[] = {
        {"BK", "Beken Corporation"}, {"BL", "Bouffalo Lab"}, {"LN", "LightningSemi"},
        {"W", "Winner Micro"},       {"XR", "Xradio Tech"},  {"RTL", "Realtek"},
        {"ESP", "Espressif"},
    };
    for (unsigned i = 0; i < sizeof makers / sizeof *makers; i++)
        if (text_starts(d->hal.chip.name, makers[i].prefix))
            return makers[i].maker;
    return "unknown";
}

void identity_address(const struct device *d, char *buffer) {
    uint32_t address = d->hal.wifi_address ? d->hal.wifi_address(d->hal.context) : 0;
    struct text t = text_start(buffer, 16);
    for (int shift = 24; shift >= 0; shift -= 8) {
        text_uint(&t, address >> shift & 0xFF);
        if (shift)
            text_char(&t, '.');
    }
}

void identity_mac(const struct device *d, char *buffer, char between) {
    struct text t = text_start(buffer, between ? 18 : 13);
    for (unsigned i = 0; i < 6; i++) {
        if (i && between)
            text_char(&t, between);
        text_hex(&t, d->config.mac[i], 2);
    }
}
