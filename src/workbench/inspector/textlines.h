/* Line-by-line forms of a configuration: `,key: is value` and `IO - relay[0]: pin-18 type high` of
 * boot logs, and the description in words from a forum. Each adds members to the configuration. */
#ifndef WORKBENCH_INSPECTOR_TEXTLINES_H
#define WORKBENCH_INSPECTOR_TEXTLINES_H
#include "workbench/inspector/textsource.h"

/* A piece of text that needs no NUL. */
struct span_text {
    const char *text;
    size_t size;
};

/* First place of a word, or NULL. */
const char *span_find(struct span_text span, const char *word);

/* textcut.c: the text after "pConfig", "json cfg" and the like, when the log call cut it: whatever
 * of it is whole. */
bool textlines_cut(struct span_text all, struct tuya_config *config, struct text_finding *finding);
/* textlines_log.c: `,key: is value`; `IO - relay[0]: pin-18 type high`. */
bool textlines_key_is(struct span_text all, struct tuya_config *config,
                      struct text_finding *finding);
bool textlines_io(struct span_text all, struct tuya_config *config, struct text_finding *finding);
/* textlines_words.c: "Relay (channel 1) on P26". */
bool textlines_description(struct span_text all, struct tuya_config *config,
                           struct text_finding *finding);
#endif
