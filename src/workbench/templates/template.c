/* Choosing a writer, and the warnings they share. */
#include "workbench/templates/template.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    enum status (*write)(const struct template_input *in, struct template_output *out);
} writers[TEMPLATE_KIND_COUNT] = {
    [TEMPLATE_OBK] = {"obk", template_obk},
    [TEMPLATE_ESPHOME] = {"esphome", template_esphome},
    [TEMPLATE_TASMOTA] = {"tasmota", template_tasmota},
};

int template_kind_find(const char *name) {
    for (int i = 0; i < TEMPLATE_KIND_COUNT; i++)
        if (text_same(writers[i].name, name))
            return i;
    return -1;
}

const char *template_kind_name(enum template_kind kind) {
    return writers[kind].name;
}

void template_start(struct template_output *out, char *buffer, size_t size) {
    out->text = text_start(buffer, size);
    out->warning_count = 0;
}

void template_warn(struct template_output *out, const char *format, ...) {
    if (out->warning_count == TEMPLATE_WARNINGS_MAX)
        return;
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(out->warnings[out->warning_count++], sizeof out->warnings[0], format,
                    arguments);
    va_end(arguments);
}

enum status template_write(enum template_kind kind, const struct template_input *in,
                           struct template_output *out) {
    enum status status = writers[kind].write(in, out);
    return status == STATUS_OK && out->text.truncated ? STATUS_NO_SPACE : status;
}
