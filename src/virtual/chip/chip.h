/* The download end of a Beken chip: boot ROM or bootloader, its SPI flash, eFuse and registers, as
 * a deterministic machine. Bytes and time go in, bytes and deadlines come out; it knows no clock,
 * file or socket, and any number of chips live side by side.
 *
 * Times are nanoseconds since any start the caller chooses; they never go back. The caller
 *   chip_run(chip, now)        lets time pass,
 *   chip_receive(chip, byte)   delivers a byte that arrived at that time,
 *   chip_take(chip, &byte)     takes the bytes that have left the chip by then,
 *   chip_next_ns(chip)         asks when to call chip_run again at the latest.
 *
 * States: in reset, listening (link window after reset), linked, application running, dead (no
 * power, or family B without its bootloader). */
#ifndef VIRTUAL_CHIP_CHIP_H
#define VIRTUAL_CHIP_CHIP_H
#include "base/log.h"
#include "codec/beken/cipher.h"
#include "virtual/chip/kinds.h"
#include "virtual/flash/spi_flash.h"

#define CHIP_NEVER  UINT64_MAX
#define CHIP_RX_MAX 4400
#define CHIP_TX_MAX (BEKEN_RESPONSE_MAX + 64)
#define CHIP_REGS   16

enum chip_state { CHIP_IN_RESET, CHIP_LISTENING, CHIP_LINKED, CHIP_APPLICATION, CHIP_DEAD };

struct chip {
    const struct chip_kind *kind;
    struct spi_flash *flash;
    const struct log_sink *log;
    struct beken_key key;
    bool timed;    /* bytes leave at the baud rate and work takes time */
    bool console;  /* the application reboots on the text line "reboot" */
    bool built_in; /* family B: the bootloader is not part of the flash contents */
    uint32_t crc_bytes_per_s;

    enum chip_state state;
    uint64_t now_ns;
    uint64_t reset_ns;      /* when the current state of listening began */
    uint64_t heard_ns;      /* last byte received */
    uint64_t busy_until_ns; /* working on a command or sending its answer */
    uint32_t divisor;       /* of the 26 MHz UART clock */
    bool erase_enabled;     /* family B: a LinkCheck came since the last unprotecting erase */
    uint32_t boot_crc;      /* family B: of the bootloader it started with */

    uint8_t rx[CHIP_RX_MAX]; /* ring of bytes not looked at yet */
    uint32_t rx_head, rx_count;
    struct beken_request_parser parser;
    uint32_t streamed; /* family B: bytes of a Write4K programmed while it arrives */

    uint8_t tx[CHIP_TX_MAX];
    uint32_t tx_at, tx_count;
    uint64_t tx_start_ns; /* the first byte starts to leave */

    struct chip_register {
        uint32_t address, value;
    } registers[CHIP_REGS];
    uint32_t register_count;
    uint64_t otp_awake_ns; /* newer chips: its power came back, and it can be read */

    char line[24]; /* text the application's console has heard */
    uint32_t line_used;
    uint64_t commands, resets, overruns;
    uint64_t link_checks_unheard; /* LinkChecks that reached a running application */
};

/* A chip in reset with its usual key; `flash` must outlive it. */
void chip_init(struct chip *chip, const struct chip_kind *kind, struct spi_flash *flash);
/* Looks at the flash to decide whether family B has a bootloader there that must stay intact.
 * To be called once after the flash was filled. */
void chip_adopt_flash(struct chip *chip);
/* CEN low holds it, high starts the link window. `power` also ends what the flash is doing. */
void chip_hold(struct chip *chip, bool low);
void chip_reset(struct chip *chip, bool power);
/* Power gone for good, until chip_reset with power. */
void chip_kill(struct chip *chip);

void chip_run(struct chip *chip, uint64_t now_ns);
void chip_receive(struct chip *chip, uint8_t byte);
bool chip_take(struct chip *chip, uint8_t *byte);
uint64_t chip_next_ns(const struct chip *chip);
/* The rate it really sends and receives at: 26 MHz through a whole divisor. */
uint32_t chip_baud(const struct chip *chip);
const char *chip_state_text(enum chip_state state);
#endif
