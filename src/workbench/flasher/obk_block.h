/* A configuration block for OpenBeken made on the workbench, so that a plug comes up configured the
 * first time it starts: pins and start-up command from a template of OpenBeken's web application,
 * network and names from a settings file. What the chip already holds is kept where nothing is
 * said. Firmware of this project takes the same block over at its first start.
 * Format of the template: OpenBekenIOT/webapp: schema.json. */
#ifndef WORKBENCH_FLASHER_OBK_BLOCK_H
#define WORKBENCH_FLASHER_OBK_BLOCK_H
#include "codec/openbeken/obk_config.h"

/* What the user wants, parsed once and checked. Plain data. */
enum { OBK_WISH_TEXTS = 24 };
struct obk_wish {
    bool has_pins, has_flags, has_mqtt_port, has_calibration;
    struct obk_pin pins[OBK_PINS_MAX];
    uint32_t flags;
    int32_t mqtt_port;
    float calibration[3]; /* of the meter: V, A, W */
    char startup[OBK_STARTUP_SIZE + 1];
    bool has_startup;
    bool has_text[OBK_WISH_TEXTS];
    char text[OBK_WISH_TEXTS][257]; /* by row of the table of settings; "{label}" is replaced */
};

/* Reads a template and a settings file, either may be NULL. False with one line in `why`. */
bool obk_wish_read(const char *template_path, const char *settings_path, struct obk_wish *out,
                   char *why, size_t why_size);
/* Lists the names that a settings file may use, separated by blanks. */
void obk_wish_names(char *out, size_t size);
/* Makes the block for `chip` in `block` (OBK_CONFIG_SIZE bytes): over what `present` holds when
 * that is a configuration, else over defaults from the MAC (NULL: refused). `why` gets a summary
 * without secrets, or on false the reason. */
bool obk_block_make(const struct obk_wish *wish, const char *chip, const uint8_t *mac,
                    const char *label, const uint8_t *present, uint8_t *block, char *why,
                    size_t why_size);
#endif
