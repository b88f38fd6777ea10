/* Registers that the download protocol can reach: chip identity, the eFuse reader, the mask ROM
 * (an invented content: the real one belongs to its maker), and a few words that keep what was
 * written. */
#include "virtual/chip/internal.h"

enum {
    EFUSE_CONTROL = 0x00800074,
    EFUSE_RESULT = 0x00800078,
    EFUSE_VALID = 1 << 8,
    BK7258_EFUSE_CONTROL = 0x54880010,
    BK7258_EFUSE_RESULT = 0x54880014,
};

static struct chip_register *find(struct chip *chip, uint32_t address) {
    for (uint32_t i = 0; i < chip->register_count; i++)
        if (chip->registers[i].address == address)
            return &chip->registers[i];
    return NULL;
}

static uint32_t stored(struct chip *chip, uint32_t address) {
    const struct chip_register *found = find(chip, address);
    return found ? found->value : 0;
}

/* Byte n of the 32-byte eFuse: the key's words, little-endian, then blank. */
static uint8_t efuse_byte(const struct chip *chip, unsigned n) {
    if (n >= 16)
        return 0;
    unsigned word = chip->kind->short_key ? 0 : n / 4;
    return (uint8_t)(chip->key.k[word] >> 8 * (n % 4));
}

static bool efuse_addresses(const struct chip *chip, uint32_t *control, uint32_t *result) {
    bool newer = chip->kind->efuse == CHIP_EFUSE_BK7258;
    *control = newer ? (uint32_t)BK7258_EFUSE_CONTROL : (uint32_t)EFUSE_CONTROL;
    *result = newer ? (uint32_t)BK7258_EFUSE_RESULT : (uint32_t)EFUSE_RESULT;
    return chip->kind->efuse != CHIP_NO_EFUSE;
}

static uint32_t rom_word(uint32_t offset) {
    uint32_t x = offset * 2654435761u;
    return x ^ x >> 15;
}

uint32_t chip_read_register(struct chip *chip, uint32_t address) {
    const struct chip_kind *kind = chip->kind;
    uint32_t control, result;
    if (address == kind->id_register)
        return kind->id;
    if (address == kind->device_register)
        return kind->device_id;
    if (efuse_addresses(chip, &control, &result) && address == result) {
        uint32_t n = stored(chip, control) >> 8 & 0x1F;
        return EFUSE_VALID | efuse_byte(chip, n);
    }
    if (address - kind->rom_base < kind->rom_size)
        return rom_word(address - kind->rom_base);
    return stored(chip, address);
}

void chip_write_register(struct chip *chip, uint32_t address, uint32_t value) {
    uint32_t control, result;
    if (efuse_addresses(chip, &control, &result) && address == control)
        value &= ~1u; /* the read is done before anybody can look */
    struct chip_register *found = find(chip, address);
    if (!found && chip->register_count < CHIP_REGS)
        found = &chip->registers[chip->register_count++];
    if (found)
        *found = (struct chip_register){address, value};
}
