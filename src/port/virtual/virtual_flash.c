/* The flash of the virtual chip, and what a power cut leaves of an operation: of a program a
 * prefix of the bytes, the last of them with some of its bits; of an erase some bytes erased, some
 * as they were, some neither. */
#include "port/virtual/virtual_flash.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint8_t *sector(struct virtual_chip *chip, uint32_t index) {
    if (!chip->sectors[index]) {
        chip->sectors[index] = malloc(HAL_FLASH_SECTOR);
        if (chip->sectors[index])
            memset(chip->sectors[index], 0xFF, HAL_FLASH_SECTOR);
    }
    return chip->sectors[index];
}

static bool inside(const struct virtual_chip *chip, uint32_t offset, size_t size) {
    return offset <= chip->flash_size && size <= chip->flash_size - offset;
}

static uint32_t chance(struct virtual_chip *chip) {
    chip->cut_random = chip->cut_random * 1664525U + 1013904223U;
    return chip->cut_random >> 8;
}

/* Counts an operation; true when the power goes inside this one. */
static bool cut_now(struct virtual_chip *chip) {
    chip->flash_steps++;
    return chip->cut_at && chip->flash_steps == chip->cut_at;
}

bool virtual_flash_read(void *context, uint32_t offset, void *data, size_t size) {
    struct virtual_chip *chip = context;
    uint8_t *to = data;
    if (chip->dead || !inside(chip, offset, size))
        return false;
    while (size) {
        uint32_t at = offset % HAL_FLASH_SECTOR;
        size_t part = HAL_FLASH_SECTOR - at < size ? HAL_FLASH_SECTOR - at : size;
        const uint8_t *from = chip->sectors[offset / HAL_FLASH_SECTOR];
        if (from)
            memcpy(to, from + at, part);
        else
            memset(to, 0xFF, part);
        to += part;
        offset += (uint32_t)part;
        size -= part;
    }
    return true;
}

bool virtual_flash_program(void *context, uint32_t offset, const void *data, size_t size) {
    struct virtual_chip *chip = context;
    const uint8_t *from = data;
    if (chip->dead || !inside(chip, offset, size))
        return false;
    bool cut = cut_now(chip);
    size_t whole = cut ? chance(chip) % (size + 1) : size;
    for (size_t i = 0; i < size && i <= whole; i++) {
        uint8_t *p = sector(chip, (offset + (uint32_t)i) / HAL_FLASH_SECTOR);
        uint8_t left = i < whole ? 0 : (uint8_t)chance(chip); /* bits not yet cleared */
        if (!p)
            return false;
        p[(offset + i) % HAL_FLASH_SECTOR] &= (uint8_t)(from[i] | left);
    }
    chip->dead = cut;
    return !cut;
}

bool virtual_flash_erase(void *context, uint32_t offset) {
    struct virtual_chip *chip = context;
    uint32_t index = offset / HAL_FLASH_SECTOR;
    if (chip->dead || !inside(chip, offset, HAL_FLASH_SECTOR))
        return false;
    if (chip->erase_counts)
        chip->erase_counts[index]++;
    if (cut_now(chip)) {
        uint8_t *p = sector(chip, index);
        uint32_t how = chance(chip) % 4; /* nothing, most, all, a mixture */
        for (size_t i = 0; p && how && i < HAL_FLASH_SECTOR; i++)
            if (how == 2 || chance(chip) % 8 < (how == 1 ? 7U : 4U))
                p[i] |= how == 3 ? (uint8_t)chance(chip) : 0xFF;
        chip->dead = true;
        return false;
    }
    free(chip->sectors[index]);
    chip->sectors[index] = NULL;
    return true;
}

bool virtual_flash_write(struct virtual_chip *chip, uint32_t offset, const void *data,
                         size_t size) {
    const uint8_t *from = data;
    if (!inside(chip, offset, size))
        return false;
    for (size_t i = 0; i < size; i++) {
        uint8_t *p = sector(chip, (offset + (uint32_t)i) / HAL_FLASH_SECTOR);
        if (!p)
            return false;
        p[(offset + i) % HAL_FLASH_SECTOR] = from[i];
    }
    return true;
}

void virtual_flash_damage(struct virtual_chip *chip, uint32_t offset, unsigned bit) {
    uint8_t *p = inside(chip, offset, 1) ? sector(chip, offset / HAL_FLASH_SECTOR) : NULL;
    if (p)
        p[offset % HAL_FLASH_SECTOR] ^= (uint8_t)(1U << bit);
}

size_t virtual_flash_memory(const struct virtual_chip *chip) {
    size_t bytes = 0;
    for (unsigned i = 0; i < VIRTUAL_SECTORS; i++)
        bytes += chip->sectors[i] ? HAL_FLASH_SECTOR : 0;
    return bytes;
}

enum status virtual_flash_load(struct virtual_chip *chip, const char *path) {
    FILE *file = fopen(path, "rb");
    uint8_t data[HAL_FLASH_SECTOR];
    size_t got;
    if (!file)
        return STATUS_NOT_FOUND;
    for (uint32_t at = 0; (got = fread(data, 1, sizeof data, file)) > 0; at += (uint32_t)got) {
        bool blank = true;
        for (size_t i = 0; i < got; i++)
            blank &= data[i] == 0xFF;
        if (!blank && !virtual_flash_write(chip, at, data, got)) {
            fclose(file);
            return STATUS_BAD_LENGTH;
        }
    }
    fclose(file);
    return STATUS_OK;
}

enum status virtual_flash_save(const struct virtual_chip *chip, const char *path) {
    FILE *file = fopen(path, "wb");
    uint8_t blank[HAL_FLASH_SECTOR];
    bool good = file != NULL;
    memset(blank, 0xFF, sizeof blank);
    for (uint32_t i = 0; good && i < chip->flash_size / HAL_FLASH_SECTOR; i++)
        good = fwrite(chip->sectors[i] ? chip->sectors[i] : blank, sizeof blank, 1, file) == 1;
    if (file && fclose(file) != 0)
        good = false;
    return good ? STATUS_OK : STATUS_IO;
}
