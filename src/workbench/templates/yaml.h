/* Block-style YAML in sections: parts of a device add items to any section at any time; at the end
 * the sections appear in the order of their first use. */
#ifndef WORKBENCH_TEMPLATES_YAML_H
#define WORKBENCH_TEMPLATES_YAML_H
#include "base/text.h"
#include <stdbool.h>
#include <stddef.h>

#define YAML_SECTIONS_MAX 32
#define YAML_SECTION_SIZE 8192

struct yaml_section {
    char name[24];
    struct text body;
    char buffer[YAML_SECTION_SIZE];
};
struct yaml {
    struct yaml_section *sections; /* YAML_SECTIONS_MAX of them, from the caller */
    size_t count;
};

/* Adds formatted lines (each ended by '\n', indented by the caller) to a section. */
void yaml_add(struct yaml *yaml, const char *section, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Copies foreign text so that it can stand between double quotes: no quotes, backslashes, line
 * ends. Returns out. */
const char *yaml_plain(char *out, size_t size, const char *from);
bool yaml_has(const struct yaml *yaml, const char *section);
/* Writes all sections, a blank line before each but the first. */
void yaml_write(const struct yaml *yaml, struct text *out);
#endif
