/* Flash controller at 0x00803000. Software reads and writes are physical and raw: neither
 * CRC-stripped nor decrypted, which is where firmware keeps its data. Operations complete at once;
 * programming only clears bits. Source: vendor SDK driver/flash. */
#include "virtual/soc/flash_view.h"

#include "virtual/flash/spi_flash.h"

#include <string.h>

enum {
    OPERATE = 0x00,
    DATA_WRITE = 0x04,
    DATA_READ = 0x08,
    JEDEC = 0x10,
    STATUS = 0x14,
    CONFIG = 0x1C,
    START = 1 << 29,
    PAGE = 32,
    SECTOR = 0x1000,
    BLOCK_32K = 0x8000,
    BLOCK_64K = 0x10000,
};

enum opcode {
    OP_WRITE_ENABLE = 1,
    OP_WRITE_DISABLE = 2,
    OP_READ_STATUS = 3,
    OP_WRITE_STATUS = 4,
    OP_READ = 5,
    OP_READ_STATUS2 = 6,
    OP_WRITE_STATUS2 = 7,
    OP_PROGRAM = 12,
    OP_ERASE_SECTOR = 13,
    OP_ERASE_32K = 14,
    OP_ERASE_64K = 15,
    OP_ERASE_CHIP = 16,
    OP_READ_ID = 20,
};

/* The chip's block-protection bits decide, as its data sheet has them. */
static bool is_protected(const struct board *b, uint32_t address, uint32_t size) {
    const struct spi_flash flash = {.part = flash_chip_find(b->chip->jedec_id),
                                    .id = b->chip->jedec_id,
                                    .size = b->flash.size,
                                    .sr = b->flash.status};
    return spi_flash_is_protected(&flash, address, size);
}

static void erase(struct board *b, uint32_t address, uint32_t size) {
    struct soc_flash *f = &b->flash;
    if (size > f->size)
        size = f->size;
    address = address % f->size & ~(size - 1);
    if (address + size > f->size || is_protected(b, address, size))
        return;
    memset(f->data + address, 0xFF, size);
    f->erases++;
    flash_view_refresh(b, address, size);
}

static void program(struct board *b, uint32_t address) {
    struct soc_flash *f = &b->flash;
    address = address % f->size & ~(uint32_t)(PAGE - 1);
    if (address + PAGE <= f->size && !is_protected(b, address, PAGE)) {
        for (int i = 0; i < PAGE; i++)
            f->data[address + (uint32_t)i] &= f->page[i];
        f->programs++;
        flash_view_refresh(b, address, PAGE);
    }
    memset(f->page, 0xFF, sizeof f->page);
    f->page_fill = 0;
}

static void read_burst(struct board *b, uint32_t address) {
    struct soc_flash *f = &b->flash;
    address &= ~(uint32_t)(PAGE - 1);
    for (uint32_t i = 0; i < PAGE; i++)
        f->burst[i] = f->data[(address + i) % f->size];
    f->burst_at = 0;
}

static void set_status_field(struct board *b, uint32_t value) {
    uint32_t *word = board_word(b, soc_flash_controller.base + STATUS);
    *word = (*word & ~0xFFu) | (value & 0xFF);
}

static void operate(struct board *b, uint32_t value) {
    struct soc_flash *f = &b->flash;
    uint32_t address = value & 0xFFFFFF;
    uint32_t config = *board_word(b, soc_flash_controller.base + CONFIG) >> 10 & 0xFFFF;
    switch ((enum opcode)(value >> 24 & 0x1F)) {
    case OP_READ:
        read_burst(b, address);
        break;
    case OP_READ_STATUS:
        set_status_field(b, f->status);
        break;
    case OP_READ_STATUS2:
        set_status_field(b, f->status >> 8);
        break;
    case OP_WRITE_STATUS:
        f->status = (uint16_t)((f->status & 0xFF00) | (config & 0xFC));
        break;
    case OP_WRITE_STATUS2:
        f->status = (uint16_t)(config & 0xFFFC);
        break;
    case OP_PROGRAM:
        program(b, address);
        break;
    case OP_ERASE_SECTOR:
        erase(b, address, SECTOR);
        break;
    case OP_ERASE_32K:
        erase(b, address, BLOCK_32K);
        break;
    case OP_ERASE_64K:
        erase(b, address, BLOCK_64K);
        break;
    case OP_ERASE_CHIP:
        erase(b, 0, f->size);
        break;
    case OP_READ_ID:
        *board_word(b, soc_flash_controller.base + JEDEC) = b->chip->jedec_id;
        break;
    case OP_WRITE_ENABLE:
    case OP_WRITE_DISABLE:
    default:
        break;
    }
}

static uint32_t flash_read(struct board *b, uint32_t offset) {
    struct soc_flash *f = &b->flash;
    uint32_t word = *board_word(b, soc_flash_controller.base + offset);
    if (offset == DATA_READ) {
        memcpy(&word, f->burst + f->burst_at, 4);
        f->burst_at = (f->burst_at + 4) % PAGE;
    } else if (offset == OPERATE)
        word &= 0x1FFFFFFF; /* neither started nor busy */
    return word;
}

static void flash_write(struct board *b, uint32_t offset, uint32_t value) {
    struct soc_flash *f = &b->flash;
    if (offset == DATA_WRITE) {
        memcpy(f->page + f->page_fill, &value, 4);
        f->page_fill = (f->page_fill + 4) % PAGE;
        return;
    }
    *board_word(b, soc_flash_controller.base + offset) = value;
    if (offset == OPERATE && value & START)
        operate(b, value);
}

static void flash_reset(struct board *b) {
    memset(b->flash.page, 0xFF, sizeof b->flash.page);
    b->flash.page_fill = b->flash.burst_at = 0;
}

const struct peripheral soc_flash_controller = {.name = "flash",
                                                .base = 0x803000,
                                                .size = 0x80,
                                                .read = flash_read,
                                                .write = flash_write,
                                                .reset = flash_reset};
