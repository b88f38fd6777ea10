/* The console of the virtual plug. Lines are commands for the device; lines that begin with a colon
 * are for the world around it (a finger, the mains, the load). On a terminal single keys press the
 * first button: Ctrl-B clicks, Ctrl-L holds, Ctrl-P cuts the mains and restores it. */
#include "cli/sim_console.h"

#include "base/text.h"
#include "cli/plug_view.h"
#include "device/command/command.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum {
    LINE = 4096,
    WAIT_MS = 20,
    CLICK_MS = 150,
    HOLD_MS = 2000,
    KEY_B = 2,
    KEY_D = 4,
    KEY_L = 12,
    KEY_P = 16
};

struct console {
    struct plug *plug;
    struct plug_view view;
    char line[LINE];
    size_t length;
    bool terminal, done, deaf; /* deaf: input has ended, the network has not */
    struct posix_net *net;     /* NULL: no network */
};

static void log_print(void *context, enum log_level level, const char *module, const char *text) {
    static const char *const names[] = {"error", "warning", "info", "debug"};
    (void)context;
    printf("  [%s %s] %s\n", names[level], module, text);
}

static const char *result_text(enum command_result result) {
    static const char *const texts[] = {"OK",
                                        "Unknown command",
                                        "Not enough arguments for this command",
                                        "No command entered",
                                        "Bad argument",
                                        "Command found but returned error"};
    return (unsigned)result < sizeof texts / sizeof *texts ? texts[result] : "Unknown error";
}

static int first_button(const struct plug *plug) {
    for (unsigned pin = 0; pin < plug->device.hal.chip.pins; pin++)
        if (board_is_button(board_role(&plug->device, pin)))
            return (int)pin;
    return -1;
}

static void press(struct console *c, int pin, uint32_t ms) {
    if (pin < 0)
        printf("  this plug has no button; name a pin: :press P24 200\n");
    else
        plug_press(c->plug, (unsigned)pin, ms);
}

static double duration_ms(const char *text) {
    char *end;
    double value = strtod(text, &end);
    switch (*end) {
    case 'h':
        return value * 3.6e6;
    case 'm':
        return end[1] == 's' ? value : value * 6e4;
    case 's':
        return value * 1e3;
    default:
        return *end ? 0 : value * 1e3;
    }
}

static void run(struct console *c, double ms) {
    uint64_t left = ms > 0 && ms < 1e12 ? (uint64_t)ms : 0;
    while (left) {
        uint64_t part = left < 1000 ? left : 1000;
        plug_run_fast(c->plug, part);
        plug_view_changes(&c->view, c->plug, stdout);
        left -= part;
    }
}

static void help(void) {
    printf("  lines are commands of the plug; :press [PIN [MS]], :pin PIN 0|1, :run TIME (10m), "
           ":load \"0m 60W; 20m 3W\",\n  :power (off and on), :crash, :state, :log, :quit\n");
}

static void world(struct console *c, char *line) {
    char *argument = line + strcspn(line, " ");
    if (*argument)
        *argument++ = 0;
    int pin = *argument ? board_pin_find(&c->plug->device, strtok(argument, " ")) : -1;
    char *second = pin >= 0 ? strtok(NULL, " ") : NULL;
    if (strcmp(line, ":press") == 0) {
        press(c, pin >= 0 ? pin : first_button(c->plug),
              second ? (uint32_t)strtoul(second, NULL, 10) : CLICK_MS);
    } else if (strcmp(line, ":pin") == 0 && second) {
        plug_pin_set(c->plug, (unsigned)pin, *second == '1');
    } else if (strcmp(line, ":power") == 0) {
        plug_restart(c->plug, HAL_RESET_POWER);
    } else if (strcmp(line, ":crash") == 0) {
        plug_restart(c->plug, HAL_RESET_CRASH);
    } else if (strcmp(line, ":run") == 0 && *argument) {
        run(c, duration_ms(argument));
    } else if (strcmp(line, ":state") == 0) {
        plug_view_state(c->plug, stdout);
    } else if (strcmp(line, ":log") == 0) {
        char text[DEVICE_LOG_RING + 1];
        device_log_read(&c->plug->device, text, sizeof text);
        fputs(text, stdout);
    } else if (strcmp(line, ":quit") == 0) {
        c->done = true;
    } else {
        help();
    }
}

static void perform(struct console *c) {
    c->line[c->length] = 0;
    c->length = 0;
    char *line = c->line + strspn(c->line, " \t");
    if (strncmp(line, ":load ", 6) == 0) {
        if (plug_set_load(c->plug, line + 6) != STATUS_OK)
            printf("  a load is written like: 0m 60W; 20m 3W\n");
    } else if (*line == ':') {
        world(c, line);
    } else if (*line) {
        enum command_result result = command_run(&c->plug->device, line, COMMAND_FROM_CONSOLE);
        printf("  %s\n", result_text(result));
        c->plug->wake_ms = 0;
    }
    plug_view_changes(&c->view, c->plug, stdout);
}

static void key(struct console *c, char k) {
    switch (k) {
    case KEY_B:
        press(c, first_button(c->plug), CLICK_MS);
        return;
    case KEY_L:
        press(c, first_button(c->plug), HOLD_MS);
        return;
    case KEY_P:
        plug_restart(c->plug, HAL_RESET_POWER);
        return;
    case KEY_D:
        c->done |= c->length == 0 && c->terminal;
        return;
    case 127:
    case 8:
        if (c->length) {
            c->length--;
            fputs("\b \b", stdout);
        }
        return;
    case '\r':
    case '\n':
        if (c->terminal)
            putchar('\n');
        perform(c);
        return;
    default:
        if (c->length < LINE - 1 && (unsigned char)k >= ' ') {
            c->line[c->length++] = k;
            if (c->terminal)
                putchar(k);
        }
    }
}

static double seconds_now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void input(struct console *c, int timeout_ms) {
    struct pollfd in = {STDIN_FILENO, POLLIN, 0};
    char bytes[256];
    if (poll(&in, 1, timeout_ms) <= 0)
        return;
    ssize_t got = read(STDIN_FILENO, bytes, sizeof bytes);
    for (ssize_t i = 0; i < got && !c->done; i++)
        key(c, bytes[i]);
    if (got <= 0) {
        if (c->length)
            perform(c);
        c->done = !c->net;
        c->deaf = true;
    }
}

/* Waits for what comes first: network, input (looked at every 20 ms) or the next frame. */
static void wait_some(struct console *c, double *looked) {
    double now = seconds_now();
    if (!c->net) {
        input(c, WAIT_MS);
        return;
    }
    posix_net_wait(c->net, c->plug->wake_ms <= plug_now_ms(c->plug) ? 1 : PLUG_FRAME_MS);
    sim_net_deliver(c->net);
    if (!c->deaf && now - *looked > WAIT_MS / 1000.0) {
        *looked = now;
        input(c, 0);
    }
    c->done |= sim_net_stopped();
}

static void loop(struct console *c, double speed) {
    double last = seconds_now(), owed_ms = 0, looked = 0;
    while (!c->done) {
        wait_some(c, &looked);
        double now = seconds_now();
        owed_ms += (now - last) * 1000 * speed;
        last = now;
        if (owed_ms >= PLUG_FRAME_MS) {
            uint64_t ms = (uint64_t)owed_ms / PLUG_FRAME_MS * PLUG_FRAME_MS;
            plug_run_fast(c->plug, ms);
            owed_ms -= (double)ms;
            plug_view_changes(&c->view, c->plug, stdout);
            fflush(stdout);
        }
    }
}

static int console(struct plug *plug, struct posix_net *net, double speed) {
    struct console *c = calloc(1, sizeof *c);
    struct termios before;
    if (!c)
        return 1;
    c->plug = plug;
    c->net = net;
    c->terminal = isatty(STDIN_FILENO) && tcgetattr(STDIN_FILENO, &before) == 0;
    plug->device.log.sink.line = log_print;
    plug_view_state(plug, stdout);
    help();
    if (c->terminal) {
        struct termios raw = before;
        raw.c_lflag &= (tcflag_t) ~(ICANON | ECHO);
        tcsetattr(STDIN_FILENO, TCSANOW, &raw);
        printf("  keys: Ctrl-B click, Ctrl-L hold, Ctrl-P mains off and on, Ctrl-D quit\n");
    }
    plug_view_start(&c->view, plug);
    loop(c, speed);
    if (c->terminal)
        tcsetattr(STDIN_FILENO, TCSANOW, &before);
    free(c);
    return 0;
}

int sim_console(struct plug *plug, double speed) {
    return console(plug, NULL, speed);
}

int sim_console_net(struct sim_plug *plug, struct posix_net *net, double speed) {
    sim_net_catch_signals();
    return console(&plug->plug, net, speed);
}
