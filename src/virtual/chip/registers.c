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
    BK7258_CLOCKS = 0x54010030,
    BK7258_EFUSE_CLOCK = 1 << 7,
    BK7258_OTP_CLOCK = 1 << 15,
    BK7258_POWER = 0x54010040,
    BK7258_OTP_DOWN = 1 << 3,
    BK7258_OTP_WAKE_NS = 2000000,
};

static const struct {
    uint32_t address, size;
} otp_windows[] = {{0x5B100400, 0x400}, {0x5B010000, 0xC00}};

/* What other values hold after reset than 0. */
static const struct chip_register at_reset[] = {{BK7258_CLOCKS, 0x00000041},
                                                {BK7258_POWER, 0x0000000C}};

static struct chip_register *find(struct chip *chip, uint32_t address) {
    for (uint32_t i = 0; i < chip->register_count; i++)
        if (chip->registers[i].address == address)
            return &chip->registers[i];
    return NULL;
}

static uint32_t stored(struct chip *chip, uint32_t address) {
    const struct chip_register *found = find(chip, address);
    for (size_t i = 0; !found && i < sizeof at_reset / sizeof *at_reset; i++)
        if (chip->kind->efuse == CHIP_EFUSE_BK7258 && at_reset[i].address == address)
            return at_reset[i].value;
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

/* Without its clock the reader gives nothing. */
static bool efuse_runs(struct chip *chip) {
    return chip->kind->efuse != CHIP_EFUSE_BK7258 ||
           stored(chip, BK7258_CLOCKS) & BK7258_EFUSE_CLOCK;
}

static bool otp_runs(struct chip *chip) {
    return stored(chip, BK7258_CLOCKS) & BK7258_OTP_CLOCK &&
           !(stored(chip, BK7258_POWER) & BK7258_OTP_DOWN) &&
           (!chip->timed || chip->now_ns >= chip->otp_awake_ns);
}

static bool is_otp(const struct chip *chip, uint32_t address) {
    for (size_t i = 0; i < sizeof otp_windows / sizeof *otp_windows; i++)
        if (chip->kind->efuse == CHIP_EFUSE_BK7258 &&
            address - otp_windows[i].address < otp_windows[i].size)
            return true;
    return false;
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
        return efuse_runs(chip) ? EFUSE_VALID | efuse_byte(chip, n) : 0;
    }
    if (is_otp(chip, address)) /* an invented content, too */
        return otp_runs(chip) ? rom_word(address) : 0;
    if (address - kind->rom_base < kind->rom_size)
        return rom_word(address - kind->rom_base);
    return stored(chip, address);
}

void chip_write_register(struct chip *chip, uint32_t address, uint32_t value) {
    uint32_t control, result;
    if (efuse_addresses(chip, &control, &result) && address == control)
        value &= ~1u; /* the read is done before anybody can look */
    if (address == BK7258_POWER && stored(chip, address) & ~value & BK7258_OTP_DOWN)
        chip->otp_awake_ns = chip->now_ns + BK7258_OTP_WAKE_NS;
    struct chip_register *found = find(chip, address);
    if (!found && chip->register_count < CHIP_REGS)
        found = &chip->registers[chip->register_count++];
    if (found)
        *found = (struct chip_register){address, value};
}
