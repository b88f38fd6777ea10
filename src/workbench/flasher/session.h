/* A conversation with one chip: a link, what is known of the chip at its far end, and the few
 * kinds of question everything else is made of. The engine carries it on (driver.h). Calls are
 * repeated until an answer is whole, a confused line is calmed, a chip that went away (supply dip,
 * cable) is fetched back, and a rate that makes errors is left for a lower one, so that the jobs
 * above see either a true answer or a reason. */
#ifndef WORKBENCH_FLASHER_SESSION_H
#define WORKBENCH_FLASHER_SESSION_H
#include "codec/beken/bootloaders.h"
#include "codec/beken/chips.h"
#include "codec/beken/cipher.h"
#include "codec/flash_chips.h"
#include "workbench/engine/line.h"
#include "workbench/link/link.h"

enum session_event_kind {
    SESSION_NOTE,     /* a line for the user */
    SESSION_WARNING,  /* the same, when something is not right */
    SESSION_HEARD,    /* what is on the line while getting on the bus: verdict and advice */
    SESSION_PROGRESS, /* done and total bytes of the job in `text` */
    SESSION_TRACE,    /* for the log only */
};
struct session_event {
    enum session_event_kind kind;
    const char *text;
    uint64_t done, total, at_us;
    uint32_t retries;
};
struct session_listener {
    void (*event)(void *context, const struct session_event *event);
    bool (*cancelled)(void *context);
    void *context;
};

/* What was found out about the chip (identify.h). */
struct session_chip {
    bool known;
    enum beken_family family;
    uint32_t chip_id; /* SCTRL chip id, family F */
    const struct beken_chip *chip;
    const struct beken_bootloader *bootloader; /* by the CRC of its first bytes, or NULL */
    char version[24];                          /* bootloader's own word, Tuya T */
    uint32_t flash_id;                         /* JEDEC, 0 unknown */
    const struct flash_chip *flash;
    uint32_t size; /* of the flash, bytes; 0 unknown */
    bool has_key, has_sr;
    struct beken_key key;
    uint32_t sr;
};

struct session_options {
    uint32_t baud;            /* fixed highest rate; 0: ladder */
    uint64_t link_timeout_us; /* 0: for ever */
    uint32_t size;            /* given by the user, 0: find out */
    bool doubtful_flash;      /* touch the status register of chips whose row is doubtful */
    bool no_pipeline;
    bool bad_line; /* change a chip over a line that makes too many errors for it */
    bool no_reset; /* never move DTR and RTS */
};

struct session_stats {
    uint32_t sent_frames, writes, erases;
    uint64_t bytes_out, bytes_in;
};

struct session {
    struct link *link;
    struct session_listener listener;
    struct session_options options;
    struct session_chip chip;
    struct session_stats stats;
    struct line line;    /* what the engine knows and notes; line.why is the last failure */
    uint8_t heard[4200]; /* bytes read but not yet fed, from heard_from to heard_to */
    size_t heard_from, heard_to;
};

void session_start(struct session *s, struct link *link, const struct session_options *options,
                   const struct session_listener *listener);
void session_say(struct session *s, enum session_event_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void session_progress(struct session *s, const char *what, uint64_t done, uint64_t total);
enum status session_fail(struct session *s, enum status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
bool session_cancelled(const struct session *s);

/* The rate of the line. */
static inline uint32_t session_baud(const struct session *s) {
    return s->line.x.baud;
}

/* Reads and drops until the line was silent for `quiet_us`, at most ten times as long. */
enum status session_calm(struct session *s, uint64_t quiet_us);
/* Brings the conversation back after a question that got no answer. */
enum status session_recover(struct session *s);

/* One request, one answer, at most `tries` times; no recovery. TIMEOUT when none came, REFUSED
 * when the chip answered with an error status. The payload of *response lives until the next call.
 */
enum status session_try(struct session *s, const uint8_t *frame, size_t size, uint64_t work_us,
                        int tries, struct beken_response *response);
/* The same with everything that can be done about trouble: calming the line, feeding a chip that
 * waits for the rest of a frame, stepping down, getting on the bus again. */
enum status session_call(struct session *s, const uint8_t *frame, size_t size, uint64_t work_us,
                         struct beken_response *response);

/* CheckCRC in the form of zlib over `length` bytes (multiple of 256) from `start`. Sent with a
 * question behind it whose answer names itself, so that a stale answer is never taken for this one.
 */
enum status session_crc(struct session *s, uint32_t start, uint32_t length, uint32_t *crc);
/* The same with the end as it stands in the request; what that means depends on the chip. */
enum status session_crc_to(struct session *s, uint32_t start, uint32_t end, uint32_t *crc);
/* Asks for the CRC and compares it with `data`; learns whether this chip leaves the end out. */
enum status session_crc_same(struct session *s, uint32_t start, const uint8_t *data,
                             uint32_t length, bool *same);
/* CRC-32 (zlib) of `length` bytes of FF. */
uint32_t session_blank_crc(uint32_t length);

enum status session_read_register(struct session *s, uint32_t address, uint32_t *value);
enum status session_write_register(struct session *s, uint32_t address, uint32_t value);
enum status session_link_check(struct session *s, int tries);
#endif
