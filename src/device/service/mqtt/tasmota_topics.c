/* See tasmota_topics.h. */
#include "device/service/mqtt/tasmota_topics.h"

void tasmota_reply(struct device *d, const char *line) {
    (void)d, (void)line;
}

void tasmota_tele(struct device *d, const char *what) {
    (void)d, (void)what;
}
