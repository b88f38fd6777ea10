/* What the machines know of the line and of the chip at its far end, and what they note about it:
 * one per conversation with a chip, shared by all machines that carry it on. */
#ifndef WORKBENCH_ENGINE_LINE_H
#define WORKBENCH_ENGINE_LINE_H
#include "workbench/engine/exchange.h"
#include "workbench/engine/machine.h"

enum {
    LINE_ACCIDENTS = 32,
    LINE_TRIES = 4,
    LINE_RECOVERIES = 4,
    LINE_CALM_US = 30000,
};

struct line {
    struct exchange x; /* requests under way, and the rate */
    /* the chip, as far as it is known */
    bool known;
    enum beken_family family;
    uint32_t flash_size; /* bytes */
    bool crc_exclusive;  /* its CheckCRC leaves the end byte out */
    /* the line */
    bool has_baud;       /* rate changes reach the wire */
    bool may_reset;      /* DTR and RTS exist and may be moved */
    uint64_t limit_us;   /* of one link-up; 0: for ever */
    int depth;           /* requests in flight while reading; 1: one at a time */
    uint32_t latency_us; /* between request and answer, wire time taken off */
    uint32_t mark;       /* of the last question that names itself */
    /* notes */
    uint32_t retries, relinks, supply_dips, step_downs;
    uint32_t trouble; /* calls that needed a repetition since the rate was set */
    bool changing;    /* erases and writes are under way by intention */
    /* Addresses that the chip says it changed although nobody asked: a request was damaged on its
     * way. The count goes on beyond the room. */
    uint32_t accidents[LINE_ACCIDENTS], accident_count, accidents_told;
    uint8_t frame[BEKEN_REQUEST_MAX]; /* being sent */
    char text[256];                   /* being said */
    char why[256];                    /* the last failure in one line */
};

enum status line_fail(struct line *l, enum status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
struct step line_say(struct line *l, enum saying saying, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Short answers wait in the adapter for its packet to be full: worth pushing them out. */
bool line_hurries(const struct line *l);
/* Looks whether an answer that nobody asked for tells of a change. */
void line_note_stray(struct line *l, const struct beken_response *r);
/* After an answer with an error status: REFUSED, with the reason. */
enum status line_judge(struct line *l, const uint8_t *frame, const struct beken_response *r);
/* The command byte of a request. */
unsigned line_command(const uint8_t *frame);
#endif
