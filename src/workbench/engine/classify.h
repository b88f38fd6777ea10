/* What is heard on a line while nobody answers: fed with bytes, it says which of the usual
 * mistakes it sounds like and what to move. */
#ifndef WORKBENCH_ENGINE_CLASSIFY_H
#define WORKBENCH_ENGINE_CLASSIFY_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum heard {
    HEARD_SILENCE,
    HEARD_ECHO,        /* our own frames: TX and RX touch */
    HEARD_BOOT_LOG,    /* Beken boot text: the log port, or the window was missed */
    HEARD_TUYA_MCU,    /* 55 AA frames: the application talks to its controller */
    HEARD_APPLICATION, /* readable text of a running program */
    HEARD_DAMAGED,     /* pieces of good answers: the link is there but loses bytes */
    HEARD_STUCK,       /* nothing but zeros: line held low */
    HEARD_HUM,         /* noise that comes in bursts of the mains frequency */
    HEARD_NOISE,       /* bytes without sense: other baud rate or no common ground */
    HEARD_CHIP,        /* whole answers */
    HEARD_COUNT
};

struct classify {
    uint32_t bytes, printable, zeros, requests, fragments, tuya_frames, answers, bursts;
    uint64_t last_us, burst_us;
    uint64_t tail;  /* the last eight bytes, for patterns */
    char text[256]; /* the last readable characters */
    size_t text_length;
    bool boot_text;
};

/* Start with all zeros. */
void classify_feed(struct classify *c, const uint8_t *data, size_t size, uint64_t now_us);
enum heard classify_verdict(const struct classify *c);
/* A short name ("echo"), what it means, and what to do; never NULL. */
const char *heard_name(enum heard heard);
const char *heard_text(enum heard heard);
const char *heard_advice(enum heard heard);
#endif
