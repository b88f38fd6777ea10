/* The log: last lines in a ring inside the retained RAM of the platform, so that after a crash or
 * restart one can read what had happened; a sink (console, file, network) sees each line too. */
#ifndef DEVICE_LOG_H
#define DEVICE_LOG_H
#include "base/log.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct device;

enum { DEVICE_LOG_RING = 768, DEVICE_LOG_LINE = 160 };

/* Lies in retained RAM, or in the device when the platform has none. */
struct device_log_ring {
    uint32_t magic, check; /* check over the counters: torn content is dropped, not shown */
    uint16_t head, size;
    uint32_t crash_streak;      /* unclean boots in a row that did not reach stability */
    uint32_t boots;             /* warm ones since power came */
    char text[DEVICE_LOG_RING]; /* lines end with \n */
};

struct device_log {
    struct log_sink sink;
    struct device_log_ring *ring;
    struct device_log_ring own; /* used when there is no retained RAM */
    uint8_t level;              /* 0 nothing, 1 errors, 2 warnings too, 3 info, 4 and above debug */
    uint32_t lines;
    uint32_t bytes; /* ever put into the ring since start */
    uint32_t muted; /* bit per category that `logfeature` switched off */
    bool quiet;     /* nothing to the sink; the ring still gets it */
};

/* One line; `more` is joined to the text and may be NULL. */
void device_log(struct device *d, enum log_level level, const char *module, const char *text);
void device_log2(struct device *d, enum log_level level, const char *module, const char *text,
                 const char *more);
void device_log_int(struct device *d, enum log_level level, const char *module, const char *text,
                    int64_t value, const char *more);
/* Copies the kept lines, oldest first; returns the length. */
size_t device_log_read(const struct device *d, char *buffer, size_t size);
/* A category by OpenBeken's number on or off; false when there is no such category. */
bool device_log_feature(struct device *d, int index, bool on);
void device_log_init(struct device *d);
/* Keeps the number of crashes in a row beside the log. */
void device_log_streak(struct device *d, uint32_t streak);
#endif
