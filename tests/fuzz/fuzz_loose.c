/* The tolerant grammar and everything that reads a configuration text: description, roles,
 * templates, drawing. Whatever a text holds, the JSON written from it must parse again. */
#include "codec/tuya/config.h"
#include "codec/tuya/describe.h"
#include "codec/tuya/loose.h"
#include "codec/tuya/schema.h"
#include "workbench/modules/module_draw.h"
#include "workbench/templates/template.h"
#include <stdlib.h>
#include <string.h>

static struct loose_node nodes[TUYA_NODES_MAX];
static struct tuya_config config;
static char buffer[TEMPLATE_TEXT_SIZE];

static void swallow(void *context, const char *text) {
    *(size_t *)context += strlen(text);
}

static void writers(void) {
    static struct template_output output;
    struct template_input in = {.config = &config};
    for (int kind = 0; kind < TEMPLATE_KIND_COUNT; kind++) {
        template_start(&output, buffer, sizeof buffer);
        (void)template_write((enum template_kind)kind, &in, &output);
    }
    struct pin_uses *uses = calloc(1, sizeof *uses);
    if (!uses)
        return;
    pin_uses_of_config(uses, &config);
    const struct module *module = module_find(config.module);
    struct text out = text_start(buffer, sizeof buffer);
    if (module)
        module_svg(module, uses, &out);
    free(uses);
}

static void json_again(void) {
    struct text out = text_start(buffer, sizeof buffer);
    size_t members = config.member_count;
    tuya_config_json(&config, &out);
    if (out.truncated)
        return;
    tuya_config_start(&config);
    if (tuya_config_read(&config, buffer, out.length, nodes, NULL) != STATUS_OK ||
        config.member_count > members)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    size_t length = 0;
    const struct line_sink sink = {swallow, &length};
    const char *text = (const char *)data;
    tuya_config_start(&config);
    if (tuya_config_read(&config, text, size, nodes, NULL) == STATUS_OK) {
        struct tuya_gui_roles roles;
        tuya_config_finish(&config);
        tuya_describe(&config, 0x1EE000, &sink);
        tuya_describe_more(&config, &sink);
        tuya_gui_roles(&config, &roles);
        writers();
        json_again();
    }
    struct schema_datapoint rows[8];
    bool truncated;
    (void)schema_read(text, size, nodes, TUYA_NODES_MAX, rows, 8, &truncated);
    return 0;
}
