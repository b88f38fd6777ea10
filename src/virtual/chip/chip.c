/* The machine around the commands: reset and link window, the receive buffer, the bytes that leave
 * at the baud rate, time-outs, and the application that runs when nobody linked in time. */
#include "virtual/chip/chip.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/crc.h"
#include "codec/beken/bootloaders.h"
#include "codec/beken/keys.h"
#include "codec/beken/stripe.h"
#include "virtual/chip/internal.h"

#define UART_CLOCK 26000000u

void chip_note(struct chip *chip, const char *format, ...) {
    char text[160];
    va_list list;
    if (!chip->log || !chip->log->line)
        return;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    log_line(chip->log, LOG_INFO, chip->kind->name, text);
}

const char *chip_state_text(enum chip_state state) {
    static const char *const texts[] = {"in reset", "listening", "linked", "application", "dead"};
    return texts[state];
}

void chip_set_divisor(struct chip *chip, uint32_t baud) {
    uint32_t wanted = baud ? baud : BEKEN_FIRST_BAUD;
    uint32_t divisor = (uint32_t)(((uint64_t)UART_CLOCK + wanted / 2) / wanted);
    chip->divisor = divisor < 4 ? 4 : divisor > 8191 ? 8191 : divisor;
}

uint32_t chip_baud(const struct chip *chip) {
    return UART_CLOCK / chip->divisor;
}

/* Start bit, eight data bits, stop bit. */
static uint64_t byte_ns(const struct chip *chip) {
    return chip->timed ? 10ull * 1000000000 * chip->divisor / UART_CLOCK : 0;
}

void chip_init(struct chip *chip, const struct chip_kind *kind, struct spi_flash *flash) {
    memset(chip, 0, sizeof *chip);
    chip->kind = kind;
    chip->flash = flash;
    chip->crc_bytes_per_s = kind->crc_bytes_per_s;
    beken_key_parse(kind->key, &chip->key);
    chip_set_divisor(chip, BEKEN_FIRST_BAUD);
    chip->state = CHIP_IN_RESET;
    chip->built_in = true;
    if (kind->family == BEKEN_FAMILY_B && flash->part && flash->part->protection)
        flash->sr |= flash->part->protection->all; /* as the stock application leaves it */
}

static uint32_t boot_crc(const struct chip *chip) {
    return crc32_update(0, chip->flash->data, BEKEN_BOOT_COMMON);
}

/* A bootloader region that holds neither code blocks nor a known bootloader (blank, or test
 * data) stands for a chip whose bootloader is elsewhere. */
void chip_adopt_flash(struct chip *chip) {
    struct beken_stripe_count count = beken_stripe_check(
        chip->flash->data, FLASH_SECTOR / BEKEN_PHYSICAL_BLOCK * (size_t)BEKEN_PHYSICAL_BLOCK);
    chip->boot_crc = boot_crc(chip);
    chip->built_in = chip->kind->family == BEKEN_FAMILY_F || count.good == 0;
    if (!chip->built_in && count.bad > 1) {
        chip->boot_crc = 0;
        chip_note(chip, "the bootloader in flash is damaged: this chip will stay silent");
    }
}

/* Can the chip answer at all after this reset? */
static bool has_bootloader(const struct chip *chip) {
    if (chip->kind->family == BEKEN_FAMILY_F)
        return true;
    uint32_t crc = boot_crc(chip);
    if (chip->built_in || crc == chip->boot_crc)
        return crc == chip->boot_crc;
    const struct beken_bootloader *known =
        beken_bootloader_match(chip->flash->data, BEKEN_BOOT_SIZE);
    return known && known->common_crc == crc;
}

static void forget(struct chip *chip) {
    chip->rx_head = chip->rx_count = chip->tx_at = chip->tx_count = 0;
    memset(&chip->parser, 0, sizeof chip->parser);
    chip->streamed = 0;
    chip->line_used = 0;
    chip->busy_until_ns = 0;
    chip->erase_enabled = false;
    chip->register_count = 0;
    chip_set_divisor(chip, BEKEN_FIRST_BAUD);
}

void chip_reset(struct chip *chip, bool power) {
    if (power)
        spi_flash_power_cycle(chip->flash);
    forget(chip);
    chip->resets++;
    chip->reset_ns = chip->heard_ns = chip->now_ns;
    chip->state = has_bootloader(chip) ? CHIP_LISTENING : CHIP_DEAD;
    chip_note(chip, chip->state == CHIP_DEAD ? "reset: no bootloader, silent" : "reset");
}

void chip_hold(struct chip *chip, bool low) {
    if (low && chip->state != CHIP_IN_RESET) {
        forget(chip);
        chip->state = CHIP_IN_RESET;
    } else if (!low && chip->state == CHIP_IN_RESET) {
        chip_reset(chip, false);
    }
}

void chip_kill(struct chip *chip) {
    forget(chip);
    chip->state = CHIP_DEAD;
    chip_note(chip, "power is gone");
}

bool chip_survives_flash(struct chip *chip) {
    enum spi_flash_event event = chip->flash->event;
    chip->flash->event = SPI_FLASH_DONE;
    if (event == SPI_FLASH_CUT) {
        chip_kill(chip);
    } else if (event == SPI_FLASH_DIPPED) {
        chip_note(chip, "the supply dips");
        chip_reset(chip, true);
    }
    return event == SPI_FLASH_DONE;
}

uint64_t chip_flash_wait_ns(const struct chip *chip) {
    uint64_t until = chip->flash->busy_until_ns;
    return until > chip->now_ns ? until - chip->now_ns : 0;
}

static void send(struct chip *chip, size_t length, uint64_t work_ns) {
    chip->tx_at = 0;
    chip->tx_count = (uint32_t)length;
    chip->tx_start_ns = chip->now_ns + work_ns;
    chip->busy_until_ns = chip->tx_start_ns + length * byte_ns(chip);
}

void chip_answer_short(struct chip *chip, unsigned code, const void *payload, size_t length,
                       uint64_t work_ns) {
    send(chip, beken_short_response(code, payload, length, chip->tx, sizeof chip->tx), work_ns);
}

void chip_answer_flash(struct chip *chip, unsigned command, unsigned status, struct span head,
                       struct span data, uint64_t work_ns) {
    send(chip, beken_flash_response(command, status, head, data, chip->tx, sizeof chip->tx),
         work_ns);
}

bool chip_take(struct chip *chip, uint8_t *byte) {
    if (chip->tx_at >= chip->tx_count ||
        chip->now_ns < chip->tx_start_ns + (chip->tx_at + 1) * byte_ns(chip))
        return false;
    *byte = chip->tx[chip->tx_at++];
    return true;
}

/* The application hears LinkChecks without answering, and a console line if it has one. */
static void application_hears(struct chip *chip, uint8_t byte) {
    struct beken_request request;
    if (beken_request_feed(&chip->parser, byte, &request) == BEKEN_FEED_FRAME && !request.flash &&
        request.command == BEKEN_LINK_CHECK)
        chip->link_checks_unheard++;
    if (byte != '\r' && byte != '\n') {
        if (chip->line_used < sizeof chip->line)
            chip->line[chip->line_used++] = (char)byte;
        return;
    }
    bool reboot =
        chip->line_used >= 6 && memcmp(chip->line + chip->line_used - 6, "reboot", 6) == 0;
    chip->line_used = 0;
    if (reboot && chip->console)
        chip_reset(chip, false);
}

void chip_receive(struct chip *chip, uint8_t byte) {
    if (chip->state == CHIP_IN_RESET || chip->state == CHIP_DEAD)
        return;
    chip->heard_ns = chip->now_ns;
    if (chip->state == CHIP_APPLICATION) {
        application_hears(chip, byte);
        return;
    }
    uint32_t room = chip->timed ? chip->kind->rx_buffer : CHIP_RX_MAX;
    if (chip->rx_count >= room) {
        chip->overruns++;
        return;
    }
    chip->rx[(chip->rx_head + chip->rx_count++) % CHIP_RX_MAX] = byte;
    chip_run(chip, chip->now_ns);
}

static void handle(struct chip *chip, const struct beken_request *request) {
    bool opens = !request->flash && request->command == BEKEN_LINK_CHECK;
    if (chip->state != CHIP_LINKED && !(chip->state == CHIP_LISTENING && opens))
        return; /* nothing but a LinkCheck opens the door */
    chip->commands++;
    if (request->flash)
        chip_flash_command(chip, request);
    else
        chip_short_command(chip, request);
    chip->streamed = 0;
}

/* Looks at received bytes while nothing is being worked on. */
static void digest(struct chip *chip) {
    struct beken_request request;
    while (chip->rx_count && chip->now_ns >= chip->busy_until_ns && chip->tx_at >= chip->tx_count) {
        uint8_t byte = chip->rx[chip->rx_head];
        chip->rx_head = (chip->rx_head + 1) % CHIP_RX_MAX;
        chip->rx_count--;
        enum beken_feed fed = beken_request_feed(&chip->parser, byte, &request);
        if (fed == BEKEN_FEED_NOISE)
            chip->streamed = 0;
        if (chip->kind->family == BEKEN_FAMILY_B && chip->state == CHIP_LINKED)
            chip_stream_write(chip);
        if (fed == BEKEN_FEED_FRAME)
            handle(chip, &request);
    }
}

static bool in_frame(const struct chip *chip) {
    return chip->parser.used > 0 && !chip->parser.complete;
}

/* When the state changes by itself. */
static uint64_t deadline_ns(const struct chip *chip) {
    const struct chip_kind *kind = chip->kind;
    bool waits = kind->family == BEKEN_FAMILY_B && chip->heard_ns > chip->reset_ns;
    if (chip->state == CHIP_LISTENING && !waits) /* B stays once it has heard anything */
        return chip->reset_ns + kind->link_window_us * 1000ull;
    if (chip->state != CHIP_LINKED || chip->rx_count || chip->now_ns < chip->busy_until_ns)
        return CHIP_NEVER;
    uint64_t since = chip->heard_ns > chip->busy_until_ns ? chip->heard_ns : chip->busy_until_ns;
    if (kind->frame_gap_us && in_frame(chip))
        return since + kind->frame_gap_us * 1000ull;
    return kind->idle_reboot_us ? since + kind->idle_reboot_us * 1000ull : CHIP_NEVER;
}

/* The ROM reports a frame whose rest never came. */
static void give_up_frame(struct chip *chip) {
    const struct beken_request_parser *p = &chip->parser;
    uint8_t lacking = BEKEN_PAYLOAD_LACKING;
    struct span none = {NULL, 0};
    bool flash = p->used >= 8 && p->buffer[3] == 0xFF;
    bool named = flash || (p->used >= 5 && p->buffer[3] != 0xFF);
    unsigned command = p->buffer[flash ? 7 : 4];
    memset(&chip->parser, 0, sizeof chip->parser);
    if (flash)
        chip_answer_flash(chip, command, lacking, none, none, 0);
    else if (named)
        chip_answer_short(chip, command, &lacking, 1, 0);
    if (named)
        chip_note(chip, "frame of command %02X incomplete", command);
}

static void on_deadline(struct chip *chip) {
    if (chip->state == CHIP_LISTENING) {
        chip->state = CHIP_APPLICATION;
        memset(&chip->parser, 0, sizeof chip->parser);
        chip_note(chip, "nobody linked: the application starts");
    } else if (chip->kind->frame_gap_us && in_frame(chip)) {
        give_up_frame(chip);
    } else {
        chip_note(chip, "nothing heard: watchdog reboot");
        chip_reset(chip, false);
    }
}

void chip_run(struct chip *chip, uint64_t now_ns) {
    for (;;) {
        digest(chip);
        uint64_t next = chip->rx_count ? chip->busy_until_ns : deadline_ns(chip);
        if (next > now_ns)
            break;
        chip->now_ns = next > chip->now_ns ? next : chip->now_ns;
        if (chip->rx_count == 0)
            on_deadline(chip);
        else if (chip->tx_at < chip->tx_count)
            break; /* the wire has to take the answer first */
    }
    if (now_ns > chip->now_ns)
        chip->now_ns = now_ns;
}

uint64_t chip_next_ns(const struct chip *chip) {
    uint64_t next = CHIP_NEVER;
    if (chip->tx_at < chip->tx_count)
        return chip->tx_start_ns + (chip->tx_at + 1) * byte_ns(chip);
    if (chip->rx_count)
        next = chip->busy_until_ns;
    uint64_t deadline = deadline_ns(chip);
    if (deadline < next)
        next = deadline;
    if (chip->state == CHIP_LINKED && next == CHIP_NEVER && chip->now_ns < chip->busy_until_ns)
        next = chip->busy_until_ns;
    return next;
}
