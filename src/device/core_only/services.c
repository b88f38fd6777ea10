/* A plug without network: what the core asks of the services is answered here, so that relays,
 * buttons, lights, scripts and metering stand alone. What is published reaches the outlet only. */
#include "device/service/service.h"

#include "base/text.h"
#include "device/device.h"
#include "device/service/inbox.h"
#include "device/service/mqtt/mqtt.h"
#include "device/store/restore.h"

void services_start(struct device *d) {
    device_log(d, LOG_INFO, "boot", "a build without network");
}
void services_stop(struct device *d) {
    (void)d;
}
void services_second(struct device *d) {
    (void)d;
}
void services_poll(struct device *d) {
    (void)d;
}
uint32_t services_next_ms(const struct device *d) {
    (void)d;
    return UINT32_MAX;
}
void services_wake(struct device *d) {
    (void)d;
}

bool device_on_accept(struct device *d, int listener, int stream, uint32_t peer_address) {
    (void)d, (void)listener, (void)stream, (void)peer_address;
    return false;
}
size_t device_on_stream(struct device *d, int stream, enum hal_stream_event event, const void *data,
                        size_t size) {
    (void)d, (void)stream, (void)event, (void)data;
    return size;
}
void device_on_datagram(struct device *d, int socket, uint32_t address, uint16_t port,
                        const void *data, size_t size) {
    (void)d, (void)socket, (void)address, (void)port, (void)data, (void)size;
}

void mqtt_publish(struct device *d, const char *topic, const char *payload, unsigned how) {
    if (d->outlet.publish)
        d->outlet.publish(d->outlet.context, topic, payload, how & MQTT_QOS0 ? 0 : 1,
                          how & MQTT_RETAIN);
}
void device_publish(struct device *d, const char *topic, const char *payload, bool retain,
                    bool raw) {
    (void)raw;
    mqtt_publish(d, topic, payload, retain ? MQTT_RETAIN : 0);
}
void device_publish_reading(struct device *d, const char *name, const char *payload) {
    mqtt_publish(d, name, payload, MQTT_QOS0);
}
void device_publish_channel(struct device *d, int channel) {
    char topic[8], payload[16];
    struct text name = text_start(topic, sizeof topic);
    struct text value = text_start(payload, sizeof payload);
    text_int(&name, channel);
    text_int(&value, channel_get(d, channel));
    mqtt_publish(d, topic, payload, 0);
}

/* A configuration to take over comes through the network. */
bool restore_pending(struct device *d) {
    (void)d;
    return false;
}
