/* UART1 at 0x00802100 (programming port, TuyaMCU) and UART2 at 0x00802200 (log). Sending is
 * instantaneous; received bytes arrive at the programmed baud rate in virtual time, because the
 * T-family bootloader overflows its ring otherwise. Source: vendor SDK driver/uart. */
#include "virtual/soc/board.h"

#include <string.h>

enum {
    CONFIG = 0x00,
    FIFO_CONFIG = 0x04,
    FIFO_STATUS = 0x08,
    FIFO_PORT = 0x0C,
    INT_ENABLE = 0x10,
    INT_STATUS = 0x14,
    INT_TX_NEED = 1 << 0,
    INT_RX_NEED = 1 << 1,
    INT_RX_OVERFLOW = 1 << 2,
    INT_RX_STOP = 1 << 6,
    STATUS_TX_EMPTY = 1 << 17,
    STATUS_RX_FULL = 1 << 18,
    STATUS_RX_EMPTY = 1 << 19,
    STATUS_WRITE_READY = 1 << 20,
    STATUS_READ_READY = 1 << 21,
    IRQ_UART1 = 0,
    IDLE_TICKS = 3000,
    CLOCK_MHZ = 26,
    DIVISOR_BITS = 0x1FFF00,
};

static int index_of(uint32_t offset) {
    return offset >= 0x100;
}

static uint64_t byte_ticks(const struct board *b, const struct soc_uart *u) {
    uint32_t divisor = (u->config >> 8 & 0x1FFF) + 1;
    return (uint64_t)divisor * 10 * b->ticks_per_us / CLOCK_MHZ;
}

static void update(struct board *b, int i) {
    struct soc_uart *u = &b->uart[i];
    int threshold = u->fifo_config >> 8 & 0xFF;
    uint32_t level = INT_TX_NEED;
    if (u->fifo_count && u->fifo_count >= threshold)
        level |= INT_RX_NEED;
    board_irq(b, IRQ_UART1 + i, ((u->int_status | level) & u->int_enable) != 0);
}

static uint32_t fifo_status(const struct soc_uart *u) {
    uint32_t status = STATUS_TX_EMPTY | STATUS_WRITE_READY | (uint32_t)(u->fifo_count & 0xFF) << 8;
    status |= u->fifo_count ? STATUS_READ_READY : STATUS_RX_EMPTY;
    return status | (u->fifo_count >= SOC_UART_FIFO ? STATUS_RX_FULL : 0);
}

static uint32_t pop(struct board *b, int i) {
    struct soc_uart *u = &b->uart[i];
    if (!u->fifo_count)
        return 0;
    uint32_t byte = u->fifo[u->fifo_head];
    u->fifo_head = (u->fifo_head + 1) % SOC_UART_FIFO;
    u->fifo_count--;
    update(b, i);
    return byte | byte << 8; /* applications read the second byte, bootloaders the first */
}

static uint32_t uarts_read(struct board *b, uint32_t offset) {
    int i = index_of(offset);
    struct soc_uart *u = &b->uart[i];
    int threshold = u->fifo_config >> 8 & 0xFF;
    switch (offset & 0xFF) {
    case CONFIG:
        return u->config;
    case FIFO_CONFIG:
        return u->fifo_config;
    case FIFO_STATUS:
        return fifo_status(u);
    case FIFO_PORT:
        return pop(b, i);
    case INT_ENABLE:
        return u->int_enable;
    case INT_STATUS:
        return u->int_status | INT_TX_NEED |
               (u->fifo_count && u->fifo_count >= threshold ? (uint32_t)INT_RX_NEED : 0);
    default:
        return *board_word(b, soc_uarts.base + offset);
    }
}

static void uarts_write(struct board *b, uint32_t offset, uint32_t value) {
    int i = index_of(offset);
    struct soc_uart *u = &b->uart[i];
    switch (offset & 0xFF) {
    case CONFIG:
        if ((u->config ^ value) & DIVISOR_BITS && b->watch.uart_baud)
            b->watch.uart_baud(b->watch.context, board_us(b), i,
                               CLOCK_MHZ * 1000000u / ((value >> 8 & 0x1FFF) + 1));
        u->config = value;
        break;
    case FIFO_CONFIG:
        u->fifo_config = value;
        break;
    case FIFO_PORT:
        if (b->watch.uart_tx)
            b->watch.uart_tx(b->watch.context, board_us(b), i, (uint8_t)value);
        return;
    case INT_ENABLE:
        u->int_enable = value;
        break;
    case INT_STATUS:
        u->int_status &= ~value;
        break;
    default:
        *board_word(b, soc_uarts.base + offset) = value;
        return;
    }
    update(b, i);
}

static void receive(struct board *b, int i) {
    struct soc_uart *u = &b->uart[i];
    uint8_t byte = u->queue[u->queue_head];
    u->queue_head = (u->queue_head + 1) % SOC_UART_QUEUE;
    u->queue_count--;
    if (u->fifo_count < SOC_UART_FIFO)
        u->fifo[(u->fifo_head + u->fifo_count++) % SOC_UART_FIFO] = byte;
    else
        u->int_status |= INT_RX_OVERFLOW;
    if (b->watch.uart_rx)
        b->watch.uart_rx(b->watch.context, board_us(b), i, byte);
    if (u->queue_count)
        board_schedule(b, SOC_EVENT_UART_RX + i, b->now + byte_ticks(b, u));
    board_schedule(b, SOC_EVENT_UART_IDLE + i, b->now + byte_ticks(b, u) + IDLE_TICKS);
}

static void uarts_due(struct board *b, int event) {
    int i = event >= SOC_EVENT_UART_IDLE ? event - SOC_EVENT_UART_IDLE : event - SOC_EVENT_UART_RX;
    if (event >= SOC_EVENT_UART_IDLE) {
        if (b->uart[i].fifo_count)
            b->uart[i].int_status |= INT_RX_STOP;
    } else
        receive(b, i);
    update(b, i);
}

static void uarts_reset(struct board *b) {
    for (int i = 0; i < SOC_UARTS; i++) {
        memset(&b->uart[i], 0, sizeof b->uart[i]);
        b->uart[i].config = 0xE11B;
    }
}

void board_uart_send(struct board *b, int uart, const uint8_t *bytes, int count) {
    struct soc_uart *u = &b->uart[uart];
    bool idle = u->queue_count == 0;
    for (int i = 0; i < count && u->queue_count < SOC_UART_QUEUE; i++)
        u->queue[(u->queue_head + u->queue_count++) % SOC_UART_QUEUE] = bytes[i];
    if (idle && u->queue_count)
        board_schedule(b, SOC_EVENT_UART_RX + uart, b->now + byte_ticks(b, u));
}

const struct peripheral soc_uarts = {.name = "uart",
                                     .base = 0x802100,
                                     .size = 0x200,
                                     .read = uarts_read,
                                     .write = uarts_write,
                                     .due = uarts_due,
                                     .first_event = SOC_EVENT_UART_RX,
                                     .event_count = 2 * SOC_UARTS,
                                     .reset = uarts_reset};
