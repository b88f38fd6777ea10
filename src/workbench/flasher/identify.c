/* Asking the chip about itself, in an order in which no question can harm. */
#include "workbench/flasher/identify.h"

#include "base/crc.h"
#include "workbench/chips/chip_ids.h"
#include "workbench/flasher/bus.h"

#include <stdio.h>

enum { PROBE_TRIES = 3, AGREE_TRIES = 8 };

/* Frames carry no checksum: what decides about the chip is believed when it is heard twice in a
 * row. */
static enum status twice(struct session *s,
                         enum status (*ask)(struct session *, uint32_t, uint32_t *),
                         uint32_t argument, uint32_t *value) {
    uint32_t before = 0, now = 0;
    enum status status = ask(s, argument, &before);
    for (int i = 0; status == STATUS_OK && i < AGREE_TRIES; i++) {
        status = ask(s, argument, &now);
        if (status == STATUS_OK && now == before) {
            *value = now;
            return STATUS_OK;
        }
        before = now;
    }
    return status == STATUS_OK
               ? session_fail(s, STATUS_IO,
                              "the chip says something else each time; check wires, "
                              "ground and the 3.3 V supply")
               : status;
}

static enum status ask_register(struct session *s, uint32_t address, uint32_t *value) {
    uint8_t frame[16];
    struct beken_response r;
    enum status status = session_try(s, frame, beken_read_register(address, frame, sizeof frame), 0,
                                     PROBE_TRIES, &r);
    if (status == STATUS_OK && r.length == 8)
        *value = load_le32(r.payload + 4);
    return status;
}

static enum status probe_register(struct session *s, uint32_t address, uint32_t *value) {
    return twice(s, ask_register, address, value);
}

/* The bootloader's own word; only Tuya's BK7231T answers. A boot ROM says that it does not know the
 * command: REFUSED. */
static enum status read_version(struct session *s) {
    uint8_t frame[8];
    struct beken_response r;
    enum status status = session_try(s, frame, beken_read_version(frame, sizeof frame), 0, 2, &r);
    if (status == STATUS_OK && r.length > 1 && r.length < sizeof s->chip.version)
        memcpy(s->chip.version, r.payload, r.length);
    return status == STATUS_TIMEOUT ? STATUS_OK : status;
}

/* Family B is silent about registers, but a noisy line loses answers, too: only silence beside good
 * LinkChecks, from a chip that does not refuse the other family's question, proves it. */
static enum status find_family(struct session *s) {
    struct session_chip *c = &s->chip;
    for (int i = 0; i < AGREE_TRIES; i++) {
        c->family = BEKEN_FAMILY_F;
        enum status status = probe_register(s, CHIP_ID_REGISTER, &c->chip_id);
        if (status == STATUS_OK || status == STATUS_REFUSED)
            return STATUS_OK;
        if (status == STATUS_TIMEOUT)
            status = session_link_check(s, 4);
        if (status == STATUS_OK) {
            c->family = BEKEN_FAMILY_B;
            status = read_version(s);
        }
        if (status != STATUS_REFUSED)
            return status;
    }
    return session_fail(s, STATUS_IO,
                        "the chip loses most questions; check wires, ground and the 3.3 V supply");
}

/* Family F tells which chip it is, older and newer ones at different places. */
static void find_chip(struct session *s) {
    struct session_chip *c = &s->chip;
    const struct chip_id *row = chip_id_find(c->chip_id);
    uint32_t other = 0;
    if (!row && probe_register(s, CHIP_ID_REGISTER_NEW, &other) == STATUS_OK &&
        chip_id_find(other)) {
        c->chip_id = other;
        row = chip_id_find(other);
    }
    c->chip = row && row->chip ? beken_chip_find(row->chip) : NULL;
}

static enum status ask_flash_id(struct session *s, uint32_t unused, uint32_t *value) {
    (void)unused;
    uint8_t frame[16];
    struct beken_response r;
    enum status status = session_call(s, frame, beken_flash_read_id(frame, sizeof frame), 0, &r);
    if (status != STATUS_OK)
        return status;
    struct span id = beken_response_data(&r);
    if (id.size >= 3)
        *value = load_be32(
            (uint8_t[]){0, id.data[id.size - 3], id.data[id.size - 2], id.data[id.size - 1]});
    return STATUS_OK;
}

static enum status read_flash_id(struct session *s) {
    enum status status = twice(s, ask_flash_id, 0, &s->chip.flash_id);
    if (status != STATUS_OK)
        return status == STATUS_REFUSED ? STATUS_OK : status;
    if (s->chip.flash_id == 0xFFFFFF)
        s->chip.flash_id = 0;
    s->chip.flash = flash_chip_find(s->chip.flash_id);
    s->chip.size = s->chip.flash ? s->chip.flash->size : flash_size_of_id(s->chip.flash_id);
    return STATUS_OK;
}

/* Addresses wrap at the flash size: the bootloader's first page, which is never blank, shows up
 * again there. */
static enum status ask_sector_crc(struct session *s, uint32_t address, uint32_t *crc) {
    return session_crc(s, address, BEKEN_SECTOR, crc);
}

static enum status find_size_by_wrap(struct session *s) {
    uint32_t first = 0, again = 0;
    enum status status = twice(s, ask_sector_crc, 0, &first);
    if (status != STATUS_OK || first == session_blank_crc(BEKEN_SECTOR))
        return status;
    for (uint32_t size = 1u << 20; size <= 16u << 20; size <<= 1) {
        status = twice(s, ask_sector_crc, size, &again);
        if (status != STATUS_OK)
            return status;
        if (again == first) {
            s->chip.size = size;
            break;
        }
    }
    return STATUS_OK;
}

static const struct beken_bootloader *bootloader_by_check(uint32_t crc) {
    for (const struct beken_bootloader *b = beken_bootloaders; b->name; b++)
        if (b->check_crc == crc)
            return b;
    return NULL;
}

static enum status ask_boot_crc(struct session *s, uint32_t end, uint32_t *crc) {
    return session_crc_to(s, 0, end, crc);
}

static uint32_t sum_of_zeros(uint32_t length) {
    static const uint8_t zeros[256];
    uint32_t crc = 0;
    for (; length; length -= 256)
        crc = crc32_update(crc, zeros, sizeof zeros);
    return crc;
}

/* A flash that does not answer on its own pins reads 00 throughout. A destroyed first page looks
 * alike, so more than that is asked. */
static enum status check_reachable(struct session *s, uint32_t crc_256) {
    static const uint8_t zeros[257];
    uint32_t crc;
    if (crc_256 != crc32_update(0, zeros, 256) && crc_256 != crc32_update(0, zeros, 257))
        return STATUS_OK;
    enum status status = session_crc(s, 0, FLASH_BLOCK_64K, &crc);
    if (status != STATUS_OK || crc != sum_of_zeros(FLASH_BLOCK_64K))
        return status;
    return session_fail(
        s, STATUS_IO,
        "the chip answers, but its flash reads 00 everywhere: it cannot be reached. "
        "Something on the board loads or straps its pins; on one board holding P24 "
        "low at reset helped");
}

/* The customary question: family F sums 257 bytes for it, B a page of 256. */
static enum status find_bootloader(struct session *s) {
    struct session_chip *c = &s->chip;
    uint32_t crc = 0;
    enum status status = twice(s, ask_boot_crc, 256, &crc);
    if (status == STATUS_IO && s->link->why[0] == '\0') {
        session_say(s, SESSION_WARNING,
                    "the first page of the flash reads differently each time: weak supply, or a "
                    "worn sector");
        status = STATUS_OK;
    }
    if (status != STATUS_OK)
        return status;
    if ((status = check_reachable(s, crc)) != STATUS_OK)
        return status;
    c->bootloader = bootloader_by_check(crc);
    if (!c->chip && c->bootloader)
        c->chip = beken_chip_find(c->bootloader->chip);
    if (!c->chip && c->version[0])
        c->chip = beken_chip_find("BK7231T");
    return STATUS_OK;
}

/* Beyond its end a flash begins anew, and every sum would agree. */
static void use_given_size(struct session *s) {
    if (s->chip.size && s->options.size > s->chip.size)
        session_say(
            s, SESSION_WARNING,
            "the flash's id says %u KiB, --size %u: what lies behind is the beginning again",
            (unsigned)(s->chip.size / 1024), (unsigned)(s->options.size / 1024));
    s->chip.size = s->options.size;
}

enum status identify(struct session *s) {
    memset(&s->chip, 0, sizeof s->chip);
    enum status status = find_family(s);
    if (status == STATUS_OK && s->chip.family == BEKEN_FAMILY_F) {
        find_chip(s);
        status = read_flash_id(s);
    }
    if (status == STATUS_OK && s->options.size)
        use_given_size(s);
    if (status == STATUS_OK)
        status = find_bootloader(s);
    if (status == STATUS_OK && !s->chip.size)
        status = find_size_by_wrap(s);
    if (status != STATUS_OK)
        return status;
    s->chip.known = true;
    s->line.retries = s->line.trouble =
        0; /* questions that only one family answers are no errors */
    return STATUS_OK;
}

enum status identify_on_bus(struct session *s) {
    enum { MEETINGS = 3 };
    enum status status = STATUS_TIMEOUT;
    for (int i = 0; status == STATUS_TIMEOUT && i < MEETINGS; i++) {
        if (i)
            session_say(s, SESSION_NOTE, "the chip fell silent while it was asked; once more");
        if ((status = session_link_up(s)) != STATUS_OK)
            return status;
        status = identify(s);
    }
    return status;
}

const char *identify_name(const struct session *s) {
    const struct chip_id *row = chip_id_find(s->chip.chip_id);
    if (s->chip.family == BEKEN_FAMILY_F)
        return row ? row->label : "unknown chip with Beken's boot ROM";
    return s->chip.chip ? s->chip.chip->name : "BK7231T, U, Q or BK7252";
}
