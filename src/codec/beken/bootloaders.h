/* Known bootloaders: how to recognise each, and by which bytes a copy is known to be good. Within
 * one version the first 64 KiB are the same on every device; only the sector with the RBL header
 * (0x10000) carries its own timestamp. Adding one: a row in bootloaders.c.
 * Source: bk7231tools (serial/base/enums.py); hashes recomputed on public images. */
#ifndef CODEC_BEKEN_BOOTLOADERS_H
#define CODEC_BEKEN_BOOTLOADERS_H
#include <stddef.h>
#include <stdint.h>

enum {
    BEKEN_BOOT_SECTOR = 0x1000,
    BEKEN_BOOT_COMMON = 0x10000,
    BEKEN_BOOT_SIZE = 0x11000,
    BEKEN_BOOT_SECTORS = BEKEN_BOOT_COMMON / BEKEN_BOOT_SECTOR
};

struct beken_bootloader {
    const char *name;    /* "BK7231N 1.0.1" */
    const char *version; /* "1.0.1" */
    const char *chip;    /* row of chips.h that it is for, or the first of several */
    const char *key;     /* row of keys.h: "tuya" or "none" */
    uint32_t check_crc;  /* zlib CRC-32 of the first check_size bytes, as CheckCRC sees them */
    uint32_t check_size;
    uint32_t sector_crc;                /* CRC-32 of the first 4 KiB; 0: not known */
    uint32_t common_crc;                /* CRC-32 of the first 64 KiB; 0: not known */
    uint32_t payload_crc, payload_hash; /* of the installed RBL header; 0: not known */
    const char *sector_sha256;          /* of the first 4 KiB, lower-case hex, or NULL */
    const uint32_t *sectors;            /* CRC-32 of each common sector, or NULL */
};

/* Ends with a NULL name. */
extern const struct beken_bootloader beken_bootloaders[];

/* By the first 4 KiB, or by the 256/257 byte check when the sector's CRC is not known; else NULL.
 */
const struct beken_bootloader *beken_bootloader_match(const uint8_t *data, size_t size);
/* By the payload CRC and hash of an installed RBL header, which survive damage elsewhere. */
const struct beken_bootloader *beken_bootloader_by_payload(uint32_t crc, uint32_t hash);
/* By any whole sector among the first 64 KiB, for an image whose start is damaged; else NULL. */
const struct beken_bootloader *beken_bootloader_by_sectors(const uint8_t *data, size_t size);
#endif
