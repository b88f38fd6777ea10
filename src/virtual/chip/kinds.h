/* What the Beken chips differ in at the other end of the wire, one row per chip. Times that no
 * public source states are marked as assumed in kinds.c.
 *
 * Source: public programs bk7231tools, BK7231GUIFlashTool, hid_download_py; the T values are read
 * from the behaviour of the public BK7231T bootloader 1.0.5. */
#ifndef VIRTUAL_CHIP_KINDS_H
#define VIRTUAL_CHIP_KINDS_H
#include "codec/beken/uart.h"

/* Where family B refuses addresses, as sent. 0: no limit. */
struct chip_limits {
    uint32_t read, erase, write, write_4k;
    uint16_t write_4k_echo; /* low address half in a Write4K refusal */
};

enum chip_efuse { CHIP_NO_EFUSE, CHIP_EFUSE_SCTRL, CHIP_EFUSE_BK7258 };

struct chip_kind {
    const char *name;
    const char *aliases; /* blank-separated */
    enum beken_family family;
    uint32_t id_register, id; /* family F: ReadReg of id_register gives id */
    uint32_t device_register, device_id;
    enum chip_efuse efuse;
    bool short_key;      /* eFuse holds 4 key bytes; every key word reads the same */
    const char *version; /* answer to ReadBootVersion, or NULL */
    const struct chip_limits *limits;
    bool erase_all;    /* EraseAll is enabled */
    uint32_t flash_id; /* usual SPI flash */
    const char *key;   /* usual eFuse key, "tuya" or "none" */
    uint32_t rom_base, rom_size;
    uint32_t rx_buffer;      /* bytes it holds while it is busy */
    uint32_t link_window_us; /* after reset, without a LinkCheck, the application starts */
    uint32_t idle_reboot_us; /* linked and nothing heard: reboot; 0: never */
    uint32_t frame_gap_us;   /* an unfinished frame is given up after so long; 0: never */
    uint32_t crc_bytes_per_s;
};

/* Ends with a NULL name. */
extern const struct chip_kind chip_kinds[];
/* By name or alias, case ignored, or NULL. */
const struct chip_kind *chip_kind_find(const char *name);
#endif
