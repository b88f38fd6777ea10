/* plugsmith emulate: boots a dump on the virtual board, prints its log as it appears, and sums up
 * what the firmware did to its pins. */
#include "base/text.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/emulate_show.h"
#include "workbench/host/file.h"
#include "workbench/host/unpack.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DEFAULT_MS = 5000, LONGEST_MS = 24 * 3600000 };

static bool on_rest(void *context, char *command, size_t size) {
    struct show *s = context;
    bool more = findings_hold(&s->findings, s->hold_anyway, command, size);
    if (more && !s->json)
        printf("%*sholding %.*s to see what blinks: up to 20 s of its time\n", 13, "",
               (int)strcspn(command + 5, "\n"), command + 5);
    fflush(stdout);
    return more;
}

static void summary_text(const struct show *s) {
    const struct findings *f = &s->findings;
    printf("\nBooted as %s, code %s%s; %.3f s of its time, %llu instructions, ended because %s.\n",
           s->chip, s->encrypted ? "encrypted" : "plain",
           s->turned ? " (the dump began with the application and was turned)" : "",
           (double)s->end_us * 1e-6, (unsigned long long)s->ticks, s->reason);
    if (s->from)
        printf("The file is no whole flash: %s. The rest was taken as erased.\n", s->from);
    int sure;
    enum uart1_peer peer = uart1_find(&f->uart1, &sure);
    if (peer == UART1_TUYA_MCU)
        printf("UART1 carries TuyaMCU frames (%d sent): another controller does the work.\n",
               f->tuya_frames);
    else if (peer != UART1_NOBODY)
        printf("On UART1 there is %s (%d %%).\n", uart1_peer_name(peer), sure);
    printf(f->tried ? "Pins, from registers and by experiment:\n" : "Pins, from registers:\n");
    for (int i = 0; i < FINDING_PINS; i++)
        if (f->pin[i].kind != FINDING_UNUSED)
            printf("  P%-3d %-11s %3d %%  %s\n", i, finding_kind_text(f->pin[i].kind),
                   f->pin[i].confidence, f->pin[i].evidence);
    if (s->masked)
        puts("Secrets are masked; --reveal shows them.");
    printf("Output hash %016llX\n", (unsigned long long)s->hash);
}

static void summary_json(struct show *s) {
    const struct findings *f = &s->findings;
    json_t *pins = json_array();
    for (int i = 0; i < FINDING_PINS; i++)
        if (f->pin[i].kind != FINDING_UNUSED)
            json_array_append_new(pins,
                                  json_pack("{s:i, s:s, s:i, s:s}", "gpio", i, "kind",
                                            finding_kind_text(f->pin[i].kind), "confidence",
                                            f->pin[i].confidence, "evidence", f->pin[i].evidence));
    char hash[20];
    snprintf(hash, sizeof hash, "%016llX", (unsigned long long)s->hash);
    json_t *all =
        json_pack("{s:i, s:s, s:b, s:b, s:I, s:I, s:s, s:s, s:i, s:o, s:o}", "version", 1, "chip",
                  s->chip, "encrypted", s->encrypted, "turned", s->turned, "us",
                  (json_int_t)s->end_us, "instructions", (json_int_t)s->ticks, "ended", s->reason,
                  "hash", hash, "tuyamcu_frames", f->tuya_frames, "pins", pins, "log", s->log);
    int sure;
    enum uart1_peer peer = uart1_find(&f->uart1, &sure);
    if (peer != UART1_NOBODY)
        json_object_set_new(
            all, "uart1",
            json_pack("{s:s, s:i}", "peer", uart1_peer_name(peer), "confidence", sure));
    if (s->timeline)
        json_object_set_new(all, "events", s->timeline);
    if (s->from)
        json_object_set_new(all, "from", json_string(s->from));
    json_dumpf(all, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(all);
}

static bool save(const struct cli_args *args, const struct soc_request *request) {
    char why[512];
    const char *path = cli_get(args, "save-flash");
    if (!path || file_write(path, request->saved, request->saved_size, cli_has(args, "force"), why,
                            sizeof why))
        return true;
    cli_fail(args, CLI_FAILED, "%s", why);
    return false;
}

static enum cli_exit emulate(struct show *s, struct soc_request *request,
                             const struct bootable *image) {
    char why[512];
    findings_start(&s->findings);
    bool ok = s->live.uart1 || s->live.gdb
                  ? emulate_live_run(&s->live, request, image->flash, image->size, emulate_show, s,
                                     why, sizeof why)
                  : soc_run(request, image->flash, image->size, emulate_show, s, why, sizeof why);
    if (!ok)
        return cli_fail(s->args, CLI_FAILED, "%s: %s", s->args->positional[0], why);
    findings_conclude(&s->findings);
    if (s->json)
        summary_json(s);
    else
        summary_text(s);
    if (!save(s->args, request))
        return CLI_FAILED;
    if (request->until && strcmp(s->reason, SOC_TEXT_FOUND) != 0)
        return cli_fail(s->args, CLI_FAILED,
                        "no line of the log holds '%s' within %.3f s; try --for", request->until,
                        (double)s->end_us * 1e-6);
    return CLI_OK;
}

/* What is wired to UART1: a port for others, a model, or just eyes. False after one line. */
static bool wire_uart1(struct show *s, struct soc_request *request) {
    const char *what = cli_get(s->args, "uart1");
    bool port = what && (strcmp(what, "pty") == 0 || strncmp(what, "tcp:", 4) == 0);
    bool mcu = what && strcmp(what, "tuyamcu") == 0;
    bool known = !what || port || mcu || strcmp(what, "nothing") == 0 || strcmp(what, "hex") == 0;
    if (!known)
        return cli_fail(s->args, CLI_USAGE,
                        "'%s' is nothing to put on UART1; take nothing, pty, tcp:ADDRESS:PORT, hex "
                        "or tuyamcu",
                        what) == CLI_OK;
    s->hex = what && strcmp(what, "hex") == 0;
    s->live = (struct emulate_live){.uart1 = port ? what : NULL,
                                    .link = cli_get(s->args, "link"),
                                    .gdb = cli_get(s->args, "gdb"),
                                    .for_ms = cli_has(s->args, "for") ? request->for_ms : 0};
    request->raw_uart1 = s->hex;
    if (mcu && !request->mcu)
        request->mcu = "auto";
    return true;
}

/* "10", "10s" or "10ms" at *text, which moves behind it. */
static bool skip_time(const char **text) {
    char *end;
    bool good = text_is_digit(**text) && strtod(*text, &end) < LONGEST_MS;
    if (!good)
        return false;
    end += strncmp(end, "ms", 2) == 0 ? 2 : *end == 's';
    *text = end;
    return true;
}

/* P24@2s, P24@2s/5s, P7@1s/10s%20ms */
static bool is_press(const char *text) {
    char *end;
    if (*text != 'P' && *text != 'p')
        return false;
    long pin = text_is_digit(text[1]) ? strtol(text + 1, &end, 10) : FINDING_PINS;
    if (pin >= FINDING_PINS || *end != '@')
        return false;
    text = end + 1;
    bool good = skip_time(&text);
    for (const char *mark = "/%"; good && *mark; mark++)
        if (*text == *mark) {
            text++;
            good = skip_time(&text);
        }
    return good && !*text;
}

/* False after one line. */
static bool take_presses(const struct cli_args *args, struct soc_request *request) {
    for (const char *p; (p = cli_get_nth(args, "press", request->press_count));) {
        if (!is_press(p))
            return cli_fail(args, CLI_USAGE,
                            "--press: '%s' is not like P24@2s, P24@2s/5s, or P7@1s/10s%%20ms",
                            p) == CLI_OK;
        if (request->press_count == SOC_PRESSES_MAX)
            return cli_fail(args, CLI_USAGE, "--press: at most %d", SOC_PRESSES_MAX) == CLI_OK;
        request->press[request->press_count++] = p;
    }
    return true;
}

/* The file, unpacked and laid out as a flash; false after one line. */
static bool read_image(const struct cli_args *args, struct bootable *image) {
    struct file file;
    char why[512], reason[400];
    const char *path = args->positional[0], *packed;
    if (!file_read(path, FILE_IMAGE_LIMIT, &file, why, sizeof why))
        return cli_fail(args, CLI_FAILED, "%s", why) == CLI_OK;
    bool ok = file_unpack(&file, FILE_IMAGE_LIMIT, &packed, reason, sizeof reason) &&
              bootable_make(file.data, file.size, image, reason, sizeof reason);
    file_free(&file);
    return ok || cli_fail(args, CLI_FAILED, "%s: %s", path, reason) == CLI_OK;
}

static enum cli_exit run(const struct cli_args *args) {
    struct show s = {.args = args,
                     .json = cli_has(args, "json"),
                     .events = cli_has(args, "events"),
                     .reveal = cli_has(args, "reveal")};
    struct soc_request request = {.chip = cli_get(args, "chip"),
                                  .until = cli_get(args, "until"),
                                  .mcu = cli_get(args, "mcu"),
                                  .events = true,
                                  .memory = true,
                                  .experiment = !cli_has(args, "until")};
    const char *experiment = cli_get(args, "experiment");
    if (experiment) {
        request.experiment = strcmp(experiment, "none") != 0;
        s.hold_anyway = strcmp(experiment, "full") == 0;
    }
    request.more = request.experiment ? on_rest : NULL;
    uint64_t ms = DEFAULT_MS;
    if (!cli_time(args, "for", 1, 1, LONGEST_MS, &ms))
        return CLI_USAGE;
    request.for_ms = (uint32_t)ms;
    if (!wire_uart1(&s, &request) || !take_presses(args, &request))
        return CLI_USAGE;
    struct bootable image = {.flash = NULL};
    if (!read_image(args, &image))
        return CLI_FAILED;
    s.from = image.from;
    if (cli_has(args, "save-flash")) {
        request.saved_size = image.size;
        request.saved = calloc(1, image.size + 1);
    }
    s.image = &image;
    s.log = json_array();
    s.timeline = s.json && s.events ? json_array() : NULL;
    enum cli_exit code = emulate(&s, &request, &image);
    if (!s.json || code) {
        json_decref(s.log);
        json_decref(s.timeline);
    }
    if (s.known)
        inspection_free(s.known);
    free(request.saved);
    bootable_free(&image);
    return code;
}

static const struct cli_option options[] = {
    {"for", 't', "TIME", "virtual time to run, like 500ms, 20s, 2m (default 5s)", NULL, false},
    {"until", 'u', "TEXT", "stop when a log line holds TEXT; exit code 1 when none did", NULL,
     false},
    {"press", 0, "PIN@TIME", "pull a pin, e.g. P24@2s, P24@2s/5s, P7@1s/10s%20ms", NULL, true},
    {"experiment", 'x', "HOW",
     "inputs to try at the end: none, auto (press all; hold a button where the LED is not known), "
     "full (always hold)",
     "none|auto|full", false},
    {"events", 'e', NULL, "also show pins, PWM and UART1 as they change", NULL, false},
    {"chip", 0, "NAME", "do not recognise the chip, take this one",
     "bk7231n|bk7231m|bl2028n|bk7231t|bk7231u|bk7231q|bk7238|bk7252|bk7252n", false},
    {"uart1", 0, "WHAT",
     "wire to UART1: nothing (default), pty, tcp:ADDRESS:PORT, hex (show its bytes), tuyamcu", NULL,
     false},
    {"link", 'l', "PATH", "with --uart1 pty: a symbolic link to it", NULL, false},
    {"mcu", 0, "PRODUCT",
     "put a TuyaMCU microcontroller with this product id on UART1; auto: the one it expects", NULL,
     false},
    {"gdb", 'g', "ADDR:PORT", "hold the guest until a gdb connects here and lets it go", NULL,
     false},
    {"save-flash", 0, "FILE", "write what the firmware made of the flash", NULL, false},
    {"force", 'f', NULL, "replace an existing FILE", NULL, false},
    {"reveal", 0, NULL, "show secrets in the log", NULL, false},
    {"json", 0, NULL, "one JSON object with log, pins and figures", NULL, false},
    {0},
};

static const struct cli_example examples[] = {
    {"emulate plug.bin", "the boot log, then what the pins do"},
    {"emulate --until 'rl1_pin' plug.bin", "stop as soon as the relay's pin is logged"},
    {"emulate --uart1 pty --link /tmp/uart1 plug.bin", "UART1 as a port, until Ctrl-C"},
    {"emulate --gdb 127.0.0.1:3333 plug.bin", "with gdb: target remote 127.0.0.1:3333"},
    {"emulate --press P24@2s --for 4s --events plug.bin", "press a button and watch"},
    {0},
};

const struct cli_command cmd_emulate = {
    .name = "emulate",
    .face = CLI_VIRTUAL,
    .summary = "boot a dump in software and read its log and pins",
    .arguments = "DUMP",
    .least = 1,
    .most = 1,
    .description =
        "Boots a private copy of the dump on a virtual board (ARM core, timers, UARTs, "
        "GPIO, PWM, flash, …) and\nprints what the firmware sends on its log UART, with "
        "virtual time. When the firmware has come to rest,\nevery input is tried in a "
        "copy of the machine, and what moves is told.\n\nDUMP may be a whole flash, a bootloader "
        "with an application (QIO), an application alone (UA) or\nan update container (RBL, UG), "
        "packed or not. It is never changed. The guest runs in a sandboxed\nprocess of its own.\n\n"
        "Deep sleep and what ends it are lines of the log; no time is spent on it, so --for 8h "
        "shows "
        "what a\nbattery sensor does when its timer wakes it.",
    .options = options,
    .examples = examples,
    .run = run,
};
