/* Text instead of a dump: a saved boot log (stock firmware prints its pins in several forms), a
 * pasted user_param_key in any spelling, or the "Device configuration, as extracted from Tuya"
 * listing from a forum. All become the same configuration, with the evidence it came from. */
#ifndef WORKBENCH_INSPECTOR_TEXTSOURCE_H
#define WORKBENCH_INSPECTOR_TEXTSOURCE_H
#include "codec/tuya/config.h"

enum text_source {
    TEXT_SOURCE_NONE,        /* not text, or nothing known in it */
    TEXT_SOURCE_JSON,        /* user_param_key, bare or as JSON, maybe inside a larger object */
    TEXT_SOURCE_DESCRIPTION, /* the listing in words */
    TEXT_SOURCE_BOOT_LOG     /* lines printed by stock firmware */
};

struct text_finding {
    enum text_source source;
    size_t line;        /* first line of the evidence, from 1 */
    const char *form;   /* "uf read string", "pConfig", "IO lines", … */
    size_t pins_in_log; /* pins found */
    bool secrets;       /* the text holds keys, a MAC or an SSID that should not be published */
};

/* Does it look like text at all (no NUL, mostly printable)? */
bool text_source_is_text(const uint8_t *data, size_t size);
/* Recognises and reads; config is started and finished here. False when nothing was found. */
bool text_source_read(const uint8_t *data, size_t size, struct tuya_config *config,
                      struct text_finding *finding);
const char *text_source_name(enum text_source source);
#endif
