/* The short commands, a row each: who knows them, how long their payload is, what they do. */
#include "base/crc.h"
#include "virtual/chip/internal.h"

struct short_command {
    uint8_t command;
    uint8_t length; /* of the payload */
    bool rom, boot; /* family F, family B */
    void (*run)(struct chip *chip, const uint8_t *payload);
};

static void link_check(struct chip *chip, const uint8_t *payload) {
    (void)payload;
    if (chip->state != CHIP_LINKED)
        chip_note(chip, "linked");
    chip->state = CHIP_LINKED;
    chip->erase_enabled = true;
    chip_answer_short(chip, BEKEN_LINK_CODE, "", 1, 0);
}

static void write_register(struct chip *chip, const uint8_t *payload) {
    chip_write_register(chip, load_le32(payload), load_le32(payload + 4));
    chip_answer_short(chip, BEKEN_WRITE_REGISTER, payload, 8, 0);
}

static void read_register(struct chip *chip, const uint8_t *payload) {
    uint8_t answer[8];
    memcpy(answer, payload, 4);
    store_le32(answer + 4, chip_read_register(chip, load_le32(payload)));
    chip_answer_short(chip, BEKEN_READ_REGISTER, answer, sizeof answer, 0);
}

static void reboot(struct chip *chip, const uint8_t *payload) {
    if (payload[0] == 0xA5)
        chip_reset(chip, false);
    else if (chip->kind->family == BEKEN_FAMILY_F)
        chip_answer_short(chip, BEKEN_REBOOT, payload, 1, 0);
}

/* The UART switches at once; the echo leaves at the new rate when the delay is over. */
static void set_baud(struct chip *chip, const uint8_t *payload) {
    chip_set_divisor(chip, load_le32(payload));
    chip_note(chip, "baud rate %u (really %u)", (unsigned)load_le32(payload),
              (unsigned)chip_baud(chip));
    uint64_t ticks = payload[4] + (chip->kind->family == BEKEN_FAMILY_B ? 1ull : 0ull);
    chip_answer_short(chip, BEKEN_SET_BAUD, payload, 5, ticks * 1000000);
}

static void protect_all(struct chip *chip) {
    const struct flash_chip *part = chip->flash->part;
    uint32_t sr = chip->flash->sr | (part && part->protection ? part->protection->all : 0x1C);
    const uint8_t bytes[2] = {(uint8_t)sr, (uint8_t)(sr >> 8)};
    spi_flash_write_sr(chip->flash, chip->now_ns + chip_flash_wait_ns(chip), 0x01, bytes, 2);
}

static uint32_t crc_of_range(struct chip *chip, uint32_t start, uint32_t length) {
    uint8_t piece[4096];
    uint32_t crc = BEKEN_CRC_START;
    for (uint32_t done = 0; done < length;) {
        uint32_t run = length - done < sizeof piece ? length - done : (uint32_t)sizeof piece;
        spi_flash_read(chip->flash, start + done, piece, run);
        crc = beken_crc_update(crc, piece, run);
        done += run;
    }
    return crc;
}

static void check_crc(struct chip *chip, const uint8_t *payload) {
    uint32_t start = load_le32(payload), end = load_le32(payload + 4);
    uint32_t length = beken_crc_length(chip->kind->family, start, end);
    if (length > 64u << 20)
        length = chip->flash->size; /* nonsense takes for ever on a real chip */
    uint8_t answer[4];
    store_le32(answer, crc_of_range(chip, start, length));
    uint64_t work_ns = chip->timed ? length * 1000000000ull / chip->crc_bytes_per_s : 0;
    work_ns += chip_flash_wait_ns(chip);
    chip_note(chip, "CRC %06X + %X", (unsigned)start, (unsigned)length);
    if (chip->kind->family == BEKEN_FAMILY_B)
        protect_all(chip);
    chip_answer_short(chip, BEKEN_CHECK_CRC, answer, sizeof answer, work_ns);
}

static void read_version(struct chip *chip, const uint8_t *payload) {
    (void)payload;
    char field[16] = {0};
    if (!chip->kind->version)
        return;
    memcpy(field, chip->kind->version, strlen(chip->kind->version));
    chip_answer_short(chip, BEKEN_READ_VERSION, field, sizeof field, 0);
}

static void watchdog_reset(struct chip *chip, const uint8_t *payload) {
    if (memcmp(payload, "SEAN", 4) == 0)
        chip_reset(chip, false);
    else
        chip_answer_short(chip, BEKEN_WATCHDOG_RESET, payload, 4, 0);
}

static void stay_rom(struct chip *chip, const uint8_t *payload) {
    chip_answer_short(chip, BEKEN_STAY_ROM, payload, 1, 0);
}

static const struct short_command short_commands[] = {
    {BEKEN_LINK_CHECK, 0, true, true, link_check},
    {BEKEN_WRITE_REGISTER, 8, true, false, write_register},
    {BEKEN_READ_REGISTER, 4, true, false, read_register},
    {BEKEN_REBOOT, 1, true, true, reboot},
    {BEKEN_SET_BAUD, 5, true, true, set_baud},
    {BEKEN_CHECK_CRC, 8, true, true, check_crc},
    {BEKEN_READ_VERSION, 0, false, true, read_version},
    {BEKEN_WATCHDOG_RESET, 4, true, false, watchdog_reset},
    {BEKEN_STAY_ROM, 1, true, false, stay_rom},
};

/* The ROM names the length it got and repeats the frame's bytes. */
static void wrong_length(struct chip *chip, const struct beken_request *request) {
    uint8_t answer[8] = {BEKEN_PAYLOAD_LACKING, (uint8_t)(1 + request->length)};
    size_t n = request->length < 6 ? request->length : 6;
    memcpy(answer + 2, request->payload, n);
    chip_answer_short(chip, request->command, answer, 2 + n, 0);
}

void chip_short_command(struct chip *chip, const struct beken_request *request) {
    bool rom = chip->kind->family == BEKEN_FAMILY_F;
    for (size_t i = 0; i < sizeof short_commands / sizeof *short_commands; i++) {
        const struct short_command *row = &short_commands[i];
        if (row->command != request->command || !(rom ? row->rom : row->boot))
            continue;
        if (row->length == request->length)
            row->run(chip, request->payload);
        else if (rom)
            wrong_length(chip, request);
        return;
    }
    if (rom) {
        uint8_t unknown = BEKEN_UNKNOWN_COMMAND;
        chip_answer_short(chip, request->command, &unknown, 1, 0);
    }
}
