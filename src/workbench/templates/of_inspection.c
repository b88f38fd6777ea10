/* Choosing the source of a template; see of_inspection.h. */
#include "workbench/templates/of_inspection.h"

#include "workbench/templates/from_openbeken.h"
#include "workbench/templates/of_recovery.h"

#include <stdlib.h>

static enum status of_openbeken(enum template_kind kind, const struct inspection *in,
                                struct template_output *out) {
    struct template_input input = {.chip = in->chip};
    if (kind == TEMPLATE_OBK)
        return template_obk_of_block(&in->openbeken, &input, out);
    struct tuya_config *config = malloc(sizeof *config);
    if (!config)
        return STATUS_NO_SPACE;
    tuya_config_start(config);
    template_from_openbeken(&in->openbeken, config, out);
    input.config = config;
    enum status status = template_write(kind, &input, out);
    free(config);
    return status;
}

enum status template_of_inspection(enum template_kind kind, const struct inspection *in,
                                   struct template_output *out) {
    if (in->openbeken_found && !in->config_found)
        return of_openbeken(kind, in, out);
    const struct template_input input = {.config = &in->config,
                                         .chip = in->chip,
                                         .schema = in->schema,
                                         .schema_count = in->schema_count,
                                         .factors =
                                             in->meter_calibrated ? &in->meter_factors : NULL};
    enum status status = template_write(kind, &input, out);
    if (!status)
        template_of_recovery(kind, in, out);
    return status;
}
