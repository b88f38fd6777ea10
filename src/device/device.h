/* The device: the whole firmware as one deterministic machine in one struct. A port fills a
 * `struct hal`, calls device_start once, then device_poll whenever the time it returned has come
 * or something entered by device_on_*. No heap, no globals, no clock of its own: same inputs, same
 * outputs, so a thousand of them can live in one process and a month can be run in seconds.
 *
 * Order inside a poll: buttons and inputs, script threads, repeating events, light transitions,
 * Wi-Fi LED; then, for each full second passed, one second tick. */
#ifndef DEVICE_H
#define DEVICE_H
#include "codec/openbeken/obk_config.h"
#include "device/board/board.h"
#include "device/build.h"
#include "device/channel/channel.h"
#include "device/hal.h"
#include "device/light/light.h"
#include "device/log.h"
#include "device/meter/meter.h"
#include "device/script/command_state.h"
#include "device/script/state.h"
#include "device/store/settings.h"
#include "device/store/store.h"
#include "device/wiring.h"

#if PLUGSMITH_SERVICES
#include "device/service/console.h"
#include "device/service/discovery/discovery_state.h"
#include "device/service/http/http_state.h"
#include "device/service/hub.h"
#include "device/service/mqtt/mqtt_state.h"
#include "device/service/requests/requests_state.h"
#include "device/service/rest/api_state.h"
#include "device/service/rest/web_buttons_state.h"
#include "device/service/time/sntp_state.h"
#include "device/service/update/update_state.h"
#include "device/service/wifi/wifi_state.h"
#endif

/* Boot counters; the energy room adds its own records to the store. */
struct boot_counts {
    uint32_t started, completed; /* boots, and boots that reached stability */
};

enum safe_reason { SAFE_NO, SAFE_CRASHES, SAFE_ASKED };

/* Whoever wants to see what is published, beside the broker: consoles and tests. */
struct device_outlet {
    /* Topic as the broker sees it. */
    void (*publish)(void *context, const char *topic, const char *payload, uint8_t qos,
                    bool retain);
    /* A message of `length` bytes that is made piece by piece (retained, QoS 1): its pieces in
     * order, with `more` false at the last. */
    void (*piece)(void *context, const char *topic, const char *piece, uint32_t length, bool more);
    void *context;
};

struct device {
    struct hal hal;
    const struct wiring *wiring; /* what travels upwards */
    struct obk_config config;    /* settings; see store/settings.h */
    bool config_dirty;
    struct store store;
    struct device_log log;
    struct board board;
    struct channels channels;
    struct light light;
    struct command_state command;
    struct script_state script;
    struct meter_state metering;
    struct device_outlet outlet;
#if PLUGSMITH_SERVICES
    struct service_hub hub;
    struct http http;
    struct tcp_console console;
    struct update update;
    struct mqtt mqtt;
    struct wifi net_wifi;
    struct sntp sntp;
    struct mdns mdns;
    struct ssdp ssdp;
    struct api_state api;
    struct requests requests;
    struct web_button web_buttons[WEB_BUTTONS];
#endif

    struct boot_counts boots;
    enum safe_reason safe;
    enum hal_reset_cause cause;
    bool running;   /* between boot and stop */
    bool boot_done; /* this boot has reached stability */
    uint8_t crash_streak;
    uint8_t wifi;          /* enum hal_wifi_state */
    bool mqtt_connected;   /* kept by the network room */
    uint16_t restart_in_s; /* 0: none asked for */

    uint64_t now_ms;    /* of the last poll */
    uint32_t second_ms; /* since the last second tick */
    uint32_t uptime_s;
    /* Device clock: UTC seconds at uptime 0 of clock_base_s; the script room keeps time zone and
     * daylight saving. */
    bool clock_set;
    int64_t clock_epoch; /* advances with each second tick */
    int64_t clock_start; /* clock at boot while not set: 0 */
};

/* Clears the struct and takes the platform over. Nothing runs yet. */
void device_init(struct device *d, const struct hal *hal);
/* Boot: log, store, settings, relays (before anything else), then commands, scripts, services.
 * Always succeeds in some form: what is missing is said in the log. */
void device_start(struct device *d);
/* Runs what is due at `now_ms` (never going backwards) and returns when to call again, in
 * milliseconds of the same clock. */
uint64_t device_poll(struct device *d, uint64_t now_ms);
/* Stops scripts and pins (outputs keep their level), saves what is pending. */
void device_stop(struct device *d);
/* Factory configuration; files stay. */
void device_factory(struct device *d);
/* Saves, then asks the platform for a warm restart after `seconds` second ticks. */
void device_restart(struct device *d, unsigned seconds);
/* Energy, light, channels and settings, as far as they changed: before the chip stops. */
void device_save(struct device *d);
/* The next boot will be in safe mode. */
void device_ask_safe_mode(struct device *d);
/* Why safe mode is on, in one sentence; "" when it is not. */
const char *device_safe_text(const struct device *d);
const char *device_cause_text(enum hal_reset_cause cause);
/* Incomplete boots in a row ($failedBoots). */
uint32_t device_failed_boots(const struct device *d);

/* Copies the log of this start into a file when it is time and wanted (called by the core). */
void device_startup_log(struct device *d);
/* This boot is stable (called by the core). */
void device_boot_complete(struct device *d);

/* What happens outside. An edge on a pin (needed only for pulse inputs and to wake early). */
void device_on_edge(struct device *d, unsigned pin, bool level);
void device_on_uart(struct device *d, unsigned port, const uint8_t *data, size_t size);
void device_on_wifi(struct device *d, enum hal_wifi_state state);
/* A connection came in at a listening handle; false: nobody wants it, the port closes it. */
bool device_on_accept(struct device *d, int listener, int stream, uint32_t peer_address);
/* Returns how many bytes of DATA were taken; the port offers the rest again after a poll. */
size_t device_on_stream(struct device *d, int stream, enum hal_stream_event event, const void *data,
                        size_t size);
void device_on_datagram(struct device *d, int socket, uint32_t address, uint16_t port,
                        const void *data, size_t size);
/* One second tick and one quick tick by hand, for scenario operations. */
void device_second(struct device *d);
void device_tick(struct device *d, uint32_t elapsed_ms);

/* Publishing, QoS 1: `topic` without the client prefix and "/get", unless raw. */
void device_publish(struct device *d, const char *topic, const char *payload, bool retain,
                    bool raw);
/* A reading of a meter, QoS 0: "voltage", "230.1". */
void device_publish_reading(struct device *d, const char *name, const char *payload);
void device_publish_channel(struct device *d, int channel);
#endif
