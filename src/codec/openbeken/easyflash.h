/* EasyFlash v4 ("NG"), the log-structured store in which OpenBeken keeps counters on Beken chips
 * and its whole configuration on others. Sectors of 4 KiB with a status header, then nodes; the
 * newest node with a good CRC and state "written" is the value of its name. The layout depends on
 * the smallest unit the flash can program.
 * Source: armink/EasyFlash (ef_env.c); openshwprojects/OpenBK7231T_App, BK7231GUIFlashTool. */
#ifndef CODEC_OPENBEKEN_EASYFLASH_H
#define CODEC_OPENBEKEN_EASYFLASH_H
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { EASYFLASH_SECTOR = 4096, EASYFLASH_NAME_MAX = 64 };

/* Where fields stand for one write granularity (1, 8 or 32 bits). Behind length_at follow CRC-32,
 * name length (padded to 4) and value length, each 4 bytes, then name and value. */
struct easyflash_layout {
    uint8_t bits;
    uint8_t sector_header, sector_magic_at;
    uint8_t node_magic_at; /* 0xFF: nodes have no magic */
    uint8_t length_at;
    uint8_t align; /* of name and value, bytes */
    const char *chips;
};
/* Ends with bits 0. */
extern const struct easyflash_layout easyflash_layouts[];
/* Layout of the sector at `data`, or NULL when it is none of EasyFlash. */
const struct easyflash_layout *easyflash_recognise(const uint8_t *data, size_t size);

/* What has become of a node. */
enum easyflash_state {
    EASYFLASH_UNUSED,
    EASYFLASH_WRITING,
    EASYFLASH_WRITTEN,
    EASYFLASH_DELETING, /* still counts when nothing newer was written */
    EASYFLASH_DELETED,
    EASYFLASH_BROKEN,
};

struct easyflash_node {
    char name[EASYFLASH_NAME_MAX + 1];
    const uint8_t *value;
    uint32_t length;
    size_t offset; /* in the area */
    enum easyflash_state state;
    bool crc_ok;
};
/* Reads the node at or after *at of an area and moves on; false at the end. Nodes that are not
 * readable are stepped over. */
bool easyflash_next(const uint8_t *area, size_t size, const struct easyflash_layout *layout,
                    size_t *at, struct easyflash_node *out);
/* Newest good value of a name. */
bool easyflash_get(const uint8_t *area, size_t size, const char *name, struct easyflash_node *out);

/* Formats an area (whole sectors) as empty. */
void easyflash_format(uint8_t *area, size_t size, const struct easyflash_layout *layout);
/* Appends a node and marks older ones of that name deleted; false when no sector has room. */
bool easyflash_put(uint8_t *area, size_t size, const struct easyflash_layout *layout,
                   const char *name, const void *value, uint32_t length);
/* Makes the CRC of the node at `offset` of an area right again after its value was changed in
 * place. */
void easyflash_seal(uint8_t *area, size_t offset, const struct easyflash_layout *layout);
#endif
