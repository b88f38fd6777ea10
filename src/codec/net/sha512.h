/* SHA-512 (FIPS 180-4) of up to three pieces at once. */
#ifndef CODEC_NET_SHA512_H
#define CODEC_NET_SHA512_H
#include "base/bytes.h"

void sha512_of(const struct span *pieces, unsigned count, uint8_t digest[64]);
#endif
