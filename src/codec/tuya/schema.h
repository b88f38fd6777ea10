/* The datapoint schema that a paired device keeps beside its configuration (a JSON array under a
 * key equal to the schema id): one row per datapoint with id, access, type, range and unit. */
#ifndef CODEC_TUYA_SCHEMA_H
#define CODEC_TUYA_SCHEMA_H
#include "codec/tuya/loose.h"

#define SCHEMA_RANGE_MAX      160
#define SCHEMA_DATAPOINTS_MAX 128

enum schema_type {
    SCHEMA_BOOL,
    SCHEMA_VALUE,
    SCHEMA_ENUM,
    SCHEMA_STRING,
    SCHEMA_BITMAP,
    SCHEMA_RAW,
    SCHEMA_UNKNOWN
};

struct schema_datapoint {
    int32_t id;
    enum schema_type type;
    char mode[4]; /* "rw", "ro", "wr" as stored */
    int32_t least, most, step, scale, longest;
    char unit[16];
    char range[SCHEMA_RANGE_MAX]; /* enum words, comma separated */
};

/* Reads the array; rows beyond `capacity` are dropped and *truncated is set. Returns the number of
 * rows, 0 when the text is no schema. `nodes` is scratch. */
size_t schema_read(const char *text, size_t size, struct loose_node *nodes, size_t node_capacity,
                   struct schema_datapoint *rows, size_t capacity, bool *truncated);
const char *schema_type_name(enum schema_type type);
/* "0.0 … 30.0 A, step 0.1" or the words of an enum. */
void schema_add_range(struct text *out, const struct schema_datapoint *row);
#endif
