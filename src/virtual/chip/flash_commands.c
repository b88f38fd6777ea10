/* The flash commands of both families. Addresses are taken modulo the flash size and echoed as
 * sent; what a protected part ignores is reported as done, as on real chips. */
#include "virtual/chip/internal.h"

static const struct span nothing = {NULL, 0};

struct flash_command {
    uint8_t command;
    uint16_t least, most; /* payload length */
    bool rom, boot;       /* family F, family B */
    void (*run)(struct chip *chip, const struct beken_request *request);
};

static void answer(struct chip *chip, const struct beken_request *request, unsigned status,
                   size_t head, struct span data) {
    chip_answer_flash(chip, request->command, status, (struct span){request->payload, head}, data,
                      chip_flash_wait_ns(chip));
}

/* Programs page by page; false when the supply failed within. */
static bool program(struct chip *chip, uint32_t address, const uint8_t *data, uint32_t count) {
    uint64_t at_ns = chip->now_ns + chip_flash_wait_ns(chip);
    for (uint32_t done = 0; done < count;) {
        uint32_t room = FLASH_PAGE - ((address + done) & (FLASH_PAGE - 1u));
        uint32_t run = count - done < room ? count - done : room;
        spi_flash_program(chip->flash, at_ns, address + done, data + done, run);
        if (!chip_survives_flash(chip))
            return false;
        if (chip->flash->busy_until_ns > at_ns)
            at_ns = chip->flash->busy_until_ns;
        done += run;
    }
    return true;
}

static bool refused(const struct chip *chip, uint32_t address, uint32_t limit) {
    return chip->kind->limits && address < limit;
}

static void flash_write(struct chip *chip, const struct beken_request *request) {
    uint32_t address = load_le32(request->payload), count = request->length - 4u;
    uint8_t echo = (uint8_t)count;
    struct span tail = {&echo, 1};
    if (chip->kind->limits && refused(chip, address, chip->kind->limits->write)) {
        answer(chip, request, BEKEN_PARAMETER, 4, tail);
        return;
    }
    chip_note(chip, "write %06X + %X", (unsigned)address, (unsigned)count);
    if (program(chip, address, request->payload + 4, count))
        answer(chip, request, BEKEN_OK, 4, tail);
}

/* Family B: the pages were programmed while they arrived. */
static void flash_write_4k(struct chip *chip, const struct beken_request *request) {
    uint32_t address = load_le32(request->payload);
    if (chip->kind->limits && refused(chip, address, chip->kind->limits->write_4k)) {
        uint8_t echo[4];
        memcpy(echo, request->payload, 4);
        store_le16(echo, chip->kind->limits->write_4k_echo);
        chip_answer_flash(chip, request->command, BEKEN_PARAMETER, (struct span){echo, 4}, nothing,
                          0);
        return;
    }
    chip_note(chip, "write 4K %06X", (unsigned)address);
    if (chip->kind->family == BEKEN_FAMILY_F &&
        !program(chip, address, request->payload + 4, BEKEN_SECTOR))
        return;
    answer(chip, request, BEKEN_OK, 4, nothing);
}

void chip_stream_write(struct chip *chip) {
    const struct beken_request_parser *p = &chip->parser;
    if (p->used < 12 || p->buffer[3] != 0xFF || p->buffer[7] != BEKEN_FLASH_WRITE_4K ||
        load_le16(p->buffer + 5) != 1 + 4 + BEKEN_SECTOR)
        return;
    uint32_t address = load_le32(p->buffer + 8);
    uint32_t held = p->used - 12u - chip->streamed;
    if (held < FLASH_PAGE || refused(chip, address, chip->kind->limits->write_4k))
        return;
    uint32_t at = chip->streamed;
    chip->streamed += FLASH_PAGE;
    program(chip, address + at, p->buffer + 12 + at, FLASH_PAGE);
    if (chip->timed && chip->flash->busy_until_ns > chip->busy_until_ns)
        chip->busy_until_ns = chip->flash->busy_until_ns;
}

static void flash_read(struct chip *chip, const struct beken_request *request) {
    uint8_t data[255];
    uint32_t count = request->payload[4];
    spi_flash_read(chip->flash, load_le32(request->payload), data, count);
    answer(chip, request, BEKEN_OK, 4, (struct span){data, count});
}

static void flash_read_4k(struct chip *chip, const struct beken_request *request) {
    uint8_t data[BEKEN_SECTOR];
    uint32_t address = load_le32(request->payload);
    if (chip->kind->limits && refused(chip, address, chip->kind->limits->read)) {
        uint8_t extra = (uint8_t)(request->length + 1 - 5);
        answer(chip, request, BEKEN_PARAMETER, 4, (struct span){&extra, 1});
        return;
    }
    chip_note(chip, "read 4K %06X", (unsigned)address);
    spi_flash_read(chip->flash, address, data, sizeof data);
    answer(chip, request, BEKEN_OK, 4, (struct span){data, sizeof data});
}

static uint32_t unit_of_opcode(const struct chip *chip, unsigned opcode) {
    if (opcode == BEKEN_ERASE_4K)
        return FLASH_SECTOR;
    if (opcode == BEKEN_ERASE_64K)
        return FLASH_BLOCK_64K;
    if (opcode == BEKEN_ERASE_32K && chip->kind->family == BEKEN_FAMILY_F)
        return FLASH_BLOCK_32K;
    return 0;
}

/* Family B: the first erase after a LinkCheck lifts the protection. */
static void unprotect_once(struct chip *chip) {
    const struct flash_chip *part = chip->flash->part;
    uint32_t mask = part && part->protection ? part->protection->mask : 0x407C;
    uint32_t sr = chip->flash->sr & ~mask;
    const uint8_t bytes[2] = {(uint8_t)sr, (uint8_t)(sr >> 8)};
    if (!chip->erase_enabled)
        return;
    chip->erase_enabled = false;
    spi_flash_write_sr(chip->flash, chip->now_ns + chip_flash_wait_ns(chip), 0x01, bytes, 2);
}

static void erase_unit(struct chip *chip, const struct beken_request *request, uint32_t address,
                       uint32_t unit) {
    if (chip->kind->family == BEKEN_FAMILY_B)
        unprotect_once(chip);
    chip_note(chip, "erase %06X + %X", (unsigned)address, (unsigned)unit);
    spi_flash_erase(chip->flash, chip->now_ns + chip_flash_wait_ns(chip), address, unit);
    if (chip_survives_flash(chip))
        answer(chip, request, BEKEN_OK, request->length, nothing);
}

static void flash_erase(struct chip *chip, const struct beken_request *request) {
    uint32_t address = load_le32(request->payload + 1);
    uint32_t unit = unit_of_opcode(chip, request->payload[0]);
    /* a signed comparison: addresses from 80000000 on are below the limit, too */
    bool low = chip->kind->limits && (int32_t)address < (int32_t)chip->kind->limits->erase;
    if (low || (unit == 0 && chip->kind->family == BEKEN_FAMILY_F))
        answer(chip, request, BEKEN_PARAMETER, 5, nothing);
    else if (unit == 0)
        answer(chip, request, BEKEN_OK, 5, nothing);
    else
        erase_unit(chip, request, address, unit);
}

static void flash_erase_4k(struct chip *chip, const struct beken_request *request) {
    erase_unit(chip, request, load_le32(request->payload), FLASH_SECTOR);
}

static void flash_erase_all(struct chip *chip, const struct beken_request *request) {
    if (chip->kind->erase_all)
        erase_unit(chip, request, 0, chip->flash->size);
    else
        answer(chip, request, BEKEN_UNKNOWN_COMMAND, 0, nothing);
}

static void flash_read_sr(struct chip *chip, const struct beken_request *request) {
    uint8_t value = spi_flash_read_sr(chip->flash, chip->now_ns, request->payload[0]);
    chip_answer_flash(chip, request->command, BEKEN_OK, (struct span){request->payload, 1},
                      (struct span){&value, 1}, 0);
}

static void flash_write_sr(struct chip *chip, const struct beken_request *request) {
    chip_note(chip, "write status register (%u bytes)", request->length - 1u);
    spi_flash_write_sr(chip->flash, chip->now_ns, request->payload[0], request->payload + 1,
                       request->length - 1u);
    chip_answer_flash(chip, request->command, BEKEN_OK,
                      (struct span){request->payload, request->length}, nothing, 0);
}

static void flash_spi(struct chip *chip, const struct beken_request *request) {
    uint8_t data[260];
    spi_flash_transfer(chip->flash, chip->now_ns, request->payload, data, request->length);
    if (chip_survives_flash(chip))
        chip_answer_flash(chip, request->command, BEKEN_OK, (struct span){data, request->length},
                          nothing, 0);
}

static const struct flash_command flash_commands[] = {
    {BEKEN_FLASH_WRITE, 5, 260, true, true, flash_write},
    {BEKEN_FLASH_WRITE_4K, 4 + BEKEN_SECTOR, 4 + BEKEN_SECTOR, true, true, flash_write_4k},
    {BEKEN_FLASH_READ, 5, 5, true, false, flash_read},
    {BEKEN_FLASH_READ_4K, 4, 4, true, true, flash_read_4k},
    {BEKEN_FLASH_ERASE_ALL, 1, 1, true, false, flash_erase_all},
    {BEKEN_FLASH_ERASE_4K, 4, 4, true, false, flash_erase_4k},
    {BEKEN_FLASH_READ_SR, 1, 1, true, false, flash_read_sr},
    {BEKEN_FLASH_WRITE_SR, 2, 3, true, false, flash_write_sr},
    {BEKEN_FLASH_SPI, 1, 260, true, false, flash_spi},
    {BEKEN_FLASH_ERASE, 5, 5, true, true, flash_erase},
};

void chip_flash_command(struct chip *chip, const struct beken_request *request) {
    bool rom = chip->kind->family == BEKEN_FAMILY_F;
    for (size_t i = 0; i < sizeof flash_commands / sizeof *flash_commands; i++) {
        const struct flash_command *row = &flash_commands[i];
        if (row->command != request->command || !(rom ? row->rom : row->boot))
            continue;
        if (request->length >= row->least && request->length <= row->most)
            row->run(chip, request);
        else if (rom)
            answer(chip, request, BEKEN_PACKET_LENGTH, 0, nothing);
        return;
    }
    if (rom)
        answer(chip, request, BEKEN_UNKNOWN_COMMAND, 0, nothing);
}
