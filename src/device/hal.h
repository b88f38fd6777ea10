/* All that a platform has to give. A port fills one `struct hal` with functions and a context; the
 * device calls nothing else. A function that is NULL is something this platform cannot do: the
 * device then goes on without it and says so once, in words, in its log. Calls in must not call
 * back into the device; what happens outside comes in through device_on_*, from the same thread as
 * device_poll. */
#ifndef DEVICE_HAL_H
#define DEVICE_HAL_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum hal_pin_mode {
    HAL_PIN_OFF, /* high impedance, no PWM, ADC or interrupt */
    HAL_PIN_INPUT,
    HAL_PIN_INPUT_PULL_UP,
    HAL_PIN_INPUT_PULL_DOWN,
    HAL_PIN_OUTPUT,
};

enum hal_reset_cause {
    HAL_RESET_POWER,
    HAL_RESET_SOFTWARE,
    HAL_RESET_WATCHDOG,
    HAL_RESET_PIN_WAKE,
    HAL_RESET_TIMER_WAKE,
    HAL_RESET_CRASH, /* the port's fault handler restarted the chip */
    HAL_RESET_BROWN_OUT,
};

/* Wi-Fi states, with the numbers scripts see in the event WiFiState. */
enum hal_wifi_state {
    HAL_WIFI_OFF,
    HAL_WIFI_CONNECTING,
    HAL_WIFI_DISCONNECTED,
    HAL_WIFI_AUTH_FAILED,
    HAL_WIFI_CONNECTED,
    HAL_WIFI_AP_UP,
    HAL_WIFI_AP_FAILED,
};

/* What a stream can tell. After CLOSED (by the peer, by an error, or a connection that failed) its
 * handle is gone; a stream the device closed itself tells nothing more. The data of CLOSED may be a
 * text that says why: a constant of the port, NUL-terminated. */
enum hal_stream_event { HAL_STREAM_OPEN, HAL_STREAM_DATA, HAL_STREAM_WRITABLE, HAL_STREAM_CLOSED };

/* What is asked of the other end of a stream with TLS. The bytes need to live only during the call.
 */
struct hal_tls {
    bool verify;    /* a valid certificate for the host that was asked for */
    const char *ca; /* PEM or DER: one of these signed it; NULL: those the platform trusts */
    size_t ca_size;
};

enum hal_name { HAL_NAME_UNKNOWN, HAL_NAME_ASKING, HAL_NAME_FOUND };

/* Where the device may keep things in flash, and what the chip has. */
struct hal_chip {
    const char *name;      /* OpenBeken's chip name: "BK7231N", … */
    uint8_t pins;          /* GPIO numbers are 0 … pins-1 */
    uint64_t pwm_pins;     /* bit per pin */
    uint64_t adc_pins;     /* bit per pin */
    uint32_t store_offset; /* area of the key-value log: whole sectors */
    uint32_t store_size;   /* 0: nothing is remembered */
    uint32_t obk_offset;   /* an OpenBeken configuration block to take over; 0: none */
    uint32_t obk_vars_offset, obk_vars_size; /* OpenBeken's EasyFlash store; size 0: none */
    uint32_t erase_cycles;              /* endurance of a sector, from the flash's data sheet */
    uint32_t clock_step_us;             /* resolution of now_us; 0: 1 µs */
    uint32_t slot_offset[2], slot_size; /* places for a firmware; size 0: there is only one */
    uint32_t boot_offset;               /* two sectors that say which one starts */
    uint8_t slot_running;               /* filled in by the bootloader */
    bool holds_pins;                    /* outputs keep their level through a warm restart */
};

struct hal {
    void *context;
    struct hal_chip chip;

    /* GPIO. Changing the mode ends PWM and ADC on that pin. `write` before or after mode OUTPUT
     * both hold: the level written last is driven. */
    void (*pin_mode)(void *context, unsigned pin, enum hal_pin_mode mode);
    void (*pin_write)(void *context, unsigned pin, bool level);
    bool (*pin_read)(void *context, unsigned pin);
    /* PWM: duty in 1/10000 (10000: always high). */
    void (*pwm_set)(void *context, unsigned pin, uint32_t frequency_hz, uint32_t duty);
    /* ADC: raw 10-bit-scaled reading 0 … 1023. */
    int (*adc_read)(void *context, unsigned pin);

    /* What needs times of microseconds, so that the platform does it with interrupts off.
     * pin_levels: holds the pin low for `low_us`, lets go of it (pull-up), and measures how long
     * each level that follows lasts (µs, 255 at most) until `count` levels or 1 ms without change;
     * returns how many. one_wire: reset pulse, presence, then writes and reads bytes on a 1-Wire
     * bus; false: nobody is there. */
    size_t (*pin_levels)(void *context, unsigned pin, uint32_t low_us, uint8_t *lengths_us,
                         size_t count);
    bool (*one_wire)(void *context, unsigned pin, const uint8_t *write, size_t write_size,
                     uint8_t *read, size_t read_size);

    /* UART `port` 0 or 1; parity 0 none, 1 odd, 2 even; received bytes come by device_on_uart. */
    bool (*uart_open)(void *context, unsigned port, uint32_t baud, unsigned parity, unsigned stop);
    size_t (*uart_write)(void *context, unsigned port, const uint8_t *data, size_t size);

    /* NOR flash, 4096-byte sectors. program clears bits only. False: failed. */
    bool (*flash_read)(void *context, uint32_t offset, void *data, size_t size);
    bool (*flash_program)(void *context, uint32_t offset, const void *data, size_t size);
    bool (*flash_erase)(void *context, uint32_t offset);

    /* Microseconds since the chip started; and a random 32-bit number. */
    uint64_t (*now_us)(void *context);
    uint32_t (*random)(void *context);
    /* Chip temperature in 1/10 °C. */
    int (*temperature)(void *context);

    enum hal_reset_cause (*reset_cause)(void *context);
    void (*watchdog_feed)(void *context);
    /* Asks for a warm restart; it may happen after the call returned. */
    void (*restart)(void *context);
    /* Sleeps without radio; 0 seconds: until a wake pin. Wakes through reset. */
    void (*deep_sleep)(void *context, uint32_t seconds, uint64_t wake_pins, uint64_t wake_high);
    /* Saves power while running: 0 off, 1 radio sleep, 2 and above deeper. */
    void (*power_save)(void *context, unsigned level);
    /* RAM that keeps its content through a warm restart (crash, watchdog, software): *size bytes.
     */
    void *(*retained)(void *context, size_t *size);

    /* Wi-Fi: state changes come by device_on_wifi. An empty ssid disconnects. */
    void (*wifi_mac)(void *context, uint8_t mac[6]);
    bool (*wifi_connect)(void *context, const char *ssid, const char *password);
    bool (*wifi_access_point)(void *context, const char *ssid, const char *password);
    int (*wifi_rssi)(void *context);
    /* Own IPv4 address, most significant byte first; 0: none. */
    uint32_t (*wifi_address)(void *context);
    /* Asks for an echo of `host`, without waiting; device_on_ping says that it came. With the
     * context of the network. */
    void (*ping)(void *context, const char *host);
    /* RAM for a whole image of `size` bytes, so that an update can be verified before the flash is
     * touched; the same again when asked again, and NULL on chips that have not as much. */
    void *(*stage)(void *context, size_t size);

    /* Non-blocking streams and datagrams. A handle is 0 … 32767 and names one stream or socket (one
     * number space); -1 means it failed; closing is always allowed. Progress comes by
     * device_on_accept, device_on_stream and device_on_datagram. `host` is a dotted address or a
     * name the port resolves without blocking. tcp_write takes what fits and returns how much;
     * HAL_STREAM_WRITABLE follows when it took less. With `tls` (NULL: plain) the port does the
     * handshake below the stream and OPEN comes after it; a port without TLS answers -1. */
    int (*tcp_listen)(void *context, uint16_t port);
    int (*tcp_connect)(void *context, const char *host, uint16_t port, const struct hal_tls *tls);
    size_t (*tcp_write)(void *context, int stream, const void *data, size_t size);
    void (*tcp_close)(void *context, int stream);
    int (*udp_open)(void *context, uint16_t port, uint32_t multicast_group);
    bool (*udp_send)(void *context, int socket, uint32_t address, uint16_t port, const void *data,
                     size_t size);
    void (*udp_close)(void *context, int socket);
    /* The address of a name or dotted address, without waiting: ASKING until it is known, then ask
     * again. A port forgets what it knows after a minute or as the name server says. */
    enum hal_name (*resolve)(void *context, const char *name, uint32_t *address);
    void *net;         /* the context of these functions when it is another one; NULL: the same */
    uint16_t web_port; /* where the web server listens; 0: 80 */
};

enum { HAL_FLASH_SECTOR = 4096 };
#endif
