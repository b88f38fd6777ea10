/* Sections as text buffers. */
#include "workbench/templates/yaml.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static struct yaml_section *section_find(const struct yaml *yaml, const char *name) {
    for (size_t i = 0; i < yaml->count; i++)
        if (strcmp(yaml->sections[i].name, name) == 0)
            return &yaml->sections[i];
    return NULL;
}

static struct yaml_section *section_open(struct yaml *yaml, const char *name) {
    struct yaml_section *found = section_find(yaml, name);
    if (found || yaml->count == YAML_SECTIONS_MAX)
        return found;
    found = &yaml->sections[yaml->count++];
    (void)snprintf(found->name, sizeof found->name, "%s", name);
    found->body = text_start(found->buffer, sizeof found->buffer);
    return found;
}

void yaml_add(struct yaml *yaml, const char *section, const char *format, ...) {
    struct yaml_section *found = section_open(yaml, section);
    char line[1024];
    if (!found)
        return;
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    text_add(&found->body, line);
}

bool yaml_has(const struct yaml *yaml, const char *section) {
    return section_find(yaml, section) != NULL;
}

void yaml_write(const struct yaml *yaml, struct text *out) {
    for (size_t i = 0; i < yaml->count; i++) {
        if (out->length)
            text_char(out, '\n');
        text_add(out, yaml->sections[i].name);
        text_add(out, ":\n");
        text_add(out, yaml->sections[i].buffer);
        if (yaml->sections[i].body.truncated)
            out->truncated = true;
    }
}

const char *yaml_plain(char *out, size_t size, const char *from) {
    struct text text = text_start(out, size);
    for (; *from; from++) {
        bool awkward = *from == '"' || *from == '\\' || (unsigned char)*from < 0x20;
        text_char(&text, awkward ? ' ' : *from);
    }
    return out;
}
