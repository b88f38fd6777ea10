/* A SPI NOR flash chip: programming only clears bits, erasing sets whole units, both take time,
 * and block-protection bits make them do nothing. Instead of clock edges it takes operations with
 * the time they start at and says until when it is busy.
 *
 * Behaviour from the data sheets of the common 16 Mbit parts (status register, protection ranges,
 * page wrap); ids and register layouts from codec/flash_chips.h. */
#ifndef VIRTUAL_FLASH_SPI_FLASH_H
#define VIRTUAL_FLASH_SPI_FLASH_H
#include "codec/flash_chips.h"

#define SPI_FLASH_NOWHERE UINT32_MAX

/* Defects, all off when zero except `bad_sector`. */
struct spi_flash_defects {
    uint32_t bad_sector;   /* address of a sector whose bits do not hold; SPI_FLASH_NOWHERE */
    bool locked_sr;        /* writes to the status register do nothing */
    bool stuck_on_noop_sr; /* a status write that changes nothing sets all bits, as on one chip */
    bool unreadable_first; /* sector 0 reads differently every time */
    bool unreachable;      /* everything reads 00 */
    uint64_t cut_at;       /* power is cut in the middle of this operation (1 is the first) */
    uint64_t dip_at_erase; /* the supply dips in the middle of this erase (1 is the first) */
};

enum spi_flash_event { SPI_FLASH_DONE, SPI_FLASH_DIPPED, SPI_FLASH_CUT };

struct spi_flash {
    const struct flash_chip *part; /* NULL: id unknown to the table */
    uint32_t id;
    uint32_t size; /* a power of two */
    uint8_t *data;
    uint32_t sr; /* WIP is computed, WEL is in `write_enabled` */
    uint32_t sr_at_power_on;
    bool write_enabled;
    bool timed; /* operations take the time of the data sheet */
    uint64_t busy_until_ns;
    struct spi_flash_defects defects;
    uint64_t random;     /* state of the defects' noise */
    uint64_t operations; /* programs, erases and status writes so far */
    uint64_t erases, programs, ignored;
    uint64_t low_writes;        /* changes below 0x11000 that really happened */
    enum spi_flash_event event; /* of the last operation; the owner resets it */
    bool changed;
    /* Hears every program and erase that really happens, before it does; NULL: nobody listens. */
    void (*touched)(void *context, uint32_t address, uint32_t count);
    void *touched_context;
};

/* A blank chip. `size` 0: of the table, else of the id. False without memory or with a size that is
 * no power of two between 64 KiB and 64 MiB. Release with spi_flash_free. */
bool spi_flash_init(struct spi_flash *flash, uint32_t id, uint32_t size);
void spi_flash_free(struct spi_flash *flash);
/* Power cycle: volatile state is lost, an operation in progress ends. */
void spi_flash_power_cycle(struct spi_flash *flash);

/* Reads wrap at the end of the chip; address bits above the size are ignored. */
void spi_flash_read(struct spi_flash *flash, uint32_t address, uint8_t *out, uint32_t count);
/* Programs up to 256 bytes inside one page; what goes over its end wraps to its start. */
void spi_flash_program(struct spi_flash *flash, uint64_t now_ns, uint32_t address,
                       const uint8_t *data, uint32_t count);
/* Erases the unit of `unit` bytes (4 KiB, 32 KiB, 64 KiB, or the chip's size) around address. */
void spi_flash_erase(struct spi_flash *flash, uint64_t now_ns, uint32_t address, uint32_t unit);
bool spi_flash_is_busy(const struct spi_flash *flash, uint64_t now_ns);

/* One status byte by its read opcode (05, 35, 15); FF for others. */
uint8_t spi_flash_read_sr(const struct spi_flash *flash, uint64_t now_ns, unsigned opcode);
/* Writes status bytes with a write opcode (01, 31, 11); a two-byte write on a chip with one status
 * byte, or the reverse, behaves as on real chips: what is missing becomes 0, what is too much is
 * dropped. */
void spi_flash_write_sr(struct spi_flash *flash, uint64_t now_ns, unsigned opcode,
                        const uint8_t *values, unsigned count);
/* True when every byte of the range lies in the protected part. */
bool spi_flash_is_protected(const struct spi_flash *flash, uint32_t address, uint32_t count);

/* One SPI transfer with chip select low for `count` bytes; `in` may equal `out`. */
void spi_flash_transfer(struct spi_flash *flash, uint64_t now_ns, const uint8_t *in, uint8_t *out,
                        uint32_t count);
#endif
