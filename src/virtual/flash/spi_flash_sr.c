/* The registers of the SPI flash: status bytes, what their bits protect, and the raw transfers by
 * which a boot ROM passes opcodes through. */
#include <string.h>

#include "virtual/flash/spi_flash.h"

static unsigned byte_of_read_opcode(const struct spi_flash *flash, unsigned opcode) {
    if (opcode == 0x05)
        return 0;
    const struct flash_protection *p = flash->part ? flash->part->protection : NULL;
    for (unsigned i = 1; p && i < p->bytes; i++)
        if (p->read_opcodes[i] == opcode)
            return i;
    return opcode == 0x35 ? 1 : opcode == 0x15 ? 2 : 3;
}

static unsigned sr_bytes(const struct spi_flash *flash) {
    const struct flash_protection *p = flash->part ? flash->part->protection : NULL;
    return p ? p->bytes : 2;
}

uint8_t spi_flash_read_sr(const struct spi_flash *flash, uint64_t now_ns, unsigned opcode) {
    unsigned byte = byte_of_read_opcode(flash, opcode);
    if (byte > 2 || flash->defects.unreachable)
        return flash->defects.unreachable ? 0 : 0xFF;
    if (byte >= sr_bytes(flash))
        return 0;
    uint8_t value = (uint8_t)(flash->sr >> 8 * byte);
    if (byte == 0)
        value = (uint8_t)((value & ~3u) | spi_flash_is_busy(flash, now_ns) |
                          (flash->write_enabled ? FLASH_SR_WEL : 0u));
    return value;
}

/* First status byte that a write opcode reaches, or 3. */
static unsigned first_written(unsigned opcode) {
    return opcode == 0x01 ? 0 : opcode == 0x31 ? 1 : opcode == 0x11 ? 2 : 3;
}

void spi_flash_write_sr(struct spi_flash *flash, uint64_t now_ns, unsigned opcode,
                        const uint8_t *values, unsigned count) {
    unsigned first = first_written(opcode), width = sr_bytes(flash);
    bool locked = flash->defects.locked_sr ||
                  (flash->sr & (FLASH_SR_SRP1 | FLASH_SR_SRP0)) == (FLASH_SR_SRP1 | FLASH_SR_SRP0);
    if (first >= width || count == 0 || locked || spi_flash_is_busy(flash, now_ns)) {
        flash->ignored++;
        return;
    }
    uint32_t sr = flash->sr;
    for (unsigned byte = first; byte < width && byte < sizeof sr; byte++) {
        bool given = byte - first < count;
        if (!given && (first > 0 || byte > 1))
            break; /* 31 and 11 write one byte; 01 with one byte clears the second */
        sr &= ~(0xFFu << 8 * byte);
        sr |= given ? (uint32_t)values[byte - first] << 8 * byte : 0;
    }
    if (flash->defects.stuck_on_noop_sr && (sr & ~3u) == (flash->sr & ~3u))
        sr = 0x7BFC;
    flash->sr = sr & ~3u;
    flash->operations++;
    if (flash->timed)
        flash->busy_until_ns = now_ns + (uint64_t)flash_typical_timing.write_sr_us * 1000;
}

/* How many bytes at one end BP0..BP2 protect: on 16 Mbit parts 64 KiB doubling up to the chip, or
 * with BP4 ("SEC") 4 KiB doubling up to 32 KiB. */
static uint32_t protected_bytes(const struct spi_flash *flash, bool sectors, unsigned level) {
    if (level == 0)
        return 0;
    if (level == 7 || (!sectors && level == 6))
        return flash->size;
    uint32_t bytes = sectors ? (uint32_t)FLASH_SECTOR << (level - 1) : flash->size >> (6 - level);
    return sectors && bytes > FLASH_BLOCK_32K ? FLASH_BLOCK_32K : bytes;
}

bool spi_flash_is_protected(const struct spi_flash *flash, uint32_t address, uint32_t count) {
    uint32_t bytes = protected_bytes(flash, flash->sr & 1 << 6, flash->sr >> 2 & 7);
    bool bottom = flash->sr & 1 << 5;
    bool all = true;
    for (uint32_t i = 0; i < count && all; i++) {
        uint32_t at = (address + i) & (flash->size - 1);
        bool inside = bottom ? at < bytes : at >= flash->size - bytes;
        if (flash->sr & FLASH_SR_CMP && sr_bytes(flash) > 1)
            inside = !inside;
        all = inside;
    }
    return all;
}

static uint32_t address_of(const uint8_t *in) {
    return (uint32_t)in[1] << 16 | (uint32_t)in[2] << 8 | in[3];
}

static uint32_t erase_unit(const struct spi_flash *flash, unsigned opcode) {
    switch (opcode) {
    case 0x20:
        return FLASH_SECTOR;
    case 0x52:
        return FLASH_BLOCK_32K;
    case 0xD8:
        return FLASH_BLOCK_64K;
    case 0x60:
    case 0xC7:
        return flash->size;
    default:
        return 0;
    }
}

/* Opcodes that answer: fills out[1..]. */
static void transfer_out(struct spi_flash *flash, uint64_t now_ns, const uint8_t *in, uint8_t *out,
                         uint32_t count) {
    const uint8_t id[3] = {(uint8_t)(flash->id >> 16), (uint8_t)(flash->id >> 8),
                           (uint8_t)flash->id};
    unsigned opcode = in[0];
    uint32_t address = count >= 4 ? address_of(in) : 0;
    memset(out, 0, count);
    for (uint32_t i = 1; i < count; i++) {
        if (opcode == 0x9F && !flash->defects.unreachable)
            out[i] = i < 4 ? id[i - 1] : 0;
        else if (opcode == 0x05 || opcode == 0x35 || opcode == 0x15)
            out[i] = spi_flash_read_sr(flash, now_ns, opcode);
    }
    if (opcode == 0x03 && count > 4)
        spi_flash_read(flash, address, out + 4, count - 4);
}

void spi_flash_transfer(struct spi_flash *flash, uint64_t now_ns, const uint8_t *in, uint8_t *out,
                        uint32_t count) {
    uint8_t sent[300];
    if (count == 0)
        return;
    memcpy(sent, in, count < sizeof sent ? count : sizeof sent);
    uint32_t unit = erase_unit(flash, sent[0]);
    bool chip_erase = sent[0] == 0x60 || sent[0] == 0xC7;
    bool enabled = flash->write_enabled;
    transfer_out(flash, now_ns, sent, out, count < sizeof sent ? count : sizeof sent);
    if (sent[0] == 0x06 || sent[0] == 0x04) {
        flash->write_enabled = sent[0] == 0x06;
        return;
    }
    if (!enabled || spi_flash_is_busy(flash, now_ns))
        return;
    if (unit && (count >= 4 || chip_erase))
        spi_flash_erase(flash, now_ns, chip_erase ? 0 : address_of(sent), unit);
    else if (sent[0] == 0x02 && count > 4 && count <= 4 + FLASH_PAGE)
        spi_flash_program(flash, now_ns, address_of(sent), sent + 4, count - 4);
    else if (first_written(sent[0]) < 3)
        spi_flash_write_sr(flash, now_ns, sent[0], sent + 1, count - 1);
    else
        return;
    flash->write_enabled = false;
}
