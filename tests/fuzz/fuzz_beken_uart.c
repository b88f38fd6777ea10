/* Frames of the download protocol from any bytes: parsers of both ends, matching, and that what
 * the host's parser hands out lies inside its buffer. */
#include <stdlib.h>

#include "codec/beken/uart.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void host_side(struct beken_uart *uart, const uint8_t *data, size_t size) {
    struct beken_response r;
    for (size_t i = 0; i < size; i++) {
        if (beken_uart_feed(uart, data[i], &r) == BEKEN_FEED_FRAME) {
            struct span d = beken_response_data(&r);
            if (r.payload < uart->buffer || r.payload + r.length > uart->buffer + uart->used ||
                d.size > r.length)
                abort();
            beken_response_answers(&r, data, size);
        }
        if (beken_uart_missing(uart) == 0)
            abort();
    }
    for (size_t i = 0; i < BEKEN_RESPONSE_MAX; i++)
        if (beken_uart_resync(uart, &r) == BEKEN_FEED_NONE)
            break;
}

static void chip_side(struct beken_request_parser *parser, const uint8_t *data, size_t size) {
    struct beken_request r, again;
    for (size_t i = 0; i < size; i++)
        if (beken_request_feed(parser, data[i], &r) == BEKEN_FEED_FRAME &&
            (beken_request_decode(parser->buffer, parser->used, &again, NULL) != STATUS_OK ||
             again.length != r.length || again.command != r.command))
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct beken_uart uart;
    static struct beken_request_parser parser;
    beken_uart_reset(&uart);
    memset(&parser, 0, sizeof parser);
    host_side(&uart, data, size);
    chip_side(&parser, data, size);
    beken_response_size(data, size);
    return 0;
}
