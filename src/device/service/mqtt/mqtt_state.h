/* What the MQTT service keeps. All buffers are here and nothing grows. Apart from mqtt.h so that
 * struct device can hold it. */
#ifndef DEVICE_SERVICE_MQTT_STATE_H
#define DEVICE_SERVICE_MQTT_STATE_H
#include "base/text.h"
#include "codec/net/mqtt.h"

struct device;

enum {
    MQTT_QUEUE = 6144,   /* messages waiting or not yet acknowledged */
    MQTT_CONTROL = 1024, /* packets that go before them */
    MQTT_PIECE = 1536,   /* of a message made piece by piece */
    MQTT_TOPIC_IN = 127, /* longest topic and payload that are taken */
    MQTT_PAYLOAD_IN = 2047,
    MQTT_IN = 2 + MQTT_TOPIC_IN + 2 + MQTT_PAYLOAD_IN + 1,
    MQTT_LIGHT_TOPICS = 6, /* light values with de-duplication */
    MQTT_LIGHT_VALUE = 32,
};

enum mqtt_phase {
    MQTT_OFF,      /* no broker configured, or no Wi-Fi */
    MQTT_WAITING,  /* until the next try */
    MQTT_OPENING,  /* name and TCP connection */
    MQTT_GREETING, /* CONNECT was sent */
    MQTT_UP,
};

enum mqtt_sending { SEND_NOTHING, SEND_CONTROL, SEND_QUEUE };

/* One value of the light: what was sent last, and what waits. */
struct mqtt_light_value {
    char sent[MQTT_LIGHT_VALUE], waiting[MQTT_LIGHT_VALUE];
    uint8_t age_s; /* since sent; UINT8_MAX: never or long ago */
    bool pending, retain;
};

/* Home Assistant discovery in progress; see discovery.c. */
struct mqtt_discovery {
    uint8_t phase;
    uint16_t countdown_s; /* of connection until it begins; 0: nothing planned */
    uint16_t next;        /* entity to be announced */
    uint32_t offset;      /* in the list of what was announced before */
    uint32_t known;       /* hash of what was announced last; 0: not known */
    uint8_t check_s;      /* until the next look whether something changed */
};

struct mqtt {
    /* connection */
    uint8_t phase; /* enum mqtt_phase */
    bool carried;  /* no stream: somebody else carries the messages */
    bool ping_sent;
    int16_t stream;
    uint16_t next_id;
    uint8_t failures;       /* tries in a row without success */
    uint8_t carried_s;      /* seconds that a carried connection has been coming up */
    uint64_t since_ms;      /* start of the phase */
    uint64_t wait_ms;       /* length of MQTT_WAITING */
    uint64_t heard_ms;      /* last byte from the broker */
    uint64_t spoke_ms;      /* last packet to it */
    uint64_t ping_ms;       /* when the ping went out */
    uint64_t lost_ms;       /* when the connection was lost; 0: not since boot */
    uint32_t settings_hash; /* of the settings the connection was made with */
    const char *last_error; /* in words; "" */
    struct mqtt_reader reader;
    uint8_t in[MQTT_IN];

    /* what goes out: control packets first, then the queue, each packet whole */
    uint16_t control_used;
    uint16_t queue_used, queue_next; /* queue_next: first record not sent */
    uint16_t partial;                /* bytes written of what is being sent */
    uint8_t sending;                 /* enum mqtt_sending */
    uint8_t control[MQTT_CONTROL];
    uint8_t queue[MQTT_QUEUE];
    struct {
        bool busy, begun, made_all;
        bool (*piece)(struct device *d, unsigned step, struct text *out);
        uint16_t step, used, written, id;
        uint32_t length, made; /* of the payload */
        uint64_t sent_ms;      /* 0: not wholly sent */
        char topic[128];
        uint8_t data[MQTT_PIECE];
    } lengthy;

    /* broadcasts; see broadcast.c */
    int16_t item;
    bool broadcasting, whole; /* whole: everything, not only light and channels */
    uint8_t items_per_second;
    uint16_t broadcast_s, broadcast_left_s;
    uint16_t sensor_s, state_s, sensor_left_s, state_left_s;
    uint16_t bench_left;
    struct mqtt_light_value light[MQTT_LIGHT_TOPICS];
    struct mqtt_discovery discovery;

    uint32_t connects, published, received, dropped;
};
#endif
