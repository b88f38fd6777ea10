/* A link with a small chip of either family at its far end, in virtual time: bytes take their time
 * at the rate, a receiver FIFO of 128 bytes overflows, the adapter holds short answers back, flash
 * operations take long, protection and forbidden ranges behave as published. Faults are drawn from
 * a seed. It is the flasher's sparring partner in tests and knows nothing of its code. */
#ifndef TESTS_FAKE_CHIP_H
#define TESTS_FAKE_CHIP_H
#include "codec/beken/uart.h"
#include "codec/flash_chips.h"
#include "workbench/link/link.h"

#include <stdlib.h>

enum { FAKE_FIFO = 128, FAKE_RX = 1 << 18, FAKE_WINDOW_US = 30000 };

struct fake_faults {
    uint64_t seed;
    uint32_t flip, lose, repeat; /* per million bytes from the chip */
    uint32_t flip_out;           /* per million bytes to the chip (data of writes only) */
    uint32_t lose_out;           /* per million bytes to the chip */
    uint32_t dip;                /* resets per million flash operations */
    uint32_t cut_after_bytes;    /* the cable is pulled after so many bytes out; 0: never */
    bool echo;
    uint32_t bad_sector; /* address that never takes data; 0: none */
    uint32_t max_baud;   /* bytes are garbage above; 0: none */
};

struct fake {
    struct link link;
    uint8_t *flash;
    uint32_t size;
    enum beken_family family;
    uint32_t flash_id, sr, chip_id, latency_us, crc_bytes_per_s;
    bool paced, crc_exclusive;
    struct fake_faults faults;
    /* state */
    struct beken_request_parser parser;
    uint64_t now, out_free, busy_until, tx_free, window_until;
    uint32_t host_baud, chip_baud;
    bool linked, in_reset, running, erase_enable, unprotected, sr_garbage;
    uint8_t key[32];
    uint32_t efuse;
    struct {
        uint8_t byte;
        uint64_t at;
    } * rx;
    uint32_t rx_from, rx_to, packet;
    uint64_t packet_at;
    uint64_t rng, bytes_out;
    struct beken_request_parser sent; /* what the host really asks for, before any fault */
    uint64_t sent_low;
    uint64_t operations, low_writes, sr_writes, resets;
    uint32_t backlog;
};

static inline uint32_t fake_draw(struct fake *f) {
    f->rng ^= f->rng << 13;
    f->rng ^= f->rng >> 7;
    f->rng ^= f->rng << 17;
    return (uint32_t)(f->rng >> 20);
}
static inline bool fake_hit(struct fake *f, uint32_t per_million) {
    return per_million && fake_draw(f) % 1000000 < per_million;
}
static inline uint64_t fake_byte_us(const struct fake *f, uint32_t baud) {
    return f->paced ? 10000000u / baud : 0;
}

static inline void fake_flush_packet(struct fake *f, uint64_t at) {
    for (uint32_t i = f->rx_to - f->packet; i != f->rx_to; i++)
        f->rx[i % FAKE_RX].at = at;
    f->packet = 0;
}

static inline void fake_to_host(struct fake *f, uint8_t byte, uint64_t at) {
    if (fake_hit(f, f->faults.lose))
        return;
    if (fake_hit(f, f->faults.flip))
        byte ^= (uint8_t)(1u << fake_draw(f) % 8);
    if (f->host_baud != f->chip_baud || (f->faults.max_baud && f->host_baud > f->faults.max_baud))
        byte = (uint8_t)fake_draw(f);
    if (f->packet && at > f->packet_at + f->latency_us)
        fake_flush_packet(f, f->packet_at + f->latency_us);
    if (f->rx_to - f->rx_from >= FAKE_RX)
        return;
    if (!f->packet)
        f->packet_at = at;
    f->rx[f->rx_to % FAKE_RX].byte = byte;
    f->rx[f->rx_to++ % FAKE_RX].at = at + f->latency_us;
    if (++f->packet == 62)
        fake_flush_packet(f, at);
}

static inline void fake_send(struct fake *f, const uint8_t *data, size_t size) {
    if (f->tx_free < f->busy_until)
        f->tx_free = f->busy_until;
    for (size_t i = 0; i < size; i++) {
        f->tx_free += fake_byte_us(f, f->chip_baud);
        fake_to_host(f, data[i], f->tx_free);
        if (fake_hit(f, f->faults.repeat))
            fake_to_host(f, data[i], f->tx_free);
    }
    f->busy_until = f->tx_free;
}

static inline void fake_short(struct fake *f, unsigned code, const void *p, size_t n) {
    uint8_t b[300];
    fake_send(f, b, beken_short_response(code, p, n, b, sizeof b));
}
static inline void fake_long(struct fake *f, unsigned cmd, unsigned st, struct span a,
                             struct span d) {
    static uint8_t b[BEKEN_RESPONSE_MAX];
    fake_send(f, b, beken_flash_response(cmd, st, a, d, b, sizeof b));
}

static inline void fake_reset(struct fake *f) {
    f->linked = f->running = false;
    f->resets++;
    f->chip_baud = 115200;
    f->parser.used = 0;
    f->window_until = f->now + FAKE_WINDOW_US;
    f->busy_until = f->tx_free = f->now;
}

static inline bool fake_writable(const struct fake *f) {
    if (f->family == BEKEN_FAMILY_B)
        return f->unprotected;
    const struct flash_chip *c = flash_chip_find(f->flash_id);
    return !c || !c->protection || !flash_is_protected(c->protection, f->sr);
}

static inline void fake_touch(struct fake *f, uint32_t address) {
    f->operations++;
    if (address % f->size < 0x11000)
        f->low_writes++;
}

static inline void fake_program(struct fake *f, uint32_t address, const uint8_t *data, size_t n) {
    fake_touch(f, address);
    if (!fake_writable(f))
        return;
    for (size_t i = 0; i < n; i++) {
        uint32_t at = (address + (uint32_t)i) % f->size;
        uint8_t v = data[i];
        if (fake_hit(f, f->faults.flip_out))
            v ^= (uint8_t)(1u << fake_draw(f) % 8);
        f->flash[at] &= v;
        if (f->faults.bad_sector && at / 4096 == f->faults.bad_sector / 4096)
            f->flash[at] &= 0x7F;
    }
    f->busy_until += f->paced ? n / 256 * flash_typical_timing.page_program_us : 0;
}

static inline void fake_erase(struct fake *f, unsigned unit, uint32_t address) {
    uint32_t n = unit == BEKEN_ERASE_64K ? 65536 : unit == BEKEN_ERASE_32K ? 32768 : 4096;
    fake_touch(f, address);
    if (f->family == BEKEN_FAMILY_B && f->erase_enable)
        f->unprotected = true, f->erase_enable = false;
    if (f->paced)
        f->busy_until += n == 4096    ? flash_typical_timing.erase_4k_us
                         : n == 32768 ? flash_typical_timing.erase_32k_us
                                      : flash_typical_timing.erase_64k_us;
    if (fake_writable(f))
        memset(f->flash + address % f->size / n * n, 0xFF, n);
}

static inline uint32_t fake_crc(struct fake *f, uint32_t start, uint32_t end) {
    uint32_t n = beken_crc_length(f->family, start, end), crc = BEKEN_CRC_START;
    if (f->crc_exclusive)
        n--;
    n = n > 16 * f->size ? 16 * f->size : n; /* a damaged request may ask for gigabytes */
    for (uint32_t done = 0, run; done < n; done += run) {
        uint32_t at = (start + done) % f->size;
        run = f->size - at < n - done ? f->size - at : n - done;
        crc = beken_crc_update(crc, f->flash + at, run);
    }
    if (f->paced && f->crc_bytes_per_s)
        f->busy_until += (uint64_t)n * 1000000 / f->crc_bytes_per_s;
    if (f->family == BEKEN_FAMILY_B)
        f->unprotected = false;
    return crc;
}

static inline void fake_register(struct fake *f, const struct beken_request *q) {
    uint8_t p[8] = {0};
    memcpy(p, q->payload, q->command == BEKEN_WRITE_REGISTER ? 8 : 4);
    uint32_t a = load_le32(p);
    if (q->command == BEKEN_WRITE_REGISTER && a == 0x800074)
        f->efuse = load_le32(p + 4) & ~1u;
    if (q->command == BEKEN_READ_REGISTER)
        store_le32(p + 4, a == 0x800000   ? f->chip_id
                          : a == 0x800074 ? f->efuse
                          : a == 0x800078 ? 0x100u | f->key[f->efuse >> 8 & 31]
                                          : 0);
    fake_short(f, q->command, p, 8);
}

static inline void fake_short_command(struct fake *f, const struct beken_request *q) {
    bool rom = f->family == BEKEN_FAMILY_F;
    uint8_t p[16];
    switch (q->command) {
    case BEKEN_LINK_CHECK:
        f->linked = f->erase_enable = true;
        fake_short(f, BEKEN_LINK_CODE, "", 1);
        return;
    case BEKEN_READ_REGISTER:
    case BEKEN_WRITE_REGISTER:
        if (rom && q->length >= 4)
            fake_register(f, q);
        return;
    case BEKEN_SET_BAUD:
        f->chip_baud = load_le32(q->payload);
        f->busy_until += q->payload[4] * 1000u;
        memcpy(p, q->payload, 5);
        if (f->busy_until > f->now) { /* the echo is due later: let the host switch first */
            uint32_t keep = f->host_baud;
            f->host_baud = f->chip_baud;
            fake_short(f, BEKEN_SET_BAUD, p, 5);
            f->host_baud = keep;
        } else
            fake_short(f, BEKEN_SET_BAUD, p, 5);
        return;
    case BEKEN_CHECK_CRC:
        store_le32(p, fake_crc(f, load_le32(q->payload), load_le32(q->payload + 4)));
        fake_short(f, BEKEN_CHECK_CRC, p, 4);
        return;
    case BEKEN_READ_VERSION:
        if (rom)
            fake_short(f, BEKEN_READ_VERSION, "\x07", 1);
        else
            fake_short(f, BEKEN_READ_VERSION, "BK7231S_1.0.5\0\0\0", 16);
        return;
    case BEKEN_REBOOT:
        fake_reset(f);
        return;
    default:
        if (rom)
            fake_short(f, q->command, "\x07", 1);
    }
}

static inline void fake_flash_command(struct fake *f, const struct beken_request *q) {
    bool rom = f->family == BEKEN_FAMILY_F;
    const uint8_t *p = q->payload;
    struct span none = {NULL, 0}, head4 = {p, 4};
    uint32_t a = q->length >= 4 ? load_le32(p) : 0;
    if (fake_hit(f, f->faults.dip)) {
        fake_reset(f);
        f->window_until = UINT64_MAX / 2; /* stays in the loader: nothing to boot yet */
        return;
    }
    switch (q->command) {
    case BEKEN_FLASH_READ_4K:
        if (!rom && a < 0x10000)
            fake_long(f, q->command, BEKEN_PARAMETER, head4, (struct span){(uint8_t *)"", 1});
        else
            fake_long(f, q->command, 0, head4, (struct span){f->flash + a % f->size, 4096});
        return;
    case BEKEN_FLASH_READ:
        if (rom)
            fake_long(f, q->command, 0, head4,
                      (struct span){f->flash + a % f->size, q->payload[4]});
        return;
    case BEKEN_FLASH_WRITE_4K:
        if (q->length != 4100)
            return;
        if (!rom && a < 0x20E0) {
            fake_long(f, q->command, BEKEN_PARAMETER, head4, none);
            return;
        }
        fake_program(f, a, p + 4, 4096);
        fake_long(f, q->command, 0, head4, none);
        return;
    case BEKEN_FLASH_ERASE:
        a = load_le32(p + 1);
        if (!rom && a < 0x10000) {
            fake_long(f, q->command, BEKEN_PARAMETER, (struct span){p, 5}, none);
            return;
        }
        fake_erase(f, p[0], a);
        fake_long(f, q->command, 0, (struct span){p, 5}, none);
        return;
    case BEKEN_FLASH_SPI: {
        uint8_t id[4] = {0, (uint8_t)(f->flash_id >> 16), (uint8_t)(f->flash_id >> 8),
                         (uint8_t)f->flash_id};
        if (rom)
            fake_long(f, q->command, 0, (struct span){id, 4}, none);
        return;
    }
    case BEKEN_FLASH_READ_SR: {
        uint8_t v[2] = {p[0], (uint8_t)(p[0] == 0x35 ? f->sr >> 8 : f->sr)};
        if (rom)
            fake_long(f, q->command, 0, (struct span){v, 2}, none);
        return;
    }
    case BEKEN_FLASH_WRITE_SR:
        f->sr_writes++;
        f->sr = q->length > 2 ? load_le16(p + 1) : (f->sr & 0xFF00) | p[1];
        if (rom)
            fake_long(f, q->command, 0, (struct span){p, q->length}, none);
        return;
    default:
        if (rom)
            fake_long(f, q->command, BEKEN_UNKNOWN_COMMAND, none, none);
    }
}

static inline void fake_take(struct fake *f, uint8_t byte, uint64_t at) {
    struct beken_request q;
    if (f->in_reset || fake_hit(f, f->faults.lose_out))
        return;
    if (f->host_baud != f->chip_baud || (f->faults.max_baud && f->host_baud > f->faults.max_baud))
        byte = (uint8_t)fake_draw(f);
    if (!f->linked && at > f->window_until)
        f->running = true;
    if (f->running)
        return;
    if (at < f->busy_until) {
        if (++f->backlog > FAKE_FIFO)
            return;
    } else {
        f->backlog = 0;
        f->busy_until = at;
    }
    if (beken_request_feed(&f->parser, byte, &q) != BEKEN_FEED_FRAME)
        return;
    f->backlog = 0; /* the frame is taken out of the FIFO when its turn comes */
    if (!f->linked && (q.flash || q.command != BEKEN_LINK_CHECK))
        return;
    if (q.flash)
        fake_flash_command(f, &q);
    else
        fake_short_command(f, &q);
}

/* Counts erases and writes below the application among what the host sends. */
static inline void fake_watch(struct fake *f, uint8_t byte) {
    struct beken_request q;
    if (beken_request_feed(&f->sent, byte, &q) != BEKEN_FEED_FRAME || !q.flash || q.length < 5)
        return;
    bool erase = q.command == BEKEN_FLASH_ERASE, write = q.command == BEKEN_FLASH_WRITE_4K;
    if ((erase || write) && load_le32(q.payload + erase) % f->size < 0x11000)
        f->sent_low++;
}

static inline enum status fake_write(struct link *link, const uint8_t *data, size_t size) {
    struct fake *f = link->self;
    if (f->out_free < f->now)
        f->out_free = f->now;
    for (size_t i = 0; i < size; i++) {
        f->bytes_out++;
        fake_watch(f, data[i]);
        if (f->faults.cut_after_bytes && f->bytes_out > f->faults.cut_after_bytes)
            return link_fail(link, STATUS_IO, "fake: the adapter is gone");
        f->out_free += fake_byte_us(f, f->host_baud);
        if (f->faults.echo)
            fake_to_host(f, data[i], f->out_free);
        fake_take(f, data[i], f->out_free);
    }
    return STATUS_OK;
}

static inline enum status fake_read(struct link *link, uint8_t *buffer, size_t size, uint64_t until,
                                    size_t *got) {
    struct fake *f = link->self;
    if (f->faults.cut_after_bytes && f->bytes_out > f->faults.cut_after_bytes)
        return link_fail(link, STATUS_IO, "fake: the adapter is gone");
    if (f->packet)
        fake_flush_packet(f, f->packet_at + f->latency_us);
    if (f->rx_from != f->rx_to && f->rx[f->rx_from % FAKE_RX].at > f->now) {
        uint64_t at = f->rx[f->rx_from % FAKE_RX].at;
        f->now = at < until ? at : until > f->now ? until : f->now;
    } else if (f->rx_from == f->rx_to && until > f->now)
        f->now = until;
    while (*got < size && f->rx_from != f->rx_to && f->rx[f->rx_from % FAKE_RX].at <= f->now)
        buffer[(*got)++] = f->rx[f->rx_from++ % FAKE_RX].byte;
    return STATUS_OK;
}

static inline enum status fake_set_baud(struct link *link, uint32_t baud) {
    ((struct fake *)link->self)->host_baud = baud;
    return STATUS_OK;
}
static inline enum status fake_set_lines(struct link *link, bool dtr, bool rts) {
    struct fake *f = link->self;
    (void)dtr;
    if (f->in_reset && !rts)
        fake_reset(f);
    f->in_reset = rts;
    return STATUS_OK;
}
static inline enum status fake_drain(struct link *link) {
    struct fake *f = link->self;
    if (f->now < f->out_free)
        f->now = f->out_free;
    return STATUS_OK;
}
static inline uint64_t fake_now(struct link *link) {
    return ((struct fake *)link->self)->now;
}
static inline void fake_sleep(struct link *link, uint64_t until) {
    struct fake *f = link->self;
    if (f->now < until)
        f->now = until;
}
static inline void fake_close(struct link *link) {
    struct fake *f = link->self;
    free(f->flash);
    free(f->rx);
    f->flash = NULL;
}

static const struct link_ops fake_ops = {fake_write, fake_read, fake_set_baud, fake_set_lines,
                                         fake_drain, fake_now,  fake_sleep,    fake_close};

static inline void fake_open(struct fake *f, enum beken_family family, uint32_t size) {
    memset(f, 0, sizeof *f);
    f->link = (struct link){.ops = &fake_ops,
                            .self = f,
                            .fd = -1,
                            .name = "fake",
                            .adapter = "fake",
                            .has_lines = true,
                            .has_baud = true};
    f->family = family;
    f->size = size;
    f->flash = malloc(size);
    f->rx = malloc(sizeof *f->rx * FAKE_RX);
    memset(f->flash, 0xFF, size);
    f->flash_id = 0xEB6015;
    f->chip_id = 0x7231C;
    f->crc_bytes_per_s = 2000000;
    f->host_baud = f->chip_baud = 115200;
    f->window_until = UINT64_MAX / 2;
    f->rng = 0x9E3779B97F4A7C15u;
}

/* Something like a dump: code up to `used`, blanks, a little data near the end. */
static inline void fake_fill(struct fake *f, uint32_t used, uint32_t seed) {
    uint64_t x = seed * 2654435761u + 88172645463325252u;
    for (uint32_t i = 0; i < f->size; i++) {
        x ^= x << 13, x ^= x >> 7, x ^= x << 17;
        if (i < used || (i >= 0x1D0000 && i < 0x1D1080) || i >= 0x1EE000)
            f->flash[i] = (uint8_t)(x >> 24);
    }
}
#endif
