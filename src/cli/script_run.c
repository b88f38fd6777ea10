/* The timeline of a script; see script_run.h. */
#include "cli/script_run.h"

#include "base/text.h"
#include "cli/load_view.h"
#include "cli/plug_view.h"

#include <stdlib.h>
#include <string.h>

enum { PRESSES = 64, CLICK_MS = 150, STEP_MS = 100, DEFAULT_MS = 3600000 };

struct press {
    unsigned pin;
    uint64_t at_ms;
    uint32_t for_ms;
};

/* "P24@5m", "P24@5m+2s": a finger at a time, for a time. */
static bool press_read(const struct plug *plug, const char *text, struct press *out) {
    char copy[80];
    uint64_t length = CLICK_MS;
    snprintf(copy, sizeof copy, "%s", text);
    char *at = strchr(copy, '@'), *plus = at ? strchr(at, '+') : NULL;
    if (!at)
        return false;
    *at++ = 0;
    if (plus)
        *plus++ = 0;
    int pin = text_lower(copy[0]) == 'p' && text_is_digit(copy[1])
                  ? (int)strtol(copy + 1, NULL, 10)
                  : board_pin_find(&plug->device, copy);
    if (pin < 0 || pin >= plug->device.hal.chip.pins || !cli_read_time(at, 1000, &out->at_ms) ||
        (plus && !cli_read_time(plus, 1000, &length)) || length > UINT32_MAX)
        return false;
    out->pin = (unsigned)pin;
    out->for_ms = (uint32_t)length;
    return true;
}

static int earlier(const void *a, const void *b) {
    const struct press *x = a, *y = b;
    return x->at_ms < y->at_ms ? -1 : x->at_ms > y->at_ms;
}

static void print_log(void *context, enum log_level level, const char *module, const char *text) {
    const struct plug *plug = context;
    uint64_t ms = plug_now_ms(plug);
    if (level > LOG_WARN && strcmp(module, "echo") != 0)
        return;
    printf("%3u:%02u:%02u.%02u  %s: %s\n", (unsigned)(ms / 3600000), (unsigned)(ms / 60000 % 60),
           (unsigned)(ms / 1000 % 60), (unsigned)(ms / 10 % 100), module, text);
}

struct timeline {
    struct plug_timeline changes;
    struct load_view load;
};

static void go(struct plug *plug, struct timeline *line, uint64_t until_ms) {
    while (plug_now_ms(plug) < until_ms) {
        uint64_t left = until_ms - plug_now_ms(plug);
        plug_run_fast(plug, left < STEP_MS ? left : STEP_MS);
        plug_timeline_changes(&line->changes, plug, stdout);
        load_view_follow(&line->load, plug, stdout);
    }
}

enum cli_exit script_run(const struct cli_args *args, struct plug *plug) {
    struct press presses[PRESSES];
    unsigned count = 0;
    uint64_t length = DEFAULT_MS, start = plug_now_ms(plug);
    struct timeline line = {.changes.counting = -1};
    const char *text;
    if (!cli_time(args, "for", 1000, 1, UINT64_MAX, &length))
        return CLI_USAGE;
    for (; (text = cli_get_nth(args, "press", (int)count)) != NULL; count++)
        if (count == PRESSES || !press_read(plug, text, &presses[count]))
            return cli_fail(args, CLI_USAGE,
                            "--press %s: written like P24@5m or P24@5m+2s, with a pin of the %s",
                            text, plug->device.hal.chip.name);
    qsort(presses, count, sizeof *presses, earlier);
    plug->device.log.sink = (struct log_sink){print_log, plug};
    plug_view_start(&line.changes.view, plug);
    plug_restart(plug, HAL_RESET_POWER);
    load_view_start(&line.load, plug);
    plug_timeline_changes(&line.changes, plug, stdout);
    for (unsigned i = 0; i < count && presses[i].at_ms < length; i++) {
        go(plug, &line, start + presses[i].at_ms);
        printf("             a finger on P%u\n", presses[i].pin);
        plug_press(plug, presses[i].pin, presses[i].for_ms);
    }
    go(plug, &line, start + length);
    plug_timeline_end(&line.changes, plug, stdout);
    if (plug_truth(plug))
        load_view_print(&line.load, plug, stdout);
    plug_view_state(plug, stdout);
    return CLI_OK;
}
