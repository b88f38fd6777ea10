/* Which answer belongs to which request: one row per command with what the chip echoes and what
 * it adds, so that the flasher can check an answer and knows its length before it comes. */
#include "codec/beken/uart.h"

struct shape {
    bool flash;
    uint8_t command;
    uint8_t code;    /* of the answer */
    uint8_t echo;    /* payload bytes of the request that the answer repeats */
    uint16_t brings; /* bytes after the echo */
    bool silent;     /* no answer at all */
};

#define SHORT(cmd, code, echo, brings)                                                             \
    { false, BEKEN_##cmd, code, echo, brings, false }
#define SILENT(cmd)                                                                                \
    { false, BEKEN_##cmd, BEKEN_##cmd, 0, 0, true }
#define FLASH(cmd, echo, brings)                                                                   \
    { true, BEKEN_FLASH_##cmd, BEKEN_FLASH_##cmd, echo, brings, false }

/* FLASH WRITE adds the count byte; FLASH READ as many bytes as asked for (see added_bytes). */
static const struct shape shapes[] = {
    SHORT(LINK_CHECK, BEKEN_LINK_CODE, 0, 1),
    SHORT(WRITE_REGISTER, BEKEN_WRITE_REGISTER, 8, 0),
    SHORT(READ_REGISTER, BEKEN_READ_REGISTER, 4, 4),
    SHORT(SET_BAUD, BEKEN_SET_BAUD, 5, 0),
    SHORT(CHECK_CRC, BEKEN_CHECK_CRC, 0, 4),
    SHORT(READ_VERSION, BEKEN_READ_VERSION, 0, 16),
    SHORT(STAY_ROM, BEKEN_STAY_ROM, 1, 0),
    SILENT(REBOOT),
    SILENT(WATCHDOG_RESET),
    FLASH(WRITE, 4, 1),
    FLASH(WRITE_4K, 4, 0),
    FLASH(READ, 4, 0),
    FLASH(READ_4K, 4, BEKEN_SECTOR),
    FLASH(ERASE_ALL, 1, 0),
    FLASH(ERASE_4K, 4, 0),
    FLASH(READ_SR, 1, 1),
    FLASH(WRITE_SR, 3, 0),
    FLASH(SPI, 0, 4),
    FLASH(ERASE, 5, 0),
};

static const struct shape *shape_of_code(bool flash, unsigned code) {
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        if (shapes[i].flash == flash && shapes[i].code == code)
            return &shapes[i];
    return NULL;
}

static const struct shape *shape_of_request(const struct beken_request *request) {
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        if (shapes[i].flash == request->flash && shapes[i].command == request->command)
            return &shapes[i];
    return NULL;
}

static size_t echo_bytes(const struct shape *shape, const struct beken_request *request) {
    return shape->echo < request->length ? shape->echo : request->length;
}

static size_t added_bytes(const struct shape *shape, const struct beken_request *request) {
    if (shape->flash && shape->command == BEKEN_FLASH_READ)
        return request->length > 4 ? request->payload[4] : 0;
    if (shape->flash && shape->command == BEKEN_FLASH_SPI)
        return request->length;
    return shape->brings;
}

/* Does it repeat what was asked? A refused Write4K echoes a changed low address half, an error
 * answer may be shorter than its echo. */
static bool echo_fits(const struct shape *shape, const struct beken_request *request,
                      const struct beken_response *response) {
    size_t echo = echo_bytes(shape, request);
    if (response->flash && response->status != BEKEN_OK) {
        if (response->code == BEKEN_FLASH_WRITE_4K)
            return response->length < 4 || response->payload[3] == request->payload[3];
        echo = echo < response->length ? echo : response->length;
    } else if (shape->flash && shape->command == BEKEN_FLASH_WRITE_SR &&
               response->length == echo - 1) {
        echo = response->length; /* newer bootloaders repeat one value byte only */
    }
    return response->length >= echo && memcmp(response->payload, request->payload, echo) == 0;
}

/* A successful answer must bring all of its data; a short one may also be a lone status byte. */
static bool length_fits(const struct shape *shape, const struct beken_request *request,
                        const struct beken_response *response) {
    if (response->flash && response->status != BEKEN_OK)
        return true;
    if (shape->flash && shape->command == BEKEN_FLASH_WRITE_SR)
        return response->length >= 2;
    if (shape->flash && shape->command == BEKEN_FLASH_SPI)
        return response->length + 1u >= added_bytes(shape, request);
    return response->length == echo_bytes(shape, request) + added_bytes(shape, request);
}

static bool is_short_error(const struct beken_response *response) {
    return !response->flash && response->length == 1 && response->code != BEKEN_LINK_CODE &&
           response->payload[0] == BEKEN_UNKNOWN_COMMAND;
}

bool beken_response_answers(const struct beken_response *response, const uint8_t *request,
                            size_t size) {
    struct beken_request asked;
    if (beken_request_decode(request, size, &asked, NULL) != STATUS_OK)
        return false;
    const struct shape *shape = shape_of_request(&asked);
    if (!shape || shape->silent || response->flash != shape->flash || response->code != shape->code)
        return false;
    if (is_short_error(response))
        return true;
    return echo_fits(shape, &asked, response) && length_fits(shape, &asked, response);
}

size_t beken_response_size(const uint8_t *request, size_t size) {
    struct beken_request asked;
    if (beken_request_decode(request, size, &asked, NULL) != STATUS_OK)
        return 0;
    const struct shape *shape = shape_of_request(&asked);
    if (!shape || shape->silent)
        return 0;
    return (shape->flash ? 11 : 7) + echo_bytes(shape, &asked) + added_bytes(shape, &asked);
}

struct span beken_response_data(const struct beken_response *response) {
    const struct shape *shape = shape_of_code(response->flash, response->code);
    size_t skip = shape ? shape->echo : 0;
    if (skip > response->length)
        skip = response->length;
    return (struct span){response->payload + skip, response->length - skip};
}
