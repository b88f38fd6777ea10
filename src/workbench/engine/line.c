/* Noting and saying. */
#include "workbench/engine/line.h"

#include "workbench/engine/talk.h"

#include <stdarg.h>
#include <stdio.h>

enum status line_fail(struct line *l, enum status status, const char *format, ...) {
    va_list list;
    va_start(list, format);
    vsnprintf(l->why, sizeof l->why, format, list);
    va_end(list);
    return status;
}

struct step line_say(struct line *l, enum saying saying, const char *format, ...) {
    va_list list;
    va_start(list, format);
    vsnprintf(l->text, sizeof l->text, format, list);
    va_end(list);
    return (struct step){.kind = STEP_SAY, .saying = saying, .text = l->text};
}

bool line_hurries(const struct line *l) {
    uint64_t marks = exchange_wire_us(l->x.baud, TALK_PACKET_MARKS * TALK_MARK_ANSWER);
    return l->known && l->depth > 1 && l->latency_us > 2 * marks;
}

/* One flipped bit turns a read into an erase; the chip's answer to what was never asked tells. */
void line_note_stray(struct line *l, const struct beken_response *r) {
    static const struct {
        uint8_t code, address_at;
    } changes[] = {{BEKEN_FLASH_ERASE, 1},
                   {BEKEN_FLASH_ERASE_4K, 0},
                   {BEKEN_FLASH_WRITE, 0},
                   {BEKEN_FLASH_WRITE_4K, 0}};
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        if (!r->flash || r->code != changes[i].code || r->status || l->changing ||
            r->length < changes[i].address_at + 4u)
            continue;
        if (l->accident_count < LINE_ACCIDENTS)
            l->accidents[l->accident_count] = load_le32(r->payload + changes[i].address_at);
        l->accident_count++;
    }
}

unsigned line_command(const uint8_t *frame) {
    return frame[3] == 0xFF ? frame[7] : frame[4];
}

enum status line_judge(struct line *l, const uint8_t *frame, const struct beken_response *r) {
    unsigned error = r->status;
    if (!r->flash && r->length == 1 && r->code != BEKEN_LINK_CODE && r->code != BEKEN_STAY_ROM)
        error = r->payload[0];
    if (error == 0)
        return STATUS_OK;
    return line_fail(l, STATUS_REFUSED, "the chip refuses command %02X: %s", line_command(frame),
                     beken_status_text(error));
}
