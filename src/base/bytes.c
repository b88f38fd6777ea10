/* Scanning of byte ranges: is it all one value, where does a pattern stand. */
#include "base/bytes.h"

bool bytes_all(const uint8_t *data, size_t size, uint8_t value) {
    return size == 0 || (data[0] == value && memcmp(data, data + 1, size - 1) == 0);
}

size_t bytes_find(const uint8_t *data, size_t size, size_t from, const void *needle,
                  size_t length) {
    const uint8_t *pattern = needle;
    if (length == 0 || length > size)
        return SIZE_MAX;
    for (size_t last = size - length; from <= last; from++) {
        const uint8_t *hit = memchr(data + from, pattern[0], last - from + 1);
        if (!hit)
            return SIZE_MAX;
        from = (size_t)(hit - data);
        if (memcmp(hit, pattern, length) == 0)
            return from;
    }
    return SIZE_MAX;
}
