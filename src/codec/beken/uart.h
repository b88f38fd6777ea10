/* Frames of the UART download protocol that Beken chips speak from their mask ROM ("family F":
 * BK7231N, BK7238, BK7252N, BK7236 …) or from the bootloader in their flash ("family B": BK7231T,
 * U, Q, BK7252). Both ends are here: the flasher builds requests and feeds on responses, the
 * virtual chip does the reverse.
 *
 *   short request    01 E0 FC LEN CMD payload             LEN = 1 + payload
 *   flash request    01 E0 FC FF F4 LL HH CMD payload     HHLL = 1 + payload
 *   short response   04 0E LEN 01 E0 FC CODE payload      LEN = 4 + payload
 *   flash response   04 0E FF 01 E0 FC F4 LL HH CODE STATUS payload   HHLL = 2 + payload
 *
 * Numbers are little-endian; there is no frame checksum. Format source: the public programs
 * bk7231tools, hid_download_py and BK7231GUIFlashTool, and Beken's published bootloader sources. */
#ifndef CODEC_BEKEN_UART_H
#define CODEC_BEKEN_UART_H
#include "base/bytes.h"
#include "base/status.h"

/* Short commands. A short response carries the command as its code, except LINK_CHECK (01). */
enum beken_command {
    BEKEN_LINK_CHECK = 0x00,
    BEKEN_WRITE_REGISTER = 0x01,
    BEKEN_READ_REGISTER = 0x03,
    BEKEN_REBOOT = 0x0E,
    BEKEN_SET_BAUD = 0x0F,
    BEKEN_CHECK_CRC = 0x10,
    BEKEN_READ_VERSION = 0x11,
    BEKEN_WATCHDOG_RESET = 0x70,
    BEKEN_STAY_ROM = 0xAA,
};
#define BEKEN_LINK_CODE 0x01u /* code of the answer to LINK_CHECK; its payload is one byte 00 */

/* Flash commands, in flash frames. */
enum beken_flash_command {
    BEKEN_FLASH_WRITE = 0x06,
    BEKEN_FLASH_WRITE_4K = 0x07,
    BEKEN_FLASH_READ = 0x08,
    BEKEN_FLASH_READ_4K = 0x09,
    BEKEN_FLASH_ERASE_ALL = 0x0A,
    BEKEN_FLASH_ERASE_4K = 0x0B,
    BEKEN_FLASH_READ_SR = 0x0C,
    BEKEN_FLASH_WRITE_SR = 0x0D,
    BEKEN_FLASH_SPI = 0x0E, /* a raw SPI transfer; 9F 00 00 00 reads the JEDEC id */
    BEKEN_FLASH_ERASE = 0x0F,
};

/* Erase sizes of BEKEN_FLASH_ERASE are the SPI opcodes. */
enum beken_erase_size { BEKEN_ERASE_4K = 0x20, BEKEN_ERASE_32K = 0x52, BEKEN_ERASE_64K = 0xD8 };

/* STATUS byte of a flash response, and the payload of a short error answer. */
enum beken_status {
    BEKEN_OK = 0,
    BEKEN_FLASH_BUSY = 1,
    BEKEN_SPI_TIMEOUT = 2,
    BEKEN_FLASH_TIMEOUT = 3,
    BEKEN_PACKET_LENGTH = 4,
    BEKEN_PAYLOAD_LACKING = 5,
    BEKEN_PARAMETER = 6, /* also: address in a forbidden range */
    BEKEN_UNKNOWN_COMMAND = 7,
    BEKEN_INTERNAL = 8,
    BEKEN_SPI_WRITE = 9,
    BEKEN_PROTECTED = 10,
};
/* A short English text; never NULL. */
const char *beken_status_text(unsigned status);

/* Who answers: the mask ROM or the bootloader in flash. They disagree on CheckCRC's end. */
enum beken_family { BEKEN_FAMILY_F, BEKEN_FAMILY_B };

#define BEKEN_SECTOR        4096u
#define BEKEN_REQUEST_MAX   (8u + 4u + BEKEN_SECTOR)  /* Write4K: 4108 bytes */
#define BEKEN_RESPONSE_MAX  (11u + 4u + BEKEN_SECTOR) /* Read4K: 4111 bytes */
#define BEKEN_SHORT_PAYLOAD 253u                      /* most payload bytes of a short request */
#define BEKEN_FIRST_BAUD    115200u

/* --- requests, built. Each writes one frame and returns its length, 0 when `size` is too small
 * or an argument is out of range. --- */
size_t beken_short_request(unsigned command, const void *payload, size_t length, uint8_t *buffer,
                           size_t size);
/* A flash frame whose payload is `head` followed by `data` (either may be empty). */
size_t beken_flash_request(unsigned command, struct span head, struct span data, uint8_t *buffer,
                           size_t size);

size_t beken_link_check(uint8_t *buffer, size_t size);
size_t beken_read_register(uint32_t address, uint8_t *buffer, size_t size);
size_t beken_write_register(uint32_t address, uint32_t value, uint8_t *buffer, size_t size);
size_t beken_reboot(uint8_t *buffer, size_t size);
/* The chip switches at once, waits delay_ms (0..255), then echoes at the new rate; the host
 * switches half way through the delay. */
size_t beken_set_baud(uint32_t baud, unsigned delay_ms, uint8_t *buffer, size_t size);
/* `end` as the chip's family wants it: see beken_crc_end. */
size_t beken_check_crc(uint32_t start, uint32_t end, uint8_t *buffer, size_t size);
size_t beken_read_version(uint8_t *buffer, size_t size);
size_t beken_watchdog_reset(uint8_t *buffer, size_t size);
size_t beken_stay_rom(uint8_t *buffer, size_t size);
size_t beken_flash_write(uint32_t address, struct span data, uint8_t *buffer,
                         size_t size); /* 1..256 bytes of data */
size_t beken_flash_write_4k(uint32_t address, const uint8_t data[BEKEN_SECTOR], uint8_t *buffer,
                            size_t size);
size_t beken_flash_read(uint32_t address, unsigned count, uint8_t *buffer,
                        size_t size); /* 1..255 bytes */
size_t beken_flash_read_4k(uint32_t address, uint8_t *buffer, size_t size);
size_t beken_flash_erase_all(unsigned timeout_s, uint8_t *buffer, size_t size);
size_t beken_flash_erase_4k(uint32_t address, uint8_t *buffer, size_t size);
size_t beken_flash_erase(enum beken_erase_size unit, uint32_t address, uint8_t *buffer,
                         size_t size);
size_t beken_flash_read_sr(unsigned opcode, uint8_t *buffer, size_t size);
/* One or two value bytes, low byte first. */
size_t beken_flash_write_sr(unsigned opcode, unsigned value, unsigned width, uint8_t *buffer,
                            size_t size);
size_t beken_flash_read_id(uint8_t *buffer, size_t size);

/* --- responses, built (by the virtual chip) --- */
size_t beken_short_response(unsigned code, const void *payload, size_t length, uint8_t *buffer,
                            size_t size);
size_t beken_flash_response(unsigned command, unsigned status, struct span head, struct span data,
                            uint8_t *buffer, size_t size);

/* --- streams --- */
enum beken_feed {
    BEKEN_FEED_NONE,  /* the byte was taken, more are needed */
    BEKEN_FEED_FRAME, /* a frame is complete */
    BEKEN_FEED_NOISE, /* at least one byte did not belong to a frame and was dropped */
};

/* A response; `payload` points into the parser and lives until the next feed. */
struct beken_response {
    bool flash;     /* flash frame: `status` is valid */
    uint8_t code;   /* the command it answers (LINK_CHECK: BEKEN_LINK_CODE) */
    uint8_t status; /* enum beken_status; 0 in short responses */
    uint16_t length;
    const uint8_t *payload;
};

/* Start with all zeros, or beken_uart_reset. `noise_bytes` counts what was dropped. */
struct beken_uart {
    uint8_t buffer[BEKEN_RESPONSE_MAX];
    uint16_t used;
    uint16_t handed; /* bytes of the frame at the front that was handed out already */
    uint32_t noise_bytes;
};
void beken_uart_reset(struct beken_uart *uart);
/* Takes one byte from the chip. After a mismatch it looks for the next start among the bytes it
 * already holds, so no good frame behind noise is lost. */
enum beken_feed beken_uart_feed(struct beken_uart *uart, uint8_t byte, struct beken_response *out);
/* To be called when the rest of a frame did not come in time: drops the first byte of the broken
 * frame and looks for another frame inside what was held. Call until it returns NONE. */
enum beken_feed beken_uart_resync(struct beken_uart *uart, struct beken_response *out);
/* How many more bytes the frame being received needs at least (1 before anything came), for
 * deadlines. */
size_t beken_uart_missing(const struct beken_uart *uart);

/* Does the response answer this request frame: same kind, same code, and everything it echoes
 * (addresses, sizes, opcodes, baud rate) equal? An error STATUS still matches. */
bool beken_response_answers(const struct beken_response *response, const uint8_t *request,
                            size_t size);
/* Length in bytes of the whole successful response to a request frame; 0 when the chip sends
 * none (reboot, watchdog reset) or the request is none. */
size_t beken_response_size(const uint8_t *request, size_t size);
/* What a response brings beyond the echo of its request: the data of a read, the value of a
 * register or status register, the CRC, the id, the version text. */
struct span beken_response_data(const struct beken_response *response);

/* A request as the chip receives it; `payload` points into the parser. */
struct beken_request {
    bool flash;
    uint8_t command;
    uint16_t length;
    const uint8_t *payload;
};

/* Start with all zeros. */
struct beken_request_parser {
    uint8_t buffer[BEKEN_REQUEST_MAX];
    uint16_t used;
    bool complete; /* the frame held was handed out already */
    uint32_t noise_bytes;
};
/* Takes one byte from the host, as Beken's own receiver does: a byte that breaks the prefix is
 * dropped together with what came before and is not tried as a new start. */
enum beken_feed beken_request_feed(struct beken_request_parser *parser, uint8_t byte,
                                   struct beken_request *out);
/* Decodes one whole request frame. */
enum status beken_request_decode(const uint8_t *data, size_t size, struct beken_request *out,
                                 struct fault *fault);

/* --- CheckCRC --- */
#define BEKEN_CRC_START 0xFFFFFFFFu /* also the sum of an empty range */
/* The chip's CRC: CRC-32 (reflected EDB88320, initial FFFFFFFF) without the final inversion, so
 * ~zlib. Start with BEKEN_CRC_START. "123456789" gives 340BC6D9. */
uint32_t beken_crc_update(uint32_t crc, const void *data, size_t size);
/* The end address to send for `length` bytes from `start` (family B: multiples of 256 only): the
 * last byte for F, the byte after it for B. */
uint32_t beken_crc_end(enum beken_family family, uint32_t start, uint32_t length);
/* How many bytes a chip of that family sums for a request: end - start + 1 for F, that rounded
 * down to 256-byte pages (16-bit page count) for B. 0 when end is before start. */
uint32_t beken_crc_length(enum beken_family family, uint32_t start, uint32_t end);
#endif
