/* Registers in their order, and back as they were. Values that are written back, or that a key is
 * made of, are believed when they are heard twice in a row: frames carry no checksum. */
#include "workbench/flasher/efuse.h"

#include "workbench/chips/chip_ids.h"
#include "workbench/flasher/driver.h"

enum { AGREE_TRIES = 8, POLLS = 100, READABLE = 0x100 };

static enum status read_twice(struct session *s, uint32_t address, uint32_t *value) {
    uint32_t before = 0, now = 0;
    enum status status = session_read_register(s, address, &before);
    for (int i = 0; status == STATUS_OK && i < AGREE_TRIES; i++) {
        status = session_read_register(s, address, &now);
        if (status == STATUS_OK && now == before) {
            *value = now;
            return STATUS_OK;
        }
        before = now;
    }
    return status != STATUS_OK
               ? status
               : session_fail(s, STATUS_IO, "register %08X reads differently each time",
                              (unsigned)address);
}

/* A register with some bits changed for a while. */
struct borrowed {
    uint32_t address, was;
    bool changed;
};

static enum status borrow(struct session *s, struct borrowed *b, uint32_t address, uint32_t set,
                          uint32_t cleared) {
    *b = (struct borrowed){.address = address};
    enum status status = read_twice(s, address, &b->was);
    uint32_t value = (b->was | set) & ~cleared;
    b->changed = status == STATUS_OK && value != b->was;
    return b->changed ? session_write_register(s, address, value) : status;
}

/* Also after a failure, as far as the chip still answers; the failure is what is told. */
static enum status give_back(struct session *s, const struct borrowed *b, enum status status) {
    if (!b->changed || status == STATUS_CANCELLED)
        return status;
    char why[sizeof s->line.why];
    memcpy(why, s->line.why, sizeof why);
    enum status back = session_write_register(s, b->address, b->was);
    if (status != STATUS_OK)
        memcpy(s->line.why, why, sizeof why);
    return status == STATUS_OK ? back : status;
}

/* --- the key --- */

static enum status read_byte(struct session *s, const struct efuse_block *e, uint32_t n,
                             uint32_t *value) {
    uint32_t control = 0;
    enum status status = e->kept ? session_read_register(s, e->control, &control) : STATUS_OK;
    if (status == STATUS_OK)
        status = session_write_register(s, e->control, (control & e->kept) | n << 8 | 1u);
    for (int i = 0; status == STATUS_OK && i < POLLS; i++) {
        status = session_read_register(s, e->control, &control);
        if (!(control & 1u))
            break;
    }
    return status == STATUS_OK ? session_read_register(s, e->result, value) : status;
}

static enum status read_bytes(struct session *s, const struct efuse_block *e, bool *readable) {
    uint8_t bytes[16] = {0};
    *readable = false;
    for (uint32_t n = 0; n < 4 * e->key_words; n++) {
        uint32_t value = 0;
        enum status status = read_byte(s, e, n, &value);
        if (status != STATUS_OK)
            return status == STATUS_REFUSED ? STATUS_OK : status;
        if (!(value & READABLE))
            return STATUS_OK; /* stays unknown */
        bytes[n] = (uint8_t)value;
    }
    for (uint32_t i = 0; i < 4; i++)
        s->chip.key.k[i] = load_le32(bytes + 4 * (i < e->key_words ? i : 0));
    *readable = true;
    return STATUS_OK;
}

static enum status read_key(struct session *s, const struct efuse_block *e, bool *readable) {
    struct borrowed clock = {.changed = false};
    enum status status = e->clock ? borrow(s, &clock, e->clock, e->clock_bit, 0) : STATUS_OK;
    if (status == STATUS_OK)
        status = read_bytes(s, e, readable);
    return give_back(s, &clock, status);
}

/* On a line that makes errors the key, or that there is none to be read, must come twice in a row:
 * a wrong one would refuse the right image, and without one no image is refused. */
enum status efuse_read_key(struct session *s) {
    const struct chip_id *row = chip_id_find(s->chip.chip_id);
    if (s->chip.family != BEKEN_FAMILY_F || !row || !row->efuse)
        return STATUS_OK;
    s->chip.has_key = false;
    for (int i = 0; i < AGREE_TRIES; i++) {
        struct beken_key before = s->chip.key;
        bool had_key = s->chip.has_key;
        enum status status = read_key(s, row->efuse, &s->chip.has_key);
        if (status != STATUS_OK)
            return status;
        bool same =
            had_key == s->chip.has_key && (!had_key || beken_key_equal(&before, &s->chip.key));
        if (i ? same : s->chip.has_key && s->line.retries == 0)
            return STATUS_OK;
    }
    s->chip.has_key = false;
    return session_fail(s, STATUS_IO,
                        "the eFuse key reads differently each time; check wires, "
                        "ground and the 3.3 V supply");
}

/* --- OTP --- */

static const struct otp_block *otp_of(const struct session *s) {
    const struct chip_id *row = chip_id_find(s->chip.chip_id);
    return s->chip.family == BEKEN_FAMILY_F && row ? row->otp : NULL;
}

uint32_t efuse_otp_size(const struct session *s) {
    const struct otp_block *otp = otp_of(s);
    return otp ? otp->windows[0].size + otp->windows[1].size : 0;
}

static enum status read_window(struct session *s, const struct otp_window *w, uint8_t *data,
                               uint32_t done, uint32_t total) {
    enum status status = STATUS_OK;
    for (uint32_t at = 0; status == STATUS_OK && at < w->size; at += 4) {
        uint32_t word = 0;
        status = read_twice(s, w->address + at, &word);
        store_le32(data + at, word);
        session_progress(s, "reading OTP", done + at, total);
    }
    return status;
}

static enum status read_windows(struct session *s, const struct otp_block *otp, uint8_t *data) {
    uint32_t first = otp->windows[0].size, total = first + otp->windows[1].size;
    enum status status = session_pause(s, otp->wake_us);
    if (status == STATUS_OK)
        status = read_window(s, &otp->windows[0], data, 0, total);
    if (status == STATUS_OK)
        status = read_window(s, &otp->windows[1], data + first, first, total);
    if (status == STATUS_OK)
        session_progress(s, "reading OTP", total, total);
    return status;
}

enum status efuse_read_otp(struct session *s, uint8_t *data) {
    const struct otp_block *otp = otp_of(s);
    struct borrowed clock, power = {.changed = false};
    if (!otp)
        return session_fail(s, STATUS_UNSUPPORTED, "this chip shows no OTP");
    enum status status = borrow(s, &clock, otp->clock, otp->clock_bit, 0);
    if (status == STATUS_OK)
        status = borrow(s, &power, otp->power, 0, otp->power_down_bit);
    if (status == STATUS_OK)
        status = read_windows(s, otp, data);
    status = give_back(s, &power, status);
    return give_back(s, &clock, status);
}
