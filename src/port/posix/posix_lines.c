/* Lines through libgpiod; see posix_lines.h. */
#include "port/posix/posix_lines.h"

#ifdef PLUGSMITH_GPIOD
#include <gpiod.h>
#include <stdlib.h>

enum { LINES = 64 };

struct posix_lines {
    struct gpiod_chip *chip;
    unsigned count, next;
    struct {
        struct gpiod_line *line;
        uint8_t mode; /* enum hal_pin_mode */
        bool level;   /* driven last */
    } lines[LINES];
};

struct posix_lines *posix_lines_open(const char *chip) {
    struct posix_lines *lines = calloc(1, sizeof *lines);
    if (lines)
        lines->chip = gpiod_chip_open_lookup(chip);
    if (lines && lines->chip) {
        unsigned count = gpiod_chip_num_lines(lines->chip);
        lines->count = count < LINES ? count : (unsigned)LINES;
        return lines;
    }
    free(lines);
    return NULL;
}

void posix_lines_close(struct posix_lines *lines) {
    if (lines)
        gpiod_chip_close(lines->chip); /* gives the lines back */
    free(lines);
}

unsigned posix_lines_count(const struct posix_lines *lines) {
    return lines->count;
}

static bool request(struct gpiod_line *line, enum hal_pin_mode mode, bool level) {
    struct gpiod_line_request_config c = {.consumer = "plugsmith"};
    c.request_type = mode == HAL_PIN_OUTPUT ? GPIOD_LINE_REQUEST_DIRECTION_OUTPUT
                                            : GPIOD_LINE_REQUEST_EVENT_BOTH_EDGES;
    if (mode == HAL_PIN_INPUT_PULL_UP)
        c.flags = GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_UP;
    else if (mode == HAL_PIN_INPUT_PULL_DOWN)
        c.flags = GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_DOWN;
    if (gpiod_line_request(line, &c, level) == 0)
        return true;
    c.flags = 0; /* a controller without bias: the board has resistors, or not */
    return gpiod_line_request(line, &c, level) == 0;
}

void posix_lines_mode(struct posix_lines *lines, unsigned pin, enum hal_pin_mode mode) {
    if (pin >= lines->count || lines->lines[pin].mode == mode)
        return;
    if (lines->lines[pin].mode != HAL_PIN_OFF)
        gpiod_line_release(lines->lines[pin].line);
    lines->lines[pin].mode = HAL_PIN_OFF;
    if (!lines->lines[pin].line)
        lines->lines[pin].line = gpiod_chip_get_line(lines->chip, pin);
    if (mode != HAL_PIN_OFF && lines->lines[pin].line &&
        request(lines->lines[pin].line, mode, lines->lines[pin].level))
        lines->lines[pin].mode = (uint8_t)mode;
}

void posix_lines_write(struct posix_lines *lines, unsigned pin, bool level) {
    if (pin >= lines->count)
        return;
    lines->lines[pin].level = level;
    if (lines->lines[pin].mode == HAL_PIN_OUTPUT)
        gpiod_line_set_value(lines->lines[pin].line, level);
}

bool posix_lines_read(const struct posix_lines *lines, unsigned pin) {
    return pin < lines->count && lines->lines[pin].mode != HAL_PIN_OFF &&
           gpiod_line_get_value(lines->lines[pin].line) > 0;
}

bool posix_lines_edge(struct posix_lines *lines, unsigned *pin, bool *level, uint64_t *at_us) {
    static const struct timespec at_once = {0, 0};
    struct gpiod_line_event event;
    for (unsigned i = 0; i < lines->count; i++) {
        unsigned n = (lines->next + i) % lines->count;
        if (lines->lines[n].mode == HAL_PIN_OFF || lines->lines[n].mode == HAL_PIN_OUTPUT ||
            gpiod_line_event_wait(lines->lines[n].line, &at_once) != 1 ||
            gpiod_line_event_read(lines->lines[n].line, &event) != 0)
            continue;
        lines->next = n + 1;
        *pin = n;
        *level = event.event_type == GPIOD_LINE_EVENT_RISING_EDGE;
        *at_us = (uint64_t)event.ts.tv_sec * 1000000 + (uint64_t)event.ts.tv_nsec / 1000;
        return true;
    }
    return false;
}
#else
struct posix_lines *posix_lines_open(const char *chip) {
    (void)chip;
    return NULL;
}
void posix_lines_close(struct posix_lines *lines) {
    (void)lines;
}
unsigned posix_lines_count(const struct posix_lines *lines) {
    (void)lines;
    return 0;
}
void posix_lines_mode(struct posix_lines *lines, unsigned pin, enum hal_pin_mode mode) {
    (void)lines, (void)pin, (void)mode;
}
void posix_lines_write(struct posix_lines *lines, unsigned pin, bool level) {
    (void)lines, (void)pin, (void)level;
}
bool posix_lines_read(const struct posix_lines *lines, unsigned pin) {
    (void)lines, (void)pin;
    return false;
}
bool posix_lines_edge(struct posix_lines *lines, unsigned *pin, bool *level, uint64_t *at_us) {
    (void)lines, (void)pin, (void)level, (void)at_us;
    return false;
}
#endif
