/* Templates from OpenBeken's own configuration block. */
#ifndef WORKBENCH_TEMPLATES_FROM_OPENBEKEN_H
#define WORKBENCH_TEMPLATES_FROM_OPENBEKEN_H
#include "codec/openbeken/obk_config.h"
#include "workbench/templates/template.h"

/* The block's pins, flags and start-up command as template for OpenBeken. */
enum status template_obk_of_block(const struct obk_config *block, const struct template_input *in,
                                  struct template_output *out);
/* Adds to `config` the stock keys that mean what the block's pins do; a role that no stock key
 * expresses gives a warning. */
void template_from_openbeken(const struct obk_config *block, struct tuya_config *config,
                             struct template_output *out);
#endif
