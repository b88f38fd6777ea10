/* Reading and clearing block protection. */
#include "workbench/flasher/protect.h"

#include "workbench/flasher/driver.h"

enum { WRITE_US = 15000, ROUNDS = 5 };

static const struct flash_protection *layout(const struct session *s) {
    return s->chip.family == BEKEN_FAMILY_F && s->chip.flash ? s->chip.flash->protection : NULL;
}

static enum status read_sr(struct session *s, uint32_t *sr) {
    const struct flash_protection *p = layout(s);
    *sr = 0;
    for (unsigned i = 0; i < p->bytes; i++) {
        if (!p->read_opcodes[i])
            continue;
        uint8_t frame[16];
        struct beken_response r;
        enum status status = session_call(
            s, frame, beken_flash_read_sr(p->read_opcodes[i], frame, sizeof frame), 0, &r);
        if (status != STATUS_OK)
            return status;
        struct span value = beken_response_data(&r);
        *sr |= (uint32_t)value.data[0] << 8 * i;
    }
    return STATUS_OK;
}

/* Two equal readings: one flipped bit must not decide what is written into the register. */
enum status protect_read(struct session *s) {
    s->chip.has_sr = false;
    if (!layout(s))
        return STATUS_OK;
    uint32_t first, second = 0;
    for (int i = 0; i < ROUNDS; i++) {
        enum status status = read_sr(s, &first);
        if (status == STATUS_OK)
            status = read_sr(s, &second);
        if (status != STATUS_OK)
            return status == STATUS_REFUSED ? STATUS_OK : status;
        if (first == second && !(first & FLASH_SR_WIP))
            break;
        if ((status = session_pause(s, WRITE_US)) != STATUS_OK)
            return status;
    }
    if (first != second)
        return session_fail(s, STATUS_IO,
                            "the flash's status register reads differently each time");
    s->chip.sr = first;
    s->chip.has_sr = true;
    return STATUS_OK;
}

bool protect_is_on(const struct session *s) {
    return s->chip.has_sr && flash_is_protected(layout(s), s->chip.sr);
}

static enum status write_sr(struct session *s, uint32_t value) {
    const struct flash_protection *p = layout(s);
    uint8_t frame[16];
    struct beken_response r;
    /* One attempt: repeating blindly is how registers get locked. The caller reads back. */
    enum status status = session_try(s, frame,
                                     beken_flash_write_sr(p->write_opcodes[0], value & 0xFFFF,
                                                          p->write_bytes, frame, sizeof frame),
                                     0, 1, &r);
    if (status == STATUS_OK)
        return session_pause(s, WRITE_US);
    return status == STATUS_TIMEOUT ? session_calm(s, 2 * WRITE_US) : status;
}

static enum status may_write(struct session *s) {
    const struct flash_chip *flash = s->chip.flash;
    if (flash->trust == FLASH_IDENTIFIED)
        return session_fail(s, STATUS_REFUSED,
                            "%s is protected and how to unprotect it is not known", flash->name);
    if (flash->trust == FLASH_DOUBTFUL && !s->options.doubtful_flash)
        return session_fail(s, STATUS_REFUSED,
                            "%s is protected, but writing its status register has done harm "
                            "(%s); --doubtful-flash tries it",
                            flash->name,
                            flash->note ? flash->note : flash_trust_text(flash->trust));
    if (s->chip.sr & FLASH_SR_SRP1)
        return session_fail(s, STATUS_REFUSED,
                            "the status register of %s is locked; switch the supply off and on",
                            flash->name);
    return STATUS_OK;
}

enum status protect_clear(struct session *s) {
    enum status status = protect_read(s);
    if (status != STATUS_OK || s->chip.family == BEKEN_FAMILY_B)
        return status;
    if (!s->chip.has_sr) {
        session_say(s, SESSION_NOTE, "flash id %06X: protection not known, writing without a word",
                    (unsigned)s->chip.flash_id);
        return STATUS_OK;
    }
    for (int i = 0; protect_is_on(s); i++) {
        if (i == ROUNDS)
            return session_fail(s, STATUS_REFUSED, "the flash stays protected (status %04X)",
                                (unsigned)s->chip.sr);
        status = may_write(s);
        if (status == STATUS_OK)
            status = write_sr(s, flash_unprotect_value(layout(s), s->chip.sr));
        if (status == STATUS_OK)
            status = protect_read(s);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}
