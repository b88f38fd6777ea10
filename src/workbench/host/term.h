/* What a report may use of the terminal it is shown on: colour and width. */
#ifndef WORKBENCH_HOST_TERM_H
#define WORKBENCH_HOST_TERM_H
#include <stdbool.h>
#include <stdio.h>

enum term_style { TERM_PLAIN, TERM_BOLD, TERM_DIM, TERM_GOOD, TERM_BAD, TERM_WARN, TERM_BLUE };

/* Colour is used when `choice` is "always", or "auto" (also NULL), the stream is a terminal,
 * NO_COLOR is not set and TERM is not "dumb" (https://no-color.org). */
bool term_colour(FILE *stream, const char *choice);
/* Columns of the stream, 100 when it is no terminal; between 40 and 200. */
int term_width(FILE *stream);
/* The escape sequence of a style, "" without colour. TERM_PLAIN ends every style. */
const char *term_style(bool colour, enum term_style style);
#endif
