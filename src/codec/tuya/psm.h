/* PSM, the store of ESP8266 based Tuya devices: a sector that starts with "PSM1", then key=value
 * texts separated by NUL or FF. It is plain, or AES-128-ECB under a key of which one byte (taken
 * from the MAC address) is unknown. Source: openshwprojects/BK7231GUIFlashTool (TuyaConfig.cs). */
#ifndef CODEC_TUYA_PSM_H
#define CODEC_TUYA_PSM_H
#include "codec/tuya/key_block.h"

#include <stdbool.h>

#define PSM_MAGIC "PSM1"

struct psm_pair {
    const char *key, *value; /* not terminated */
    size_t key_size, value_size;
};
/* Reads the pair at or after *at; false at the end. */
bool psm_next(const uint8_t *data, size_t size, size_t *at, struct psm_pair *out);
/* Is this a name that Tuya's firmware uses? */
bool psm_name_known(const char *key, size_t size);
/* Does the sector start a store or continue one? */
bool psm_sector_belongs(const uint8_t *sector, size_t size);
/* True when the pairs of these bytes look like a store: 3 with a known name, or 10 in all. */
bool psm_plausible(const uint8_t *data, size_t size);
/* The key with its unknown byte filled in. */
void psm_key(uint8_t unknown, uint8_t out[STORAGE_KEY_SIZE]);
/* Appends a pair at *at (start with 0: writes the magic first); false when it does not fit. */
bool psm_put(uint8_t *data, size_t size, size_t *at, const char *key, const char *value);
#endif
