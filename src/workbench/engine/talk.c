/* The small conversations. */
#include "workbench/engine/talk.h"

#include "codec/beken/chips.h"

enum {
    MARKS = 0x1000,           /* below every limit of family B */
    CRC_BYTES_PER_S = 400000, /* the slowest that public tools reckon with */
};

size_t talk_mark(struct line *l, uint8_t *frame, size_t room) {
    l->mark = (l->mark + 1) % MARKS;
    return l->family == BEKEN_FAMILY_F ? beken_flash_read(l->mark, 1, frame, room)
                                       : beken_flash_read_4k(l->mark, frame, room);
}

uint32_t talk_read_address(const struct line *l, uint32_t address) {
    bool low = l->family == BEKEN_FAMILY_B && address < BEKEN_APP_OFFSET;
    return low ? address + l->flash_size : address;
}

uint64_t talk_crc_work_us(uint32_t length) {
    return 50000 + (uint64_t)length * 1000000 / CRC_BYTES_PER_S;
}

/* --- one question --- */

static size_t question_ask(void *self, struct exchange *x, uint64_t now_us, uint8_t *frame,
                           size_t room) {
    struct talk_question *q = self;
    if (q->answered)
        return 0;
    if (q->asked)
        return q->pushes && q->pushes-- ? talk_mark(q->line, frame, room) : 0;
    q->asked = true;
    if (q->size > room || !exchange_sent(x, q->frame, q->size, q->work_us, now_us))
        return 0;
    memcpy(frame, q->frame, q->size);
    return q->size;
}

static enum status question_take(void *self, enum exchange_event event, const struct answer *a) {
    struct talk_question *q = self;
    q->answered = event == EXCHANGE_ANSWER;
    if (q->answered)
        q->response = a->response;
    return STATUS_OK;
}

static bool question_is_over(const void *self) {
    return ((const struct talk_question *)self)->answered;
}

struct talk talk_question(struct talk_question *q) {
    return (struct talk){question_ask, question_take, question_is_over, q};
}

/* --- one checksum --- */

static size_t sum_ask(void *self, struct exchange *x, uint64_t now_us, uint8_t *frame,
                      size_t room) {
    struct talk_sum *s = self;
    int frames = 2 + (line_hurries(s->line) ? TALK_PACKET_MARKS : 0);
    uint64_t work_us = talk_crc_work_us(s->end - s->start + 1);
    if (s->over || s->asked == frames)
        return 0;
    size_t size =
        s->asked ? talk_mark(s->line, frame, room) : beken_check_crc(s->start, s->end, frame, room);
    return s->asked++ >= 2 || exchange_sent(x, frame, size, work_us, now_us) ? size : 0;
}

static enum status sum_take(void *self, enum exchange_event event, const struct answer *a) {
    struct talk_sum *s = self;
    const struct beken_response *r = &a->response;
    if (!r->flash && r->code == BEKEN_CHECK_CRC && r->length == 4) {
        s->raw = load_le32(r->payload);
        s->sums++;
        return s->raw == BEKEN_CRC_START ? STATUS_TIMEOUT : STATUS_OK; /* the question was hurt */
    }
    if (event == EXCHANGE_ANSWER) {
        s->over = true;
        return s->sums == 1 ? STATUS_OK : STATUS_TIMEOUT;
    }
    if (r->flash)
        s->sums = 0; /* an older mark: what came before it is older, too */
    return STATUS_OK;
}

static bool sum_is_over(const void *self) {
    return ((const struct talk_sum *)self)->over;
}

struct talk talk_sum(struct talk_sum *s) {
    return (struct talk){sum_ask, sum_take, sum_is_over, s};
}

/* --- many marks --- */

static size_t marks_ask(void *self, struct exchange *x, uint64_t now_us, uint8_t *frame,
                        size_t room) {
    struct talk_marks *m = self;
    if (!m->left || x->count >= m->depth)
        return 0;
    size_t size = talk_mark(m->line, frame, room);
    if (!exchange_sent(x, frame, size, 0, now_us))
        return 0;
    m->left--;
    m->under_way++;
    return size;
}

static enum status marks_take(void *self, enum exchange_event event, const struct answer *a) {
    struct talk_marks *m = self;
    bool right = event == EXCHANGE_ANSWER;
    m->under_way -= right ? a->skipped + 1 : 0;
    m->errors += right ? (uint32_t)a->skipped : 1;
    return STATUS_OK;
}

static bool marks_is_over(const void *self) {
    const struct talk_marks *m = self;
    return !m->left && !m->under_way;
}

struct talk talk_marks(struct talk_marks *m) {
    return (struct talk){marks_ask, marks_take, marks_is_over, m};
}
