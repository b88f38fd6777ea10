/* plugsmith sim: the virtual plug, at a console, by a scenario file, or by the thousand. */
#include "cli/commands.h"
#include "cli/plug_source.h"
#include "cli/sim_console.h"
#include "cli/sim_load.h"
#include "cli/sim_net.h"
#include "cli/sim_once.h"
#include "virtual/plug/scenario.h"
#include "workbench/host/file.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { WHY = 256, SCENARIO_LIMIT = 64 << 20 };

static void print_line(void *context, bool error, const char *line) {
    (void)context;
    fprintf(error ? stderr : stdout, "%s\n", line);
}

static const char *chip_of(const struct cli_args *args) {
    const char *chip = cli_get(args, "chip");
    return chip ? chip : "BK7231N";
}

static enum cli_exit run_scenario(const struct cli_args *args, const char *path) {
    char why[WHY];
    struct file file;
    if (!file_read(path, SCENARIO_LIMIT, &file, why, sizeof why))
        return cli_fail(args, CLI_USAGE, "%s", why);
    const struct scenario_options options = {
        .chip = chip_of(args), .verbose = cli_has(args, "verbose"), .print = print_line};
    enum scenario_exit code = scenario_run(path, (const char *)file.data, file.size, &options);
    file_free(&file);
    return (enum cli_exit)code;
}

/* A load shows at once what the meter makes of it. */
static void switch_on_with_meter(struct plug *plug) {
    sim_load_meter(plug);
    channel_set_start(&plug->device, 1, 1);
    settings_save(&plug->device);
    plug_restart(plug, HAL_RESET_POWER);
}

static bool configure(const struct cli_args *args, struct plug *plug, char *why) {
    const char *template = cli_get(args, "template"), *dump = cli_get(args, "config"), *text;
    const char *flash = cli_get(args, "flash");
    if (flash && virtual_flash_load(&plug->chip, flash) != STATUS_OK) {
        snprintf(why, WHY, "%s: cannot be read, or is larger than the plug's flash", flash);
        return false;
    }
    if (flash)
        plug_restart(plug, HAL_RESET_POWER);
    if (template && !plug_source_template(plug, template, why, WHY))
        return false;
    if (dump && !plug_source_dump(plug, dump, why, WHY))
        return false;
    for (int i = 0; (text = cli_get_nth(args, "set", i)); i++)
        if (!plug_source_set(plug, text, why, WHY))
            return false;
    text = cli_get(args, "load");
    bool metered = text && plug_source_is_bare(plug);
    if (!cli_has(args, "count") || metered)
        plug_source_bare(plug);
    if (metered)
        switch_on_with_meter(plug);
    return !text || sim_load(plug, text, why, WHY);
}

static double seconds_of(clockid_t id) {
    struct timespec t;
    clock_gettime(id, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Memory of this process now, in KiB. */
static long resident_kib(void) {
    char line[128] = "";
    FILE *file = fopen("/proc/self/statm", "r");
    const char *second = file && fgets(line, sizeof line, file) ? strchr(line, ' ') : NULL;
    if (file)
        fclose(file);
    return (second ? strtol(second, NULL, 10) : 0) * (sysconf(_SC_PAGESIZE) / 1024);
}

/* What --net says: "127.1.0.0/16" gives plug i the address 127.1.0.(i+1). */
static bool net_of(const char *text, uint32_t *address, uint64_t *size) {
    char host[32];
    uint16_t port = 0;
    const char *slash = strchr(text, '/');
    if (!slash || (size_t)(slash - text) >= sizeof host)
        return false;
    memcpy(host, text, (size_t)(slash - text));
    host[slash - text] = 0;
    char *end;
    unsigned long bits = strtoul(slash + 1, &end, 10);
    *size = bits >= 8 && bits <= 30 ? ((uint64_t)1 << (32 - bits)) - 2 : 0;
    return !*end && *size && posix_address_read(host, address, &port);
}

struct fleet {
    struct posix_net *net;
    struct sim_plug **plugs;
    uint64_t count;
    uint32_t address;
    uint16_t port;
};

static void fleet_free(struct fleet *f) {
    for (uint64_t i = 0; f->plugs && i < f->count; i++)
        sim_net_free(f->plugs[i]);
    posix_net_free(f->net);
    free(f->plugs);
}

static bool fleet_make(const struct cli_args *args, struct fleet *f, char *why) {
    sim_net_raise_limits();
    f->net = posix_net_new();
    f->plugs = calloc(f->count, sizeof(struct sim_plug *));
    if (!f->net || !f->plugs) {
        snprintf(why, WHY, "no memory");
        return false;
    }
    for (uint64_t i = 0; i < f->count; i++) {
        f->plugs[i] =
            sim_net_plug(f->net, chip_of(args), (unsigned)i,
                         f->count > 1 ? f->address + 1 + (uint32_t)i : f->address, f->port, why);
        if (!f->plugs[i] || !configure(args, &f->plugs[i]->plug, why))
            return false;
    }
    return true;
}

/* Runs every plug up to `until`; returns when the first one wants to be called again. */
static uint64_t fleet_step(struct fleet *f, uint64_t until) {
    uint64_t next = until + 200;
    for (uint64_t i = 0; i < f->count; i++) {
        struct plug *p = &f->plugs[i]->plug;
        if (p->wake_ms <= until && plug_now_ms(p) < until)
            plug_run_fast(p, until - plug_now_ms(p));
        next = p->wake_ms < next ? p->wake_ms : next;
    }
    return next;
}

static void fleet_run(struct fleet *f, double seconds) {
    double start = seconds_of(CLOCK_MONOTONIC);
    uint64_t next = 0, until = 0;
    while (!sim_net_stopped()) {
        double now = seconds_of(CLOCK_MONOTONIC) - start;
        if (seconds > 0 && now >= seconds)
            return;
        uint64_t frame = (uint64_t)(now * 100) * PLUG_FRAME_MS;
        if (frame > until)
            next = fleet_step(f, until = frame);
        uint64_t wait = next > until + PLUG_FRAME_MS ? next - until : PLUG_FRAME_MS;
        posix_net_wait(f->net, wait > 200 ? 200 : (int)wait);
        sim_net_deliver(f->net);
    }
}

static void say_what(const struct sim_plug *p) {
    const struct obk_config *c = &p->plug.device.config;
    printf("  topics: %s/<channel>/get tells, %s/<channel>/set and cmnd/%s/POWER switch%s\n"
           "  try:    the pages in a browser; curl 'http://…/cm?cmnd=POWER%%20TOGGLE'; /api/info; "
           "/metrics\n",
           c->mqtt_client_id, c->mqtt_client_id, c->mqtt_client_id,
           c->mqtt_host[0] ? "" : " (once a broker is set: MqttHost 127.0.0.1)");
}

static void say_where(const struct sim_plug *p) {
    uint32_t a = p->host.address;
    printf("  http://%u.%u.%u.%u:%u/  %s\n", a >> 24, a >> 16 & 255, a >> 8 & 255, a & 255,
           sim_net_web_port(p), p->plug.device.config.short_name);
}

static enum cli_exit run_many(const struct cli_args *args, uint64_t count) {
    char why[WHY] = "";
    const char *net = cli_get(args, "net");
    struct fleet f = {.count = count, .address = 0x7F020000};
    uint64_t ms = 10000, room = UINT64_MAX;
    if (!cli_time(args, "for", 1000, 1000, 86400000, &ms))
        return CLI_USAGE;
    if (net && (!net_of(net, &f.address, &room) || room < count))
        return cli_fail(args, CLI_USAGE,
                        "--net is written like 127.1.0.0/16 and must hold %llu plugs",
                        (unsigned long long)count);
    long before = resident_kib();
    bool good = fleet_make(args, &f, why);
    double cpu = seconds_of(CLOCK_PROCESS_CPUTIME_ID), wall = seconds_of(CLOCK_MONOTONIC);
    if (good && net) {
        say_where(f.plugs[0]);
        if (count > 1)
            say_where(f.plugs[count - 1]);
        fflush(stdout);
    }
    sim_net_catch_signals();
    if (good)
        fleet_run(&f, net && !cli_has(args, "for") ? 0 : (double)ms / 1000);
    cpu = seconds_of(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    wall = seconds_of(CLOCK_MONOTONIC) - wall;
    if (good)
        printf("%llu plugs for %.0f s: %.1f KiB each, %.2f %% of one core\n",
               (unsigned long long)count, wall, (double)(resident_kib() - before) / (double)count,
               100 * cpu / wall);
    fleet_free(&f);
    return good ? CLI_OK : cli_fail(args, CLI_FAILED, "%s", why);
}

static enum cli_exit run_served(const struct cli_args *args, double speed) {
    char why[WHY] = "";
    struct fleet f = {.count = 1};
    if (!posix_address_read(cli_get(args, "http"), &f.address, &f.port))
        return cli_fail(args, CLI_USAGE, "--http is written like 127.0.0.1:8080");
    bool good = fleet_make(args, &f, why);
    enum cli_exit code = CLI_OK;
    if (good) {
        say_where(f.plugs[0]);
        say_what(f.plugs[0]);
        fflush(stdout);
        if (cli_has(args, "once"))
            code = sim_once(f.plugs[0], f.net) ? CLI_OK : CLI_FAILED;
        else
            code = (enum cli_exit)sim_console_net(f.plugs[0], f.net, speed);
    }
    fleet_free(&f);
    return good ? code : cli_fail(args, CLI_FAILED, "%s", why);
}

static enum cli_exit run_one(const struct cli_args *args, double speed) {
    char why[WHY];
    struct plug *plug = malloc(sizeof *plug);
    if (!plug || !plug_init(plug, chip_of(args))) {
        free(plug);
        return cli_fail(args, CLI_USAGE, "unknown chip \"%s\"", chip_of(args));
    }
    enum cli_exit code = CLI_OK;
    uint64_t ms = 0;
    if (!cli_time(args, "for", 1000, 1000, 366ull * 86400000, &ms))
        code = CLI_USAGE;
    else if (configure(args, plug, why)) {
        if (cli_has(args, "load") && ms)
            sim_load_table(plug, ms / 1000);
        else
            code = (enum cli_exit)sim_console(plug, speed);
        if (cli_has(args, "flash") &&
            virtual_flash_save(&plug->chip, cli_get(args, "flash")) != STATUS_OK)
            code = cli_fail(args, CLI_FAILED, "%s: cannot be written", cli_get(args, "flash"));
    } else
        code = cli_fail(args, CLI_FAILED, "%s", why);
    plug_free(plug);
    free(plug);
    return code;
}

static enum cli_exit run(const struct cli_args *args) {
    uint64_t speed = 1, count = 0;
    if (!cli_number(args, "speed", 1, 100000, &speed) ||
        !cli_number(args, "count", 1, 100000, &count))
        return CLI_USAGE;
    if (cli_has(args, "scenario"))
        return run_scenario(args, cli_get(args, "scenario"));
    if (cli_has(args, "http"))
        return run_served(args, (double)speed);
    return count ? run_many(args, count) : run_one(args, (double)speed);
}

static const struct cli_option options[] = {
    {"scenario", 's', "FILE", "run a scenario and report", NULL, false},
    {"template", 't', "FILE", "pins, flags and startup command from an OpenBeken template", NULL,
     false},
    {"config", 'c', "DUMP", "pins from the configuration inside a flash dump", NULL, false},
    {"flash", 0, "FILE", "start on this whole flash, and write it back at the end", NULL, false},
    {"set", 0, "KEY=VALUE", "a setting, flag<n>, P<n>=Role;channel or ch<n>", NULL, true},
    {"load", 'l', "PROFILE",
     "what is plugged in, like \"0m 60W; 20m 3W pf=0.5\", or a file of V,A,W", NULL, false},
    {"chip", 0, "NAME", "the chip the plug has (default BK7231N)", NULL, false},
    {"speed", 0, "N", "virtual seconds per second (default 1)", NULL, false},
    {"count", 'n', "N", "run that many plugs and print memory and CPU time of each", NULL, false},
    {"for", 0, "TIME",
     "like 90s, 15m, 1h: how long --count runs (default 10s; with --net until Ctrl-C); with "
     "--load: go so far at once and print truth beside reading",
     NULL, false},
    {"http", 0, "ADDRESS", "on the network: web server at 127.0.0.1:8080", NULL, false},
    {"once", 0, NULL, "with --http: check the plug over HTTP once and end", NULL, false},
    {"net", 0, "RANGE", "with --count: each plug has an own address of 127.1.0.0/16", NULL, false},
    {"verbose", 'v', NULL, "print every line of the scenario", NULL, false},
    {"keep-going", 0, NULL, "go on after a failed expectation (what happens anyway)", NULL, false},
    {NULL, 0, NULL, NULL, NULL, false},
};

static const struct cli_example examples[] = {
    {"sim --scenario tests/scenario/relay.txt", "run one scenario"},
    {"sim --template plug.json --load \"0m 60W; 20m 3W\" --speed 60", "a plug, an hour a minute"},
    {"sim --load \"0m 60W; 5m heater 2000W\" --for 600", "what the meter makes of a load"},
    {"sim --http 127.0.0.1:8080", "a plug for the browser"},
    {"sim --count 200 --net 127.1.0.0/16", "a fleet to scan"},
    {"sim --config backup.bin", "the plug that this dump came from"},
    {"sim --flash chip.bin", "the firmware on a flash that was just configured"},
    {NULL, NULL},
};

const struct cli_command cmd_sim = {
    .name = "sim",
    .face = CLI_VIRTUAL,
    .summary = "run a virtual plug: at a console, by a scenario, or a thousand of them",
    .arguments = "",
    .description =
        "Runs the firmware on a virtual chip with virtual flash, pins and mains. At the console, "
        "lines are commands of the plug; lines that begin with a colon act from outside: :press, "
        ":pin, :run, :load, :power, :crash, :state, :log, :help, :quit. On a terminal lines are "
        "edited and called back with\nthe arrow keys, Tab completes names; Ctrl-B clicks the "
        "button, Ctrl-L holds it, "
        "Ctrl-P interrupts the mains. A plug of\nwhich nothing is said has a relay on P26 and a "
        "button on P24, both channel 1.\n\n"
        "With --scenario the exit code is 0 when all expectations were met, 1 when one failed, 2 "
        "when the file cannot be read, and 3 when it needs something this build does not have.",
    .options = options,
    .examples = examples,
    .run = run,
};
