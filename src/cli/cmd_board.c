/* plugsmith board: the firmware on a Linux board with real lines, serial ports and network. */
#include "cli/commands.h"
#include "cli/sim_net.h"
#include "port/posix/posix_board.h"

#include <stdlib.h>
#include <time.h>

enum { WHY = 256, WAIT_MS = 5 };

struct machine {
    struct posix_board *board;
    struct posix_net *net;
    struct posix_host host;
    struct hal hal;
    struct device device;
};

static uint64_t now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static void log_print(void *context, enum log_level level, const char *module, const char *text) {
    static const char *const names[] = {"error", "warning", "info", "debug"};
    (void)context;
    printf("[%s %s] %s\n", names[level], module, text);
    fflush(stdout);
}

static void start(struct machine *m) {
    posix_host_reset(&m->host);
    device_init(&m->device, &m->hal);
    m->device.log.sink.line = log_print;
    device_start(&m->device);
    device_on_wifi(&m->device, HAL_WIFI_CONNECTED);
}

static void loop(struct machine *m) {
    while (!sim_net_stopped()) {
        posix_net_wait(m->net, WAIT_MS);
        posix_board_deliver(m->board, &m->device);
        device_poll(&m->device, now_ms());
        while (posix_net_touched(m->net))
            posix_host_offer(&m->host);
        if (posix_board_restart_asked(m->board))
            start(m);
    }
    device_stop(&m->device);
}

static enum cli_exit run(const struct cli_args *args) {
    char why[WHY] = "";
    struct posix_board_options options = {
        .gpio = cli_get(args, "gpio"),
        .uarts = {cli_get(args, "uart0"), cli_get(args, "uart1")},
        .flash = cli_get(args, "flash") ? cli_get(args, "flash") : "plug.flash",
    };
    struct machine *m = calloc(1, sizeof *m);
    uint32_t address = 0;
    uint16_t port = 0;
    if (!m)
        return CLI_FAILED;
    enum cli_exit code = CLI_OK;
    if (cli_has(args, "http") && !posix_address_read(cli_get(args, "http"), &address, &port))
        code = cli_fail(args, CLI_USAGE, "--http is written like 0.0.0.0:8080");
    m->net = code == CLI_OK ? posix_net_new() : NULL;
    m->board = m->net ? posix_board_open(&options, &m->hal, why, sizeof why) : NULL;
    if (m->board) {
        posix_host_attach(&m->host, m->net, &m->device, &m->hal);
        m->host.address = address;
        m->host.low_port = 8000;
        m->hal.web_port = port;
        sim_net_catch_signals();
        start(m);
        loop(m);
    } else if (code == CLI_OK) {
        code = cli_fail(args, CLI_FAILED, "%s", why);
    }
    posix_net_free(m->net);
    posix_board_close(m->board);
    free(m);
    return code;
}

static const struct cli_option options[] = {
    {"gpio", 0, "CHIP", "GPIO chip whose lines are the pins, like /dev/gpiochip0", NULL, false},
    {"uart0", 0, "PORT", "serial port for meters or TuyaMCU, like /dev/ttyS1", NULL, false},
    {"uart1", 0, "PORT", "a second one", NULL, false},
    {"flash", 0, "FILE", "file that holds what the plug remembers (default plug.flash)", NULL,
     false},
    {"http", 0, "ADDRESS", "address and port of the web server (default port 80, or 8080)", NULL,
     false},
    {NULL, 0, NULL, NULL, NULL, false},
};

static const struct cli_example examples[] = {
    {"board --gpio /dev/gpiochip0 --uart0 /dev/ttyS1 --http 0.0.0.0:8080",
     "relay, button and meter on a small Linux board"},
    {NULL, NULL},
};

const struct cli_command cmd_board = {
    .name = "board",
    .face = CLI_VIRTUAL,
    .summary = "run the firmware on a Linux board with real GPIO lines and serial ports",
    .arguments = "",
    .description = "Pins are the lines of a GPIO chip, set up like on any plug (pages, templates, "
                   "commands). What is remembered lies in a file. Ctrl-C ends it and saves.",
    .options = options,
    .examples = examples,
    .run = run,
};
