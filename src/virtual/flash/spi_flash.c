/* The array of the SPI flash: reading, programming, erasing, and what a failing supply leaves. */
#include "virtual/flash/spi_flash.h"

#include <stdlib.h>
#include <string.h>

#include "virtual/random.h"

enum { BOOT_END = 0x11000 };

bool spi_flash_init(struct spi_flash *flash, uint32_t id, uint32_t size) {
    memset(flash, 0, sizeof *flash);
    flash->part = flash_chip_find(id);
    flash->id = id;
    flash->size = size ? size : flash->part ? flash->part->size : flash_size_of_id(id);
    flash->defects.bad_sector = SPI_FLASH_NOWHERE;
    flash->sr = flash->sr_at_power_on = 0x0200; /* QE, as modules come */
    if (flash->size < 65536 || flash->size > 64u << 20 || (flash->size & (flash->size - 1)))
        return false;
    flash->data = malloc(flash->size);
    if (flash->data)
        memset(flash->data, 0xFF, flash->size);
    return flash->data != NULL;
}

void spi_flash_free(struct spi_flash *flash) {
    free(flash->data);
    flash->data = NULL;
}

void spi_flash_power_cycle(struct spi_flash *flash) {
    flash->busy_until_ns = 0;
    flash->write_enabled = false;
    if (flash->sr & FLASH_SR_SRP1) /* "power supply lock-down" ends with the supply */
        flash->sr &= ~(uint32_t)(FLASH_SR_SRP0 | FLASH_SR_SRP1);
    flash->event = SPI_FLASH_DONE;
}

bool spi_flash_is_busy(const struct spi_flash *flash, uint64_t now_ns) {
    return now_ns < flash->busy_until_ns;
}

void spi_flash_read(struct spi_flash *flash, uint32_t address, uint8_t *out, uint32_t count) {
    for (uint32_t done = 0; done < count;) {
        uint32_t at = (address + done) & (flash->size - 1);
        uint32_t run = flash->size - at < count - done ? flash->size - at : count - done;
        memcpy(out + done, flash->data + at, run);
        if (flash->defects.unreadable_first && at < FLASH_SECTOR)
            for (uint32_t i = 0; i < run && at + i < FLASH_SECTOR; i++)
                if (random_chance(&flash->random, 0.05))
                    out[done + i] ^= (uint8_t)random_next(&flash->random);
        done += run;
    }
    if (flash->defects.unreachable)
        memset(out, 0, count);
}

/* Counts an operation; true when it may run to its end, false when the supply fails within. */
static bool begin(struct spi_flash *flash, bool erase) {
    flash->operations++;
    flash->changed = true;
    if (erase)
        flash->erases++;
    if (flash->operations == flash->defects.cut_at)
        flash->event = SPI_FLASH_CUT;
    else if (erase && flash->erases == flash->defects.dip_at_erase)
        flash->event = SPI_FLASH_DIPPED;
    else
        return true;
    return false;
}

static void tell(const struct spi_flash *flash, uint32_t address, uint32_t count) {
    if (flash->touched)
        flash->touched(flash->touched_context, address, count);
}

static void busy(struct spi_flash *flash, uint64_t now_ns, uint32_t us) {
    if (flash->timed)
        flash->busy_until_ns = now_ns + (uint64_t)us * 1000;
}

/* A worn sector: some bits stay as the noise wants them. */
static void spoil(struct spi_flash *flash, uint32_t address) {
    uint32_t bad = flash->defects.bad_sector;
    if (bad == SPI_FLASH_NOWHERE || (address & ~(FLASH_SECTOR - 1u)) != bad)
        return;
    flash->data[bad + 17] &= 0xFE;
    flash->data[bad + random_next(&flash->random) % FLASH_SECTOR] &=
        (uint8_t)random_next(&flash->random);
}

void spi_flash_program(struct spi_flash *flash, uint64_t now_ns, uint32_t address,
                       const uint8_t *data, uint32_t count) {
    address &= flash->size - 1;
    if (count > FLASH_PAGE || spi_flash_is_protected(flash, address, 1)) {
        flash->ignored++;
        return;
    }
    tell(flash, address, count);
    uint32_t whole = begin(flash, false) ? count : count / 2;
    uint32_t page = address & ~(FLASH_PAGE - 1u);
    for (uint32_t i = 0; i < whole; i++)
        flash->data[page + ((address + i) & (FLASH_PAGE - 1u))] &= data[i];
    flash->programs++;
    flash->low_writes += address < BOOT_END;
    spoil(flash, address);
    busy(flash, now_ns, flash_typical_timing.page_program_us);
}

static uint32_t erase_us(const struct spi_flash *flash, uint32_t unit) {
    const struct flash_timing *t = &flash_typical_timing;
    if (unit == FLASH_SECTOR)
        return t->erase_4k_us;
    if (unit == FLASH_BLOCK_32K)
        return t->erase_32k_us;
    if (unit == FLASH_BLOCK_64K)
        return t->erase_64k_us;
    return (uint32_t)((uint64_t)t->erase_mib_us * flash->size >> 20);
}

void spi_flash_erase(struct spi_flash *flash, uint64_t now_ns, uint32_t address, uint32_t unit) {
    uint32_t start = address & (flash->size - 1) & ~(unit - 1);
    bool guarded = false;
    for (uint32_t at = start; at < start + unit; at += FLASH_SECTOR)
        guarded = guarded || spi_flash_is_protected(flash, at, 1);
    if (guarded) {
        flash->ignored++;
        return;
    }
    tell(flash, start, unit);
    if (begin(flash, true)) {
        memset(flash->data + start, 0xFF, unit);
    } else { /* interrupted: half erased, the rest with bits that fell or stayed */
        memset(flash->data + start, 0xFF, unit / 2);
        for (uint32_t i = unit / 2; i < unit; i++)
            flash->data[start + i] |= (uint8_t)random_next(&flash->random);
    }
    flash->low_writes += start < BOOT_END;
    spoil(flash, start);
    busy(flash, now_ns, erase_us(flash, unit));
}
