/* Judging and mending a bootloader. */
#include "workbench/flasher/boot_health.h"

#include "base/bytes.h"
#include "base/crc.h"
#include "codec/beken/rbl.h"

#include <stdio.h>

/* Where the installed RBL header of a bootloader stands: usual, and older shape. */
static const uint32_t header_places[] = {0x10F9A, 0xFE9A};

static const struct beken_bootloader *by_header(const uint8_t *data) {
    for (size_t i = 0; i < sizeof header_places / sizeof *header_places; i++) {
        struct rbl_header rbl;
        if (rbl_decode_installed(data + header_places[i], RBL_INSTALLED_SIZE, &rbl, NULL) ==
            STATUS_OK) {
            const struct beken_bootloader *b =
                beken_bootloader_by_payload(rbl.package_crc, rbl.raw_hash);
            if (b)
                return b;
        }
    }
    return NULL;
}

static const struct beken_bootloader *by_common(uint32_t crc) {
    for (const struct beken_bootloader *b = beken_bootloaders; b->name; b++)
        if (b->common_crc && b->common_crc == crc)
            return b;
    return NULL;
}

void boot_health_check(const uint8_t *data, size_t size, struct boot_health *out) {
    struct boot_health *h = out;
    *h = (struct boot_health){.blank = bytes_all(data, BEKEN_BOOT_SIZE, 0xFF)};
    h->blocks = beken_stripe_check(data, BEKEN_BOOT_SIZE);
    for (uint32_t at = 0; at + BEKEN_PHYSICAL_BLOCK <= BEKEN_BOOT_SIZE; at += BEKEN_PHYSICAL_BLOCK)
        if (beken_block_check(data + at) == BEKEN_BLOCK_BAD) {
            h->damaged_sectors |= 1u << at / BEKEN_BOOT_SECTOR;
            h->damaged_sectors |= 1u << (at + BEKEN_PHYSICAL_BLOCK - 1) / BEKEN_BOOT_SECTOR;
        }
    const struct beken_bootloader *common = by_common(crc32_update(0, data, BEKEN_BOOT_COMMON));
    h->proven = common != NULL;
    h->version = common ? common : by_header(data);
    if (!h->version)
        h->version = beken_bootloader_match(data, size);
}

bool boot_repair_plan(const uint8_t *present, const uint8_t *reference, size_t reference_size,
                      uint8_t *target, char *why, size_t why_size) {
    struct boot_health chip, good;
    if (reference_size < BEKEN_BOOT_SIZE) {
        snprintf(why, why_size, "holds no whole bootloader (it needs the first 0x%X bytes)",
                 (unsigned)BEKEN_BOOT_SIZE);
        return false;
    }
    boot_health_check(present, BEKEN_BOOT_SIZE, &chip);
    boot_health_check(reference, reference_size, &good);
    if (!good.proven) {
        snprintf(why, why_size, "its bootloader is not one that is known to be good");
        return false;
    }
    if (chip.version && chip.version->common_crc != good.version->common_crc) {
        snprintf(why, why_size, "it holds %s, the chip %s", good.version->name, chip.version->name);
        return false;
    }
    memcpy(target, reference, BEKEN_BOOT_SIZE);
    struct rbl_header rbl;
    if (rbl_decode_installed(present + header_places[0], RBL_INSTALLED_SIZE, &rbl, NULL) ==
            STATUS_OK &&
        !(chip.damaged_sectors >> 16 & 1))
        memcpy(target + BEKEN_BOOT_COMMON, present + BEKEN_BOOT_COMMON,
               BEKEN_BOOT_SIZE - BEKEN_BOOT_COMMON);
    return true;
}
