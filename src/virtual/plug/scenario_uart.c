/* The UART in scenarios: bytes that arrive, the receive ring they wait in while nothing listens,
 * and a record of what the device sends. A ring of n bytes holds n - 1, as rings without a count
 * do; what does not fit is lost. Also one tick or one poll of a single driver. */
#include "base/text.h"
#include "device/command/drivers.h"
#include "virtual/plug/scenario_rooms.h"
#include "virtual/plug/scenario_rows.h"

#include <stdio.h>
#include <string.h>

/* Bytes written in hex, blanks allowed; returns how many, -1 (and a problem noted) when it is none.
 */
static int hex_read(struct scenario *s, const char *text, uint8_t *out) {
    int count = 0;
    for (const char *p = text; *p; p++) {
        if (*p == ' ')
            continue;
        int high = text_hex_digit(p[0]), low = high < 0 ? -1 : text_hex_digit(p[1]);
        if (low < 0 || count == SCENARIO_UART) {
            scenario_bad(s, "bytes in hex, two digits each", text);
            return -1;
        }
        out[count++] = (uint8_t)(high << 4 | low);
        p++;
    }
    return count;
}

static const char *hex_text(struct scenario *s, const uint8_t *bytes, size_t size) {
    char text[3 * 64 + 4] = "";
    for (size_t i = 0; i < size && i < 64; i++)
        snprintf(text + 2 * i, 3, "%02X", bytes[i]);
    return scenario_text_of(s, size ? text : "nothing").data;
}

/* --- what the device hears --- */

static void hand_over(struct scenario *s) {
    struct scenario_uart *u = &s->uart;
    if (!DEVICE->metering.driver || !DEVICE->metering.driver->uart)
        return;
    device_on_uart(DEVICE, DEVICE->metering.uart.port, u->ring, u->ring_count);
    u->ring_count = 0;
}

OP(uart_in) {
    (void)n;
    struct scenario_uart *u = &s->uart;
    uint8_t bytes[SCENARIO_UART];
    int count = hex_read(s, a[0].text.data, bytes);
    for (int i = 0; i < count; i++)
        if (u->ring_count + 1 < (u->ring_size ? u->ring_size : SCENARIO_UART_RING))
            u->ring[u->ring_count++] = bytes[i];
    hand_over(s);
}

OP(rx_init) {
    (void)n;
    double size = a[0].number;
    if (size < 2 || size > SCENARIO_UART) {
        scenario_bad(s, "a size from 2 to 4096", "");
        return;
    }
    s->uart.ring_size = (unsigned)size;
    s->uart.ring_count = 0;
}

OP(rx_drop) {
    (void)n;
    struct scenario_uart *u = &s->uart;
    unsigned drop = a[0].number > u->ring_count ? u->ring_count : (unsigned)a[0].number;
    u->ring_count -= drop;
    memmove(u->ring, u->ring + drop, u->ring_count);
}

NUMBER(rx_count, s->uart.ring_count)

static double rx_byte(struct scenario *s, args_t a, unsigned n) {
    (void)n;
    unsigned i = (unsigned)a[0].number;
    return i < s->uart.ring_count ? s->uart.ring[i] : 0;
}

/* --- what the device sends --- */

static void record(void *context, unsigned port, const uint8_t *data, size_t size) {
    struct scenario *s = context;
    struct scenario_uart *u = &s->uart;
    (void)port;
    for (size_t i = 0; i < size && u->sent_count < u->sent_room; i++)
        u->sent[u->sent_count++] = data[i];
}

OP(uart_log) {
    (void)n;
    s->uart.sent_room = a[0].number < 0               ? 0
                        : a[0].number > SCENARIO_UART ? SCENARIO_UART
                                                      : (unsigned)a[0].number;
    s->uart.sent_count = 0;
    s->plug.on_transmit = record;
    s->plug.transmit_context = s;
}

OP(uart_clear) {
    (void)a, (void)n;
    s->uart.sent_count = 0;
}

/* Takes these bytes from the record; on a mismatch as many as agree. */
static bool take(struct scenario *s, const uint8_t *bytes, unsigned count) {
    struct scenario_uart *u = &s->uart;
    unsigned same = 0;
    while (same < count && same < u->sent_count && u->sent[same] == bytes[same])
        same++;
    u->sent_count -= same;
    memmove(u->sent, u->sent + same, u->sent_count);
    return same == count;
}

OP(expect_uart) {
    (void)n;
    uint8_t bytes[SCENARIO_UART];
    int count = hex_read(s, a[0].text.data, bytes);
    if (count < 0)
        return;
    const char *got = hex_text(s, s->uart.sent, s->uart.sent_count);
    scenario_check(s, take(s, bytes, (unsigned)count), hex_text(s, bytes, (size_t)count), got);
}

OP(expect_uart_empty) {
    (void)a, (void)n;
    scenario_check(s, s->uart.sent_count == 0, "nothing",
                   hex_text(s, s->uart.sent, s->uart.sent_count));
}

NUMBER(tx_count, s->uart.sent_count)

static double tx_byte(struct scenario *s, args_t a, unsigned n) {
    (void)n;
    unsigned i = (unsigned)a[0].number;
    return i < s->uart.sent_count ? s->uart.sent[i] : 0;
}

static double tx_take(struct scenario *s, args_t a, unsigned n) {
    (void)n;
    uint8_t bytes[SCENARIO_UART];
    int count = hex_read(s, a[0].text.data, bytes);
    return count >= 0 && take(s, bytes, (unsigned)count);
}

/* --- one driver alone --- */

static const struct driver *driver_of(struct scenario *s, const char *name) {
    int row = driver_find(driver_table, name);
    if (row < 0 || driver_table[row].where) {
        char text[64];
        snprintf(text, sizeof text, "driver %.40s", name);
        scenario_lacks(s, text, strlen(text));
        return NULL;
    }
    return &driver_table[row];
}

OP(driver_second_) {
    (void)n;
    const struct driver *driver = driver_of(s, a[0].text.data);
    if (!driver || !driver_on(DEVICE, driver->name))
        return;
    if (driver->meter)
        driver->meter->second(DEVICE);
    else if (driver->second)
        driver->second(DEVICE);
}

OP(driver_poll) {
    (void)n;
    const struct driver *driver = driver_of(s, a[0].text.data);
    if (driver && driver_on(DEVICE, driver->name))
        hand_over(s);
}

const struct scenario_op scenario_uart_ops[] = {
    {"uart-in", "t", uart_in},
    {"uart-rx-init", "n", rx_init},
    {"uart-rx-drop", "n", rx_drop},
    {"uart-log", "n", uart_log},
    {"uart-clear", "", uart_clear},
    {"expect-uart", "t", expect_uart},
    {"expect-uart-empty", "", expect_uart_empty},
    {"driver-second", "w", driver_second_},
    {"driver-poll", "w", driver_poll},
    {NULL, NULL, NULL},
};

const struct scenario_query scenario_uart_queries[] = {
    {"uart_rx_count", "", rx_count, NULL}, {"uart_rx_byte", "n", rx_byte, NULL},
    {"uart_tx_count", "", tx_count, NULL}, {"uart_tx_byte", "n", tx_byte, NULL},
    {"uart_tx_take", "t", tx_take, NULL},  {NULL, NULL, NULL, NULL},
};
