/* plugsmith chip: a virtual chip that other programs can open as a serial port. */
#include "cli/chip_boot.h"
#include "cli/commands.h"
#include "virtual/chip/kinds.h"
#include "virtual/serve/serve.h"
#include "virtual/wire/faults.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t stopped;

static void on_signal(int number) {
    (void)number;
    stopped = 1;
}

/* Options that go into the description of the port as they are: option name and word there. */
static const struct {
    const char *option, *word;
} words[] = {
    {"flash", "flash"},       {"flash-id", "id"}, {"size", "size"}, {"key", "key"},
    {"latency", "latency"},   {"reset", "reset"}, {"hand", "hand"}, {"start", "start"},
    {"crc-rate", "crc-rate"}, {"seed", "seed"},
};
static const char *const switches[] = {"readonly", "protected", "paced", "console"};

struct spec {
    char text[4096];
    size_t length;
    const char *bad; /* a value that cannot be part of a description */
};

static void add(struct spec *spec, const char *word, const char *value) {
    int n = snprintf(spec->text + spec->length, sizeof spec->text - spec->length, ",%s%s%s", word,
                     value ? "=" : "", value ? value : "");
    if (n < 0 || (size_t)n >= sizeof spec->text - spec->length || (value && strchr(value, ',')))
        spec->bad = value ? value : word;
    else
        spec->length += (size_t)n;
}

static bool describe(const struct cli_args *args, struct spec *spec) {
    const char *value;
    *spec = (struct spec){.bad = NULL};
    spec->length =
        (size_t)snprintf(spec->text, sizeof spec->text, "%.100s,time=real", args->positional[0]);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if ((value = cli_get(args, words[i].option)))
            add(spec, words[i].word, value);
    for (size_t i = 0; i < sizeof switches / sizeof *switches; i++)
        if (cli_has(args, switches[i]))
            add(spec, switches[i], NULL);
    for (int i = 0; (value = cli_get_nth(args, "fault", i)); i++)
        add(spec, "fault", value);
    return spec->bad == NULL;
}

static void say(void *context, enum log_level level, const char *module, const char *text) {
    (void)context;
    (void)level;
    fprintf(stderr, "%s: %s\n", module, text);
}

static void ready(void *context, const char *address) {
    (void)context;
    printf("%s\n", address);
    fflush(stdout);
}

static void client(void *context, bool here) {
    if (*(const bool *)context)
        fprintf(stderr, here ? "a client is here\n" : "the client is gone\n");
}

/* Exactly one of the transports; a pty without a name when none is given. */
static bool pick_transport(const struct cli_args *args, struct serve_options *options) {
    static const char *const names[] = {"link", "tcp", "rfc2217"};
    int given = 0;
    options->kind = SERVE_PTY;
    options->where = "";
    for (int i = 0; i < 3; i++)
        if (cli_has(args, names[i])) {
            options->kind = (enum serve_kind)i;
            options->where = cli_get(args, names[i]);
            given++;
        }
    return given <= 1;
}

static void list_chips(void) {
    for (const struct chip_kind *kind = chip_kinds; kind->name; kind++)
        printf("%-8s %s%s%s\n", kind->name,
               kind->family == BEKEN_FAMILY_F ? "boot ROM answers" : "bootloader in flash answers",
               kind->aliases[0] ? "; also " : "", kind->aliases);
    puts("\nfaults:");
    for (const struct fault_row *row = fault_rows; row->name; row++)
        printf("  %s%s%-*s %s\n", row->name, row->argument ? ":" : "",
               (int)(24 - strlen(row->name) - (row->argument ? 1 : 0)),
               row->argument ? row->argument : "", row->help);
}

static void catch_signals(void) {
    struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
}

static enum cli_exit serve(const struct cli_args *args, const char *spec,
                           const struct serve_options *wanted) {
    struct serve_options options = *wanted;
    const struct log_sink sink = {say, NULL};
    bool verbose = cli_has(args, "verbose");
    char error[512] = "";
    struct virtual_port *port =
        virtual_port_open(spec, verbose ? &sink : NULL, error, sizeof error);
    if (!port)
        return cli_fail(args, CLI_USAGE, "%s", error);
    stopped = 0;
    catch_signals();
    options.stop = &stopped;
    options.ready = ready;
    options.client = client;
    options.context = &verbose;
    enum status status = virtual_serve(port, &options, error, sizeof error);
    bool pulled = virtual_port_is_pulled(port);
    enum status saved = virtual_port_close(port);
    if (status != STATUS_OK)
        return cli_fail(args, CLI_FAILED, "%s", error);
    if (saved != STATUS_OK)
        return cli_fail(args, CLI_FAILED,
                        "%s: the flash could not be written back; is its folder "
                        "writable?",
                        cli_get(args, "flash"));
    if (pulled)
        fprintf(stderr, "plugsmith chip: the cable was pulled, as asked\n");
    return CLI_OK;
}

static enum cli_exit run(const struct cli_args *args) {
    struct serve_options options = {.kind = SERVE_PTY};
    struct spec spec;
    bool boot = cli_has(args, "boot");
    if ((args->count == 0) != boot)
        return cli_fail(args, CLI_USAGE, "give a chip, \"list\", or --boot DUMP");
    if (!boot && strcmp(args->positional[0], "list") == 0) {
        list_chips();
        return CLI_OK;
    }
    if (!pick_transport(args, &options))
        return cli_fail(args, CLI_USAGE, "give one of --link, --tcp and --rfc2217");
    if (boot) {
        stopped = 0;
        catch_signals();
        options.stop = &stopped;
        options.ready = ready;
        return chip_boot(args, &options);
    }
    if (!describe(args, &spec))
        return cli_fail(args, CLI_USAGE, "\"%s\": too long, or has a comma in it", spec.bad);
    return serve(args, spec.text, &options);
}

static const struct cli_option options[] = {
    {"flash", 'f', "FILE", "contents of the SPI flash, written back; missing: a blank one", NULL,
     false},
    {"readonly", 0, NULL, "never write FILE back", NULL, false},
    {"boot", 'b', "DUMP",
     "run the genuine bootloader of a dump (BK7231T and relatives); --flash FILE gets the flash "
     "at the end",
     NULL, false},
    {"link", 'l', "PATH", "make a pty and a symbolic link to it (default: a pty without link)",
     NULL, false},
    {"tcp", 't', "ADDR:PORT", "raw bytes over TCP; port 0: any free one", NULL, false},
    {"rfc2217", 'r', "ADDR:PORT", "TCP with baud rate and reset lines (RFC 2217)", NULL, false},
    {"size", 0, "BYTES", "flash size, for example 2M; default: of FILE, else usual", NULL, false},
    {"flash-id", 0, "HEX", "JEDEC id of the flash, for example EB6015", NULL, false},
    {"key", 0, "KEY", "eFuse key: tuya, none or 32 hex digits", NULL, false},
    {"protected", 0, NULL, "the flash starts with its block-protection bits set", NULL, false},
    {"paced", 0, NULL, "bytes and flash operations take their real time", NULL, false},
    {"latency", 0, "MS", "latency timer of the USB adapter (with --paced)", NULL, false},
    {"reset", 0, "LINE", "adapter line that is wired to CEN", "none|rts|dtr|both", false},
    {"hand", 0, "MS", "power is cycled when LinkChecks go unheard for so long; or never", NULL,
     false},
    {"start", 0, "STATE", "state at the start", "application|download|off", false},
    {"console", 0, NULL, "the application reboots on the text line \"reboot\"", NULL, false},
    {"crc-rate", 0, "N", "bytes per second of the chip's CRC (with --paced)", NULL, false},
    {"fault", 0, "SPEC", "something that goes wrong; \"chip list\" names them", NULL, true},
    {"seed", 0, "N", "seed of the faults", NULL, false},
    {"verbose", 'v', NULL, "tell what the chip is asked to do, on stderr", NULL, false},
    {0},
};
static const struct cli_example examples[] = {
    {"chip bk7231n --flash plug.bin --link /tmp/plug", "a chip that any flasher can open"},
    {"chip bk7231t --rfc2217 127.0.0.1:2217 --paced --reset rts", "with real timing and reset"},
    {"chip bk7231n --tcp 127.0.0.1:5000 --fault flip:0.001 --seed 7", "on a bad line"},
    {"chip --boot t-plug.bin --link /tmp/plug", "the real bootloader of that dump"},
    {"chip list", "the chips and faults there are"},
    {0},
};
const struct cli_command cmd_chip = {
    .name = "chip",
    .face = CLI_VIRTUAL,
    .summary = "a virtual chip behind a pty or TCP port, for flashers to try",
    .arguments = "CHIP|list|--boot DUMP",
    .least = 0,
    .most = 1,
    .description =
        "Behaves as the download end of a Beken chip: boot ROM (BK7231N and relatives) or "
        "bootloader in flash (BK7231T and relatives), with a SPI flash, status register and eFuse "
        "behind. Prints what clients should open, and serves until Ctrl-C; the flash file is "
        "written back when a client leaves and at the end.\n\n"
        "The chip starts with its application running. A helping hand cycles its power as soon as "
        "a flasher calls (--hand), unless --reset wires a line of the adapter to it.\n\n"
        "The same chip stands behind `-p virtual:CHIP,flash=FILE,…` of the other subcommands.",
    .options = options,
    .examples = examples,
    .run = run,
};
