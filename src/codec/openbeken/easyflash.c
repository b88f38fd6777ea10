/* One walker for the three layouts; only where fields stand and how a state is read differ. */
#include "codec/openbeken/easyflash.h"

#include "base/bytes.h"
#include "base/crc.h"

#define MAGIC_SECTOR  0x30344645u /* "EF40" */
#define MAGIC_SECTOR1 0x31344645u /* "EF41", ECR6600 */
#define MAGIC_NODE    0x3034564Bu /* "KV40" */

enum { NO_MAGIC = 0xFF, SECTOR_EMPTY = 1, SECTOR_USING = 2, STORE_STATES = 3, NODE_STATES = 5 };
/* Distances from length_at. */
enum { CRC_AT = 4, NAME_LENGTH_AT = 8, VALUE_LENGTH_AT = 12, NAME_AT = 16 };

const struct easyflash_layout easyflash_layouts[] = {
    {1, 0x10, 4, 4, 8, 1, "BK7231, BK7238, RTL87xx, XR8xx, RDA5981, OPL1000"},
    {8, 0x14, 8, 8, 12, 1, "BL602, BL616, BL702"},
    {32, 0x24, 0x18, NO_MAGIC, 20, 4, "TR6260, ECR6600"},
    {0},
};

const struct easyflash_layout *easyflash_recognise(const uint8_t *data, size_t size) {
    for (const struct easyflash_layout *l = easyflash_layouts; l->bits; l++) {
        if (size < l->sector_header)
            continue;
        uint32_t magic = load_le32(data + l->sector_magic_at);
        if (magic == MAGIC_SECTOR || (magic == MAGIC_SECTOR1 && l->bits == 32))
            return l;
    }
    return NULL;
}

/* State of a status table with `states` steps: the last step that was taken. */
static int read_state(const struct easyflash_layout *l, const uint8_t *table, int states) {
    for (int state = states; state > 0; state--) {
        bool taken = l->bits == 1 ? !(table[0] >> (8 - state) & 1)
                                  : table[(size_t)(state - 1) * l->bits / 8] == 0;
        if (taken)
            return state;
    }
    return 0;
}

static void write_state(const struct easyflash_layout *l, uint8_t *table, int state) {
    for (int s = 1; s <= state; s++) {
        if (l->bits == 1)
            table[0] = (uint8_t)(table[0] & ~(1u << (8 - s)));
        else
            table[(size_t)(s - 1) * l->bits / 8] = 0;
    }
}

static size_t aligned(const struct easyflash_layout *l, size_t length) {
    return (length + l->align - 1) / l->align * l->align;
}

/* CRC from the name length to the end of the value, paddings included. */
static uint32_t node_crc(const struct easyflash_layout *l, const uint8_t *node, size_t name,
                         size_t value) {
    const uint8_t *from = node + l->length_at + NAME_LENGTH_AT;
    return crc32_update(0, from, 8 + aligned(l, name) + aligned(l, value));
}

/* Reads the node at `at`; false when no node stands there. *length is how far it reaches. */
static bool read_node(const uint8_t *area, size_t at, size_t end, const struct easyflash_layout *l,
                      struct easyflash_node *out, size_t *length) {
    size_t header = (size_t)l->length_at + NAME_AT;
    if (!bytes_inside(end, at, header))
        return false;
    const uint8_t *node = area + at, *fields = node + l->length_at;
    if (l->node_magic_at != NO_MAGIC && load_le32(node + l->node_magic_at) != MAGIC_NODE)
        return false;
    size_t name = fields[NAME_LENGTH_AT], value = load_le32(fields + VALUE_LENGTH_AT);
    *length = load_le32(fields);
    if (name == 0 || name > EASYFLASH_NAME_MAX || value > EASYFLASH_SECTOR ||
        header + aligned(l, name) + aligned(l, value) > *length || !bytes_inside(end, at, *length))
        return false;
    *out = (struct easyflash_node){.value = fields + NAME_AT + aligned(l, name),
                                   .length = (uint32_t)value,
                                   .offset = at,
                                   .state = (enum easyflash_state)read_state(l, node, NODE_STATES)};
    memcpy(out->name, fields + NAME_AT, name);
    out->crc_ok = load_le32(fields + CRC_AT) == node_crc(l, node, name, value);
    return true;
}

bool easyflash_next(const uint8_t *area, size_t size, const struct easyflash_layout *l, size_t *at,
                    struct easyflash_node *out) {
    while (*at < size) {
        size_t sector = *at / EASYFLASH_SECTOR * EASYFLASH_SECTOR;
        size_t end = size - sector < EASYFLASH_SECTOR ? size : sector + EASYFLASH_SECTOR;
        if (*at - sector < l->sector_header) {
            bool ours = easyflash_recognise(area + sector, end - sector) == l;
            *at = ours ? sector + l->sector_header : end;
            continue;
        }
        size_t length;
        if (read_node(area, *at, end, l, out, &length)) {
            *at += length;
            return true;
        }
        *at += l->align > 1 ? l->align : 1;
    }
    return false;
}

bool easyflash_get(const uint8_t *area, size_t size, const char *name, struct easyflash_node *out) {
    const struct easyflash_layout *layout = easyflash_recognise(area, size);
    struct easyflash_node node;
    bool found = false;
    for (size_t at = 0; layout && easyflash_next(area, size, layout, &at, &node);) {
        bool counts =
            node.state == EASYFLASH_WRITTEN ||
            (node.state == EASYFLASH_DELETING && (!found || out->state == EASYFLASH_DELETING));
        if (node.crc_ok && counts && strcmp(node.name, name) == 0) {
            *out = node;
            found = true;
        }
    }
    return found;
}

void easyflash_format(uint8_t *area, size_t size, const struct easyflash_layout *l) {
    memset(area, 0xFF, size);
    for (size_t at = 0; at + EASYFLASH_SECTOR <= size; at += EASYFLASH_SECTOR) {
        size_t dirty = l->bits == 1 ? 1u : (size_t)STORE_STATES * l->bits / 8;
        write_state(l, area + at, SECTOR_EMPTY);
        write_state(l, area + at + dirty, 1);
        store_le32(area + at + l->sector_magic_at, MAGIC_SECTOR);
    }
}

/* First free place for `length` bytes in a sector, or 0. */
static size_t free_place(const uint8_t *area, size_t sector, const struct easyflash_layout *l,
                         size_t length) {
    struct easyflash_node node;
    size_t end = sector + EASYFLASH_SECTOR, place = sector + l->sector_header, at = place;
    while (at < end && easyflash_next(area, end, l, &at, &node))
        place = at;
    bool erased = bytes_inside(end, place, length) && bytes_all(area + place, length, 0xFF);
    return erased ? place : 0;
}

static void write_node(uint8_t *node, const struct easyflash_layout *l, const char *name,
                       const void *value, uint32_t length, size_t total) {
    uint8_t *fields = node + l->length_at;
    size_t name_length = strlen(name);
    if (l->node_magic_at != NO_MAGIC)
        store_le32(node + l->node_magic_at, MAGIC_NODE);
    store_le32(fields, (uint32_t)total);
    fields[NAME_LENGTH_AT] = (uint8_t)name_length;
    store_le32(fields + VALUE_LENGTH_AT, length);
    memcpy(fields + NAME_AT, name, name_length); // NOLINT(bugprone-not-null-terminated-result)
    memcpy(fields + NAME_AT + aligned(l, name_length), value, length);
    store_le32(fields + CRC_AT, node_crc(l, node, name_length, length));
    write_state(l, node, EASYFLASH_WRITTEN);
}

static void delete_older(uint8_t *area, size_t size, const struct easyflash_layout *l,
                         const char *name, size_t kept) {
    struct easyflash_node node;
    for (size_t at = 0; easyflash_next(area, size, l, &at, &node);)
        if (node.offset != kept && strcmp(node.name, name) == 0)
            write_state(l, area + node.offset, EASYFLASH_DELETED);
}

bool easyflash_put(uint8_t *area, size_t size, const struct easyflash_layout *l, const char *name,
                   const void *value, uint32_t length) {
    size_t name_length = strlen(name);
    size_t total = (size_t)l->length_at + NAME_AT + aligned(l, name_length) + aligned(l, length);
    if (name_length == 0 || name_length > EASYFLASH_NAME_MAX || length > EASYFLASH_SECTOR)
        return false;
    for (size_t sector = 0; sector + EASYFLASH_SECTOR <= size; sector += EASYFLASH_SECTOR) {
        size_t place = free_place(area, sector, l, total);
        if (!place)
            continue;
        write_state(l, area + sector, SECTOR_USING);
        write_node(area + place, l, name, value, length, total);
        delete_older(area, size, l, name, place);
        return true;
    }
    return false;
}

void easyflash_seal(uint8_t *area, size_t offset, const struct easyflash_layout *l) {
    uint8_t *node = area + offset, *fields = node + l->length_at;
    store_le32(fields + CRC_AT,
               node_crc(l, node, fields[NAME_LENGTH_AT], load_le32(fields + VALUE_LENGTH_AT)));
}
