#include "device/service/mqtt/parts.h"

void discovery_second(struct device *d) {
    (void)d;
}
void discovery_connected(struct device *d) {
    (void)d;
}
void mqtt_discover(struct device *d, unsigned seconds, const char *prefix) {
    (void)d, (void)seconds, (void)prefix;
}
