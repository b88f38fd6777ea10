/* Reading and writing integers in a byte order that the machine's own does not influence, and a
 * pair of pointer and length for pieces of an image. Callers check bounds; a `struct span` makes
 * that one comparison. */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct span {
    const uint8_t *data;
    size_t size;
};

static inline uint16_t load_le16(const uint8_t *p) {
    return (uint16_t)(p[0] | p[1] << 8);
}
static inline uint32_t load_le32(const uint8_t *p) {
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}
static inline uint64_t load_le64(const uint8_t *p) {
    return load_le32(p) | (uint64_t)load_le32(p + 4) << 32;
}
static inline uint16_t load_be16(const uint8_t *p) {
    return (uint16_t)(p[0] << 8 | p[1]);
}
static inline uint32_t load_be32(const uint8_t *p) {
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | (uint32_t)p[3];
}
static inline void store_le16(uint8_t *p, uint16_t v) {
    p[0] = (uint8_t)v;
    p[1] = (uint8_t)(v >> 8);
}
static inline void store_le32(uint8_t *p, uint32_t v) {
    store_le16(p, (uint16_t)v);
    store_le16(p + 2, (uint16_t)(v >> 16));
}
static inline void store_le64(uint8_t *p, uint64_t v) {
    store_le32(p, (uint32_t)v);
    store_le32(p + 4, (uint32_t)(v >> 32));
}
static inline void store_be16(uint8_t *p, uint16_t v) {
    p[0] = (uint8_t)(v >> 8);
    p[1] = (uint8_t)v;
}
static inline void store_be32(uint8_t *p, uint32_t v) {
    store_be16(p, (uint16_t)(v >> 16));
    store_be16(p + 2, (uint16_t)v);
}

/* True when `length` bytes from `offset` lie inside `size` bytes; safe against overflow. */
static inline bool bytes_inside(size_t size, size_t offset, size_t length) {
    return offset <= size && length <= size - offset;
}

/* True when every one of the `size` bytes equals `value` (erased flash: 0xFF). */
bool bytes_all(const uint8_t *data, size_t size, uint8_t value);

/* First place of `needle` in `data` at or after `from`, or SIZE_MAX. */
size_t bytes_find(const uint8_t *data, size_t size, size_t from, const void *needle, size_t length);
#endif
