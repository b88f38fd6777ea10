/* Colour and width of a terminal. */
#include "workbench/host/term.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { NARROWEST = 40, WIDEST = 200, USUAL = 100 };

bool term_colour(FILE *stream, const char *choice) {
    if (choice && strcmp(choice, "auto") != 0)
        return strcmp(choice, "always") == 0;
    const char *none = getenv("NO_COLOR"), *kind = getenv("TERM");
    return isatty(fileno(stream)) && !(none && *none) && !(kind && strcmp(kind, "dumb") == 0);
}

int term_width(FILE *stream) {
    struct winsize size;
    if (!isatty(fileno(stream)) || ioctl(fileno(stream), TIOCGWINSZ, &size) != 0 || !size.ws_col)
        return USUAL;
    return size.ws_col < NARROWEST ? NARROWEST : size.ws_col > WIDEST ? WIDEST : size.ws_col;
}

const char *term_style(bool colour, enum term_style style) {
    static const char *const codes[] = {"\033[0m",  "\033[1m",  "\033[2m", "\033[32m",
                                        "\033[31m", "\033[33m", "\033[36m"};
    return colour ? codes[style] : "";
}
