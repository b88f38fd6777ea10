/* The older generation of configurations keeps switches as nested objects under `sw`
 * (`{"sw":{"ch":[{"rl":{"pin":{"value":26}}}]}}`). They are flattened into the names of the newer
 * one. Rule of names: libretiny-eu/upk2esphome. */
#ifndef CODEC_TUYA_FLATTEN_H
#define CODEC_TUYA_FLATTEN_H
#include "codec/tuya/config.h"
#include "codec/tuya/loose.h"

/* Adds all leaves below root to config under their new names, sorted by key. */
void tuya_flatten(struct tuya_config *config, const struct loose_tree *tree,
                  const struct loose_node *root);
#endif
