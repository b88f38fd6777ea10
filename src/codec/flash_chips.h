/* The SPI flash chips met behind Wi-Fi SoCs: what the three bytes of the JEDEC id say about size
 * and status register. Bits of the status register are numbered over all its bytes, low byte
 * first: 0 WIP (busy), 1 WEL, 2..6 block protection, 7 and 8 SRP (register lock), 9 QE, 14 CMP
 * (turns the meaning of the block-protection bits round).
 *
 * Adding one: a row in flash_chips.c, see docs/howto/add-a-flash-chip.md.
 * Source: public tables of BK7231GUIFlashTool (BKFlashList.cs, SPIFlashInfoList.cs) and
 * bk7231tools; timing from data sheets of the common 16 Mbit parts. */
#ifndef CODEC_FLASH_CHIPS_H
#define CODEC_FLASH_CHIPS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    FLASH_SR_WIP = 1 << 0,
    FLASH_SR_WEL = 1 << 1,
    FLASH_SR_SRP0 = 1 << 7,
    FLASH_SR_SRP1 = 1 << 8,
    FLASH_SR_CMP = 1 << 14,
    FLASH_PAGE = 256,
    FLASH_SECTOR = 4096,
    FLASH_BLOCK_32K = 32768,
    FLASH_BLOCK_64K = 65536,
};

/* How the status register is read, compared and written. */
struct flash_protection {
    uint8_t bytes;        /* status bytes that are read: 1..3 */
    uint8_t write_bytes;  /* value bytes of one write with write_opcodes[0]: 1 or 2 */
    uint32_t mask;        /* bits that protect */
    uint32_t unprotected; /* their value when everything may be written */
    uint32_t all;         /* their value when everything is protected */
    uint8_t read_opcodes[3];
    uint8_t write_opcodes[3]; /* 0: none */
};

/* How far a row may be relied on when it comes to writing the status register. */
enum flash_trust {
    FLASH_IDENTIFIED, /* name and size only: never write its status register */
    FLASH_LISTED,     /* one public table */
    FLASH_TESTED,     /* two independent public tables agree */
    FLASH_DOUBTFUL,   /* tables disagree, or damage was reported: only when the user insists */
};

/* Typical times in microseconds. */
struct flash_timing {
    uint32_t page_program_us, erase_4k_us, erase_32k_us, erase_64k_us, write_sr_us;
    uint32_t erase_mib_us; /* whole-chip erase, for each MiB */
};
extern const struct flash_timing flash_typical_timing;

struct flash_chip {
    uint32_t id; /* maker << 16 | type << 8 | capacity */
    const char *name;
    const char *maker;
    uint32_t size;                             /* bytes */
    const struct flash_protection *protection; /* NULL: not known */
    enum flash_trust trust;
    const char *note; /* NULL: none */
};

/* Sorted by id, ends with a NULL name. */
extern const struct flash_chip flash_chips[];
/* By JEDEC id, or NULL. */
const struct flash_chip *flash_chip_find(uint32_t id);
/* The size that the capacity byte states (1 << byte); 0 when it states none between 64 KiB and
 * 64 MiB. For ids that no row has. */
uint32_t flash_size_of_id(uint32_t id);
const char *flash_trust_text(enum flash_trust trust);

/* Is anything protected, by the bits in `sr`? */
bool flash_is_protected(const struct flash_protection *protection, uint32_t sr);
/* The register value to write to unprotect: all other bits as they are, WIP and WEL clear. */
uint32_t flash_unprotect_value(const struct flash_protection *protection, uint32_t sr);
#endif
