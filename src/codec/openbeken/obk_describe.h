/* An OpenBeken configuration in words: names, network, pins, start-up command, flags. Passwords and
 * network names are masked unless they shall be revealed. */
#ifndef CODEC_OPENBEKEN_OBK_DESCRIBE_H
#define CODEC_OPENBEKEN_OBK_DESCRIBE_H
#include "codec/openbeken/obk_config.h"

/* Calls `line` for every line. */
void obk_config_describe(const struct obk_config *config, bool reveal,
                         void (*line)(void *context, const char *text), void *context);
/* Number of secrets the block holds (network names, passwords). */
unsigned obk_config_secrets(const struct obk_config *config);
#endif
