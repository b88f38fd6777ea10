/* Reading the two byte streams of the download protocol. The host's side looks for the next
 * frame among the bytes it already holds, because a good answer often follows right behind noise;
 * the chip's side behaves like Beken's own receiver, which forgets a broken prefix altogether. */
#include "codec/beken/uart.h"

/* What the first bytes of a buffer can be. */
struct header {
    bool fits;     /* no byte contradicts a frame */
    size_t length; /* of the whole frame, 0 while unknown */
};

static bool prefix_fits(const uint8_t *data, size_t used, const uint8_t *wanted, size_t from,
                        size_t count) {
    for (size_t i = 0; i < count && from + i < used; i++)
        if (data[from + i] != wanted[i])
            return false;
    return true;
}

static struct header flash_header(const uint8_t *data, size_t used) {
    if (used < 9)
        return (struct header){used < 7 || data[6] == 0xF4, 0};
    size_t length = load_le16(data + 7);
    if (data[6] != 0xF4 || length < 2 || length + 9 > BEKEN_RESPONSE_MAX)
        return (struct header){false, 0};
    return (struct header){true, length + 9};
}

static struct header response_header(const uint8_t *data, size_t used) {
    static const uint8_t start[] = {0x04, 0x0E};
    static const uint8_t mark[] = {0x01, 0xE0, 0xFC};
    if (!prefix_fits(data, used, start, 0, 2) || !prefix_fits(data, used, mark, 3, 3))
        return (struct header){false, 0};
    if (used < 3)
        return (struct header){true, 0};
    if (data[2] == 0xFF)
        return flash_header(data, used);
    return (struct header){data[2] >= 4, data[2] + 3u};
}

static void drop_front(struct beken_uart *uart, size_t count) {
    uart->used = (uint16_t)(uart->used - count);
    memmove(uart->buffer, uart->buffer + count, uart->used);
}

static void hand_out(struct beken_uart *uart, size_t length, struct beken_response *out) {
    const uint8_t *b = uart->buffer;
    bool flash = b[2] == 0xFF;
    size_t head = flash ? 11 : 7;
    *out = (struct beken_response){.flash = flash,
                                   .code = flash ? b[9] : b[6],
                                   .status = flash ? b[10] : 0,
                                   .length = (uint16_t)(length - head),
                                   .payload = b + head};
    uart->handed = (uint16_t)length;
}

/* Drops bytes until the buffer starts like a frame, and hands it out when it is whole. */
static enum beken_feed scan(struct beken_uart *uart, struct beken_response *out) {
    uint32_t noise = uart->noise_bytes;
    while (uart->used) {
        struct header header = response_header(uart->buffer, uart->used);
        if (header.fits && header.length && uart->used >= header.length) {
            hand_out(uart, header.length, out);
            return BEKEN_FEED_FRAME;
        }
        if (header.fits)
            break;
        drop_front(uart, 1);
        uart->noise_bytes++;
    }
    return noise == uart->noise_bytes ? BEKEN_FEED_NONE : BEKEN_FEED_NOISE;
}

static void forget_handed(struct beken_uart *uart) {
    drop_front(uart, uart->handed);
    uart->handed = 0;
}

void beken_uart_reset(struct beken_uart *uart) {
    memset(uart, 0, sizeof *uart);
}

enum beken_feed beken_uart_feed(struct beken_uart *uart, uint8_t byte, struct beken_response *out) {
    forget_handed(uart);
    uart->buffer[uart->used++] = byte;
    return scan(uart, out);
}

enum beken_feed beken_uart_resync(struct beken_uart *uart, struct beken_response *out) {
    bool after_frame = uart->handed > 0;
    forget_handed(uart);
    if (uart->used && !after_frame) {
        drop_front(uart, 1);
        uart->noise_bytes++;
    }
    enum beken_feed result = scan(uart, out);
    return uart->used ? result : BEKEN_FEED_NONE;
}

size_t beken_uart_missing(const struct beken_uart *uart) {
    size_t used = uart->used - (size_t)uart->handed;
    struct header header = response_header(uart->buffer + uart->handed, used);
    return header.fits && header.length > used ? header.length - used : 1;
}

/* Where a request frame stands after its first `used` bytes. */
static struct header request_header(const uint8_t *data, size_t used) {
    static const uint8_t prefix[] = {0x01, 0xE0, 0xFC};
    if (!prefix_fits(data, used, prefix, 0, 3) || (used > 3 && data[3] == 0))
        return (struct header){false, 0};
    if (used < 4)
        return (struct header){true, 0};
    if (data[3] != 0xFF)
        return (struct header){true, data[3] + 4u};
    if (used < 7)
        return (struct header){used < 5 || data[4] == 0xF4, 0};
    size_t length = load_le16(data + 5);
    return (struct header){data[4] == 0xF4 && length && length + 7 <= BEKEN_REQUEST_MAX,
                           length + 7};
}

static void request_fill(const uint8_t *data, size_t size, struct beken_request *out) {
    bool flash = data[3] == 0xFF;
    size_t head = flash ? 8 : 5;
    *out = (struct beken_request){.flash = flash,
                                  .command = data[head - 1],
                                  .length = (uint16_t)(size - head),
                                  .payload = data + head};
}

enum beken_feed beken_request_feed(struct beken_request_parser *parser, uint8_t byte,
                                   struct beken_request *out) {
    if (parser->complete)
        parser->used = 0;
    parser->complete = false;
    parser->buffer[parser->used++] = byte;
    struct header header = request_header(parser->buffer, parser->used);
    if (!header.fits) {
        parser->noise_bytes += parser->used;
        parser->used = 0;
        return BEKEN_FEED_NOISE;
    }
    if (!header.length || parser->used < header.length)
        return BEKEN_FEED_NONE;
    request_fill(parser->buffer, parser->used, out);
    parser->complete = true;
    return BEKEN_FEED_FRAME;
}

enum status beken_request_decode(const uint8_t *data, size_t size, struct beken_request *out,
                                 struct fault *fault) {
    for (size_t used = 1; used <= size; used++) {
        struct header header = request_header(data, used);
        if (!header.fits)
            return fault_at(fault, STATUS_BAD_MAGIC, used - 1, "a request frame");
        if (header.length && used >= header.length) {
            if (size > header.length)
                return fault_at(fault, STATUS_BAD_LENGTH, header.length, "the end of the frame");
            request_fill(data, size, out);
            return STATUS_OK;
        }
    }
    return fault_at(fault, STATUS_TRUNCATED, size, "the rest of a request frame");
}
