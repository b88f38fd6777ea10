/* A growing list of text lines. */
#include "workbench/inspector/inspection.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void lines_add(struct lines *lines, const char *format, ...) {
    char *text = NULL;
    va_list list;
    va_start(list, format);
    int length = vasprintf(&text, format, list);
    va_end(list);
    if (length < 0)
        return;
    if (lines->count == lines->room) {
        size_t room = lines->room ? 2 * lines->room : 16;
        char **grown = realloc(lines->line, room * sizeof *grown);
        if (!grown) {
            free(text);
            return;
        }
        lines->line = grown;
        lines->room = room;
    }
    lines->line[lines->count++] = text;
}

void lines_free(struct lines *lines) {
    for (size_t i = 0; i < lines->count; i++)
        free(lines->line[i]);
    free(lines->line);
    *lines = (struct lines){0};
}
