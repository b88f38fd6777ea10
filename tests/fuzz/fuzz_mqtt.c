/* The MQTT reader and decoder on any bytes, in pieces whose size the first byte chooses. */
#include "codec/net/mqtt.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    uint8_t body[64];
    struct mqtt_reader r = mqtt_reader_start(body, sizeof body);
    size_t piece = size ? data[0] % 16 + 1U : 1;
    for (size_t at = 1, used; at < size; at += used) {
        size_t n = size - at < piece ? size - at : piece;
        enum mqtt_found found = mqtt_feed(&r, data + at, n, &used);
        if (found == MQTT_FOUND_NONSENSE)
            break;
        struct mqtt_packet p;
        struct span filter;
        size_t walk = 0;
        uint8_t qos;
        if (found == MQTT_FOUND_PACKET &&
            mqtt_decode(r.first, r.body, mqtt_reader_size(&r), r.cut, &p, NULL) == STATUS_OK) {
            if (p.type == MQTT_SUBSCRIBE)
                while (mqtt_filter_next(p.payload, &walk, &filter, &qos))
                    mqtt_topic_matches(filter, filter);
            if (p.type == MQTT_PUBLISH && p.topic.size > sizeof body)
                abort();
        }
        if (!used)
            abort();
    }
    return 0;
}
