/* UG: Tuya's over-the-air package (…_UG_….bin), a 32-byte big-endian header around a .rbl file.
 * Source: libretiny-eu/ltchiptool (soc/bk72xx/binary.py). */
#ifndef CODEC_BEKEN_UG_H
#define CODEC_BEKEN_UG_H
#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

enum { UG_HEADER_SIZE = 32, UG_VERSION_SIZE = 12 };

struct ug_header {
    char version[UG_VERSION_SIZE + 1];
    uint32_t payload_size; /* bytes */
    uint32_t payload_sum;  /* sum of the payload bytes, mod 2^32 */
};

/* Decodes the header and checks both sums against `data`, which holds the whole package. */
enum status ug_decode(const uint8_t *data, size_t size, struct ug_header *out, struct fault *fault);
/* Writes the 32-byte header for a payload. */
void ug_encode(const char *version, const uint8_t *payload, uint32_t size,
               uint8_t out[UG_HEADER_SIZE]);
#endif
