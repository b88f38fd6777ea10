/* What was announced to Home Assistant last, so that what is gone later is taken back. */
#ifndef DEVICE_SERVICE_HA_LIST_H
#define DEVICE_SERVICE_HA_LIST_H
#include "base/status.h"
#include "device/store/files.h"

struct device;

#define HA_LIST_FILE "@ha"
enum { HA_LINE = 160 };

/* What the first line of the list says. */
struct ha_list {
    bool there;
    uint8_t form;
    char prefix[32], base[72]; /* base: first part of the unique ids */
    uint32_t hash;             /* of the device message */
    uint32_t lines_at;         /* offset of the second line */
};

struct ha_list ha_list_head(struct device *d);
/* One line from *offset on; false at the end. */
bool ha_list_line(struct device *d, const struct store_file_info *file, uint32_t *offset,
                  char *line);
/* Copies the word at p; returns what follows it. */
const char *ha_list_word(const char *p, char *out, size_t size);
/* Writes what the device is now; `hash` of it all. */
enum status ha_list_write(struct device *d, uint32_t hash);

/* First word of the topics, and first part of the unique ids. */
const char *ha_prefix(const struct device *d);
void ha_base(const struct device *d, char *out, size_t size);
#endif
