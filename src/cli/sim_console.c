/* The console of the virtual plug. Lines are commands for the device; lines that begin with a colon
 * are for the world around it (a finger, the mains, the load). On a terminal single keys press the
 * first button: Ctrl-B clicks, Ctrl-L holds, Ctrl-P cuts the mains and restores it. */
#include "cli/sim_console.h"

#include "base/text.h"
#include "cli/line_editor.h"
#include "cli/plug_view.h"
#include "cli/script_run.h"
#include "device/role_groups.h"
#include "device/script/command.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum {
    WAIT_MS = 20,
    LOOK_MS = 50, /* of the plug's time: a click is seen to go down and up at any speed */
    CLICK_MS = 150,
    HOLD_MS = 2000,
    KEY_B = 2,
    KEY_C = 3,
    KEY_D = 4,
    KEY_L = 12,
    KEY_P = 16
};

struct console {
    struct plug *plug;
    struct plug_view view;
    struct line_editor line;
    bool terminal, done, deaf; /* deaf: input has ended, the network has not */
    struct posix_net *net;     /* NULL: no network */
};

static void log_print(void *context, enum log_level level, const char *module, const char *text) {
    static const char *const names[] = {"error", "warning", "info", "debug"};
    struct console *c = context;
    line_hide(&c->line);
    printf("  [%s %s] %s\n", names[level], module, text);
    line_show(&c->line);
}

/* What has changed since it was told last, in front of what is being typed. */
static void tell_changes(struct console *c) {
    struct plug_view now;
    plug_view_start(&now, c->plug);
    if (plug_view_same(&now, &c->view))
        return;
    line_hide(&c->line);
    plug_view_changes(&c->view, c->plug, stdout);
    line_show(&c->line);
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
        if (role_is_button(board_role(&plug->device, pin)))
            return (int)pin;
    return -1;
}

static void press(struct console *c, int pin, uint32_t ms) {
    if (pin < 0)
        printf("  this plug has no button; name a pin: :press P24 200\n");
    else
        plug_press(c->plug, (unsigned)pin, ms);
}

static void run(struct console *c, uint64_t left) {
    while (left) {
        uint64_t part = left < 1000 ? left : 1000;
        plug_run_fast(c->plug, part);
        plug_view_changes(&c->view, c->plug, stdout);
        left -= part;
    }
}

static void help(void) {
    printf("  lines are commands of the plug (help tells about them); around the plug:\n"
           "  :press [PIN [MS]], :pin PIN 0|1, :run TIME (10m), :load \"0m 60W; 20m 3W\",\n"
           "  :power (off and on), :crash, :state, :log, :help, :quit\n");
}

/* The pin that a word names; -1, and said, when there is none. */
static int pin_of(const struct console *c, const char *word) {
    int pin = word ? board_pin_find(&c->plug->device, word) : -1;
    if (word && pin < 0)
        printf("  the %s has no pin %s\n", c->plug->device.hal.chip.name, word);
    return pin;
}

static void do_press(struct console *c, char *arguments) {
    const char *pin = strtok(arguments, " "), *ms = pin ? strtok(NULL, " ") : NULL;
    int number = pin ? pin_of(c, pin) : first_button(c->plug);
    if (!pin || number >= 0)
        press(c, number, ms ? (uint32_t)strtoul(ms, NULL, 10) : CLICK_MS);
}

static void do_pin(struct console *c, char *arguments) {
    const char *pin = strtok(arguments, " "), *level = pin ? strtok(NULL, " ") : NULL;
    if (!level || (*level != '0' && *level != '1'))
        printf("  :pin is written like :pin P24 0\n");
    else if (pin_of(c, pin) >= 0)
        plug_pin_set(c->plug, (unsigned)pin_of(c, pin), *level == '1');
}

static void do_run(struct console *c, char *arguments) {
    uint64_t ms;
    if (cli_read_time(arguments, 1000, &ms))
        run(c, ms);
    else
        printf("  :run is written like :run 90s, :run 15m, :run 2h\n");
}

static void do_load(struct console *c, char *arguments) {
    if (plug_set_load(c->plug, arguments) != STATUS_OK)
        printf("  a load is written like: 0m 60W; 20m 3W\n");
}

static void do_power(struct console *c, char *arguments) {
    (void)arguments;
    plug_restart(c->plug, HAL_RESET_POWER);
}

static void do_crash(struct console *c, char *arguments) {
    (void)arguments;
    plug_restart(c->plug, HAL_RESET_CRASH);
}

static void do_state(struct console *c, char *arguments) {
    (void)arguments;
    plug_view_state(c->plug, stdout);
}

static void do_log(struct console *c, char *arguments) {
    char text[DEVICE_LOG_RING + 1];
    (void)arguments;
    device_log_read(&c->plug->device, text, sizeof text);
    fputs(text, stdout);
}

static void do_help(struct console *c, char *arguments) {
    (void)c, (void)arguments;
    help();
}

static void do_quit(struct console *c, char *arguments) {
    (void)arguments;
    c->done = true;
}

static const struct {
    const char *word;
    void (*act)(struct console *c, char *arguments);
} words[] = {
    {":press", do_press}, {":pin", do_pin},     {":run", do_run},     {":load", do_load},
    {":power", do_power}, {":crash", do_crash}, {":state", do_state}, {":log", do_log},
    {":help", do_help},   {":quit", do_quit},
};

const char *sim_console_word(unsigned i) {
    return i < sizeof words / sizeof *words ? words[i].word : NULL;
}

static void world(struct console *c, char *line) {
    char *arguments = line + strcspn(line, " ");
    if (*arguments)
        *arguments++ = 0;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (text_same(words[i].word, line)) {
            words[i].act(c, arguments + strspn(arguments, " "));
            return;
        }
    printf("  there is no %s; :help lists what there is\n", line);
}

static void perform(struct console *c) {
    char line[LINE_SIZE];
    snprintf(line, sizeof line, "%s", c->line.text + strspn(c->line.text, " \t"));
    line_next(&c->line);
    if (*line == ':') {
        world(c, line);
    } else if (*line) {
        enum command_result result = command_run(&c->plug->device, line, COMMAND_FROM_CONSOLE);
        line_hide(&c->line);
        printf("  %s\n", result_text(result));
        c->plug->wake_ms = 0;
    }
    plug_view_changes(&c->view, c->plug, stdout);
    line_show(&c->line);
}

static void key(struct console *c, char k) {
    switch (c->terminal ? k : 0) {
    case KEY_B:
        press(c, first_button(c->plug), CLICK_MS);
        return;
    case KEY_L:
        press(c, first_button(c->plug), HOLD_MS);
        return;
    case KEY_P:
        plug_restart(c->plug, HAL_RESET_POWER);
        return;
    case KEY_C:
    case KEY_D:
        if (c->line.length && k == KEY_C)
            line_clear(&c->line), line_show(&c->line);
        else
            c->done |= !c->line.length;
        return;
    default:
        if (line_key(&c->line, k))
            perform(c);
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
        if (c->line.length)
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

/* Lets time pass for the plug, and tells what happened in it. */
static void pass(struct console *c, uint64_t left) {
    while (left) {
        uint64_t part = left < LOOK_MS ? left : LOOK_MS;
        plug_run_fast(c->plug, part);
        tell_changes(c);
        left -= part;
    }
    fflush(stdout);
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
            owed_ms -= (double)ms;
            pass(c, ms);
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
    plug->device.log.sink = (struct log_sink){log_print, c};
    plug_view_state(plug, stdout);
    help();
    if (c->terminal) {
        struct termios raw = before;
        raw.c_lflag &= (tcflag_t) ~(ICANON | ECHO);
        raw.c_cc[VINTR] = _POSIX_VDISABLE; /* Ctrl-C is a key, so that the terminal is put back */
        tcsetattr(STDIN_FILENO, TCSANOW, &raw);
        printf("  keys: Ctrl-B click, Ctrl-L hold, Ctrl-P mains off and on, Ctrl-D quit\n");
    }
    line_start(&c->line, c->terminal);
    plug_view_start(&c->view, plug);
    loop(c, speed);
    if (c->terminal) {
        line_hide(&c->line);
        tcsetattr(STDIN_FILENO, TCSANOW, &before);
    }
    plug->device.log.sink = (struct log_sink){0};
    line_free(&c->line);
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
