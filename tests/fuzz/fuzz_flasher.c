/* The flasher's protocol engine fed with arbitrary bytes as if a chip had sent them, in a time that
 * only moves when it waits: whatever comes, it must end, and never read outside its buffers. */
#include "workbench/engine/classify.h"
#include "workbench/flasher/backup.h"
#include "workbench/flasher/bus.h"
#include "workbench/flasher/identify.h"
#include "workbench/flasher/program.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct tape {
    const uint8_t *data;
    size_t size, at;
    uint64_t now;
};

static enum status tape_write(struct link *link, const uint8_t *data, size_t size) {
    (void)data;
    ((struct tape *)link->self)->now += size;
    return STATUS_OK;
}
static enum status tape_read(struct link *link, uint8_t *buffer, size_t size, uint64_t until,
                             size_t *got) {
    struct tape *t = link->self;
    size_t n = t->size - t->at < size ? t->size - t->at : size;
    n = n > 61 ? 61 : n;
    memcpy(buffer, t->data + t->at, n);
    t->at += n;
    *got = n;
    t->now += n ? 10 : 0;
    if (!n && t->now < until)
        t->now = until;
    return STATUS_OK;
}
static enum status tape_baud(struct link *link, uint32_t baud) {
    (void)link;
    (void)baud;
    return STATUS_OK;
}
static enum status tape_lines(struct link *link, bool dtr, bool rts) {
    (void)link;
    (void)dtr;
    (void)rts;
    return STATUS_OK;
}
static enum status tape_drain(struct link *link) {
    (void)link;
    return STATUS_OK;
}
static uint64_t tape_now(struct link *link) {
    return ((struct tape *)link->self)->now;
}
static enum status tape_close(struct link *link) {
    (void)link;
    return STATUS_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const struct link_ops ops = {tape_write, tape_read, tape_baud, tape_lines,
                                        tape_drain, tape_now,  tape_close};
    static struct session s;
    if (size < 2)
        return 0;
    struct tape tape = {.data = data + 1, .size = size - 1};
    struct link link = {.ops = &ops, .self = &tape, .fd = -1};
    struct session_options options = {.link_timeout_us = 1000000, .size = 65536};
    struct classify c = {0};
    classify_feed(&c, data, size, 0);
    (void)heard_advice(classify_verdict(&c));
    session_start(&s, &link, &options, NULL);
    if (data[0] & 1) {
        s.chip.known = true;
        s.chip.family = data[0] & 2 ? BEKEN_FAMILY_B : BEKEN_FAMILY_F;
        s.chip.size = 65536;
    } else if (session_link_up(&s) != STATUS_OK || identify(&s) != STATUS_OK)
        return 0;
    struct backup b;
    if (!backup_alloc(&b, 0, 65536))
        return 0;
    if (backup_run(&s, &b) == STATUS_OK && data[0] & 4) {
        uint32_t differs, count;
        program_verify(&s, 0, b.data, 65536, &differs, &count);
    }
    backup_free(&b);
    return 0;
}
