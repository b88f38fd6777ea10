/* Building the frames of the download protocol, requests and responses alike: a header that
 * states the length, then the payload. */
#include "codec/beken/uart.h"

static const uint8_t request_prefix[] = {0x01, 0xE0, 0xFC};

static size_t append(uint8_t *buffer, size_t at, const void *data, size_t length) {
    if (length)
        memcpy(buffer + at, data, length);
    return at + length;
}

size_t beken_short_request(unsigned command, const void *payload, size_t length, uint8_t *buffer,
                           size_t size) {
    if (length > BEKEN_SHORT_PAYLOAD || size < 5 + length)
        return 0;
    size_t at = append(buffer, 0, request_prefix, 3);
    buffer[at++] = (uint8_t)(1 + length);
    buffer[at++] = (uint8_t)command;
    return append(buffer, at, payload, length);
}

size_t beken_flash_request(unsigned command, struct span head, struct span data, uint8_t *buffer,
                           size_t size) {
    size_t length = head.size + data.size;
    if (length > BEKEN_REQUEST_MAX - 8 || size < 8 + length)
        return 0;
    size_t at = append(buffer, 0, request_prefix, 3);
    buffer[at++] = 0xFF;
    buffer[at++] = 0xF4;
    store_le16(buffer + at, (uint16_t)(1 + length));
    buffer[at + 2] = (uint8_t)command;
    at = append(buffer, at + 3, head.data, head.size);
    return append(buffer, at, data.data, data.size);
}

size_t beken_link_check(uint8_t *buffer, size_t size) {
    return beken_short_request(BEKEN_LINK_CHECK, NULL, 0, buffer, size);
}

size_t beken_read_register(uint32_t address, uint8_t *buffer, size_t size) {
    uint8_t payload[4];
    store_le32(payload, address);
    return beken_short_request(BEKEN_READ_REGISTER, payload, sizeof payload, buffer, size);
}

static size_t two_words(unsigned command, uint32_t first, uint32_t second, uint8_t *buffer,
                        size_t size) {
    uint8_t payload[8];
    store_le32(payload, first);
    store_le32(payload + 4, second);
    return beken_short_request(command, payload, sizeof payload, buffer, size);
}

size_t beken_write_register(uint32_t address, uint32_t value, uint8_t *buffer, size_t size) {
    return two_words(BEKEN_WRITE_REGISTER, address, value, buffer, size);
}

size_t beken_check_crc(uint32_t start, uint32_t end, uint8_t *buffer, size_t size) {
    return two_words(BEKEN_CHECK_CRC, start, end, buffer, size);
}

size_t beken_reboot(uint8_t *buffer, size_t size) {
    return beken_short_request(BEKEN_REBOOT, "\xA5", 1, buffer, size);
}

size_t beken_set_baud(uint32_t baud, unsigned delay_ms, uint8_t *buffer, size_t size) {
    if (delay_ms > 255)
        return 0;
    uint8_t payload[5];
    store_le32(payload, baud);
    payload[4] = (uint8_t)delay_ms;
    return beken_short_request(BEKEN_SET_BAUD, payload, sizeof payload, buffer, size);
}

size_t beken_read_version(uint8_t *buffer, size_t size) {
    return beken_short_request(BEKEN_READ_VERSION, NULL, 0, buffer, size);
}

size_t beken_watchdog_reset(uint8_t *buffer, size_t size) {
    return beken_short_request(BEKEN_WATCHDOG_RESET, "SEAN", 4, buffer, size);
}

size_t beken_stay_rom(uint8_t *buffer, size_t size) {
    return beken_short_request(BEKEN_STAY_ROM, "\x55", 1, buffer, size);
}

/* A flash request whose head is an address. */
static size_t at_address(unsigned command, uint32_t address, struct span data, uint8_t *buffer,
                         size_t size) {
    uint8_t head[4];
    store_le32(head, address);
    return beken_flash_request(command, (struct span){head, sizeof head}, data, buffer, size);
}

/* A flash request of nothing but a few bytes. */
static size_t of_bytes(unsigned command, const uint8_t *bytes, size_t length, uint8_t *buffer,
                       size_t size) {
    return beken_flash_request(command, (struct span){bytes, length}, (struct span){NULL, 0},
                               buffer, size);
}

size_t beken_flash_write(uint32_t address, struct span data, uint8_t *buffer, size_t size) {
    if (data.size < 1 || data.size > 256)
        return 0;
    return at_address(BEKEN_FLASH_WRITE, address, data, buffer, size);
}

size_t beken_flash_write_4k(uint32_t address, const uint8_t data[BEKEN_SECTOR], uint8_t *buffer,
                            size_t size) {
    return at_address(BEKEN_FLASH_WRITE_4K, address, (struct span){data, BEKEN_SECTOR}, buffer,
                      size);
}

size_t beken_flash_read(uint32_t address, unsigned count, uint8_t *buffer, size_t size) {
    if (count < 1 || count > 255)
        return 0;
    uint8_t n = (uint8_t)count;
    return at_address(BEKEN_FLASH_READ, address, (struct span){&n, 1}, buffer, size);
}

size_t beken_flash_read_4k(uint32_t address, uint8_t *buffer, size_t size) {
    return at_address(BEKEN_FLASH_READ_4K, address, (struct span){NULL, 0}, buffer, size);
}

size_t beken_flash_erase_4k(uint32_t address, uint8_t *buffer, size_t size) {
    return at_address(BEKEN_FLASH_ERASE_4K, address, (struct span){NULL, 0}, buffer, size);
}

size_t beken_flash_erase_all(unsigned timeout_s, uint8_t *buffer, size_t size) {
    if (timeout_s > 255)
        return 0;
    return of_bytes(BEKEN_FLASH_ERASE_ALL, &(uint8_t){(uint8_t)timeout_s}, 1, buffer, size);
}

size_t beken_flash_erase(enum beken_erase_size unit, uint32_t address, uint8_t *buffer,
                         size_t size) {
    uint8_t head[5] = {(uint8_t)unit};
    store_le32(head + 1, address);
    return of_bytes(BEKEN_FLASH_ERASE, head, sizeof head, buffer, size);
}

size_t beken_flash_read_sr(unsigned opcode, uint8_t *buffer, size_t size) {
    return of_bytes(BEKEN_FLASH_READ_SR, &(uint8_t){(uint8_t)opcode}, 1, buffer, size);
}

size_t beken_flash_write_sr(unsigned opcode, unsigned value, unsigned width, uint8_t *buffer,
                            size_t size) {
    if (width < 1 || width > 2)
        return 0;
    const uint8_t payload[3] = {(uint8_t)opcode, (uint8_t)value, (uint8_t)(value >> 8)};
    return of_bytes(BEKEN_FLASH_WRITE_SR, payload, 1 + width, buffer, size);
}

size_t beken_flash_read_id(uint8_t *buffer, size_t size) {
    return of_bytes(BEKEN_FLASH_SPI, (const uint8_t[]){0x9F, 0, 0, 0}, 4, buffer, size);
}

size_t beken_short_response(unsigned code, const void *payload, size_t length, uint8_t *buffer,
                            size_t size) {
    if (length > 0xFE - 4 || size < 7 + length)
        return 0;
    buffer[0] = 0x04;
    buffer[1] = 0x0E;
    buffer[2] = (uint8_t)(4 + length);
    size_t at = append(buffer, 3, request_prefix, 3);
    buffer[at++] = (uint8_t)code;
    return append(buffer, at, payload, length);
}

size_t beken_flash_response(unsigned command, unsigned status, struct span head, struct span data,
                            uint8_t *buffer, size_t size) {
    size_t length = head.size + data.size;
    if (length > BEKEN_RESPONSE_MAX - 11 || size < 11 + length)
        return 0;
    buffer[0] = 0x04;
    buffer[1] = 0x0E;
    buffer[2] = 0xFF;
    size_t at = append(buffer, 3, request_prefix, 3);
    buffer[at++] = 0xF4;
    store_le16(buffer + at, (uint16_t)(2 + length));
    buffer[at + 2] = (uint8_t)command;
    buffer[at + 3] = (uint8_t)status;
    at = append(buffer, at + 4, head.data, head.size);
    return append(buffer, at, data.data, data.size);
}
