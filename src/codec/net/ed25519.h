/* Ed25519 (RFC 8032): checking signatures of firmware. Only public values take part, so nothing
 * here is constant in time; signing is done elsewhere. */
#ifndef CODEC_NET_ED25519_H
#define CODEC_NET_ED25519_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

bool ed25519_verify(const uint8_t signature[64], const void *message, size_t size,
                    const uint8_t key[32]);
#endif
