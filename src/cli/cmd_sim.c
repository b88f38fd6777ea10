/* plugsmith sim: the virtual plug, at a console, by a scenario file, or by the thousand. */
#include "cli/commands.h"
#include "cli/plug_source.h"
#include "cli/sim_console.h"
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

static bool configure(const struct cli_args *args, struct plug *plug, char *why) {
    const char *template = cli_get(args, "template"), *dump = cli_get(args, "config"), *text;
    if (template && !plug_source_template(plug, template, why, WHY))
        return false;
    if (dump && !plug_source_dump(plug, dump, why, WHY))
        return false;
    for (int i = 0; (text = cli_get_nth(args, "set", i)); i++)
        if (!plug_source_set(plug, text, why, WHY))
            return false;
    text = cli_get(args, "load");
    if (text && plug_set_load(plug, text) != STATUS_OK) {
        snprintf(why, WHY, "a load is written like: 0m 60W; 20m 3W");
        return false;
    }
    return true;
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

static void run_all(struct plug **plugs, uint64_t count, double seconds) {
    double start = seconds_of(CLOCK_MONOTONIC);
    for (;;) {
        double now = seconds_of(CLOCK_MONOTONIC) - start;
        if (now >= seconds)
            return;
        uint64_t until = (uint64_t)(now * 100) * PLUG_FRAME_MS, next = until + 200;
        for (uint64_t i = 0; i < count; i++) {
            if (plugs[i]->wake_ms <= until && plug_now_ms(plugs[i]) < until)
                plug_run_fast(plugs[i], until - plug_now_ms(plugs[i]));
            next = plugs[i]->wake_ms < next ? plugs[i]->wake_ms : next;
        }
        if (next > until)
            nanosleep(&(struct timespec){0, (long)((next - until) * 1000000)}, NULL);
    }
}

static enum cli_exit run_many(const struct cli_args *args, uint64_t count) {
    char why[WHY];
    uint64_t seconds = 10, made = 0;
    if (!cli_number(args, "for", 1, 86400, &seconds))
        return CLI_USAGE;
    struct plug **plugs = calloc(count, sizeof(struct plug *));
    long before = resident_kib();
    bool good = plugs != NULL;
    for (; good && made < count; made++) {
        plugs[made] = malloc(sizeof **plugs);
        good = plugs[made] && plug_init(plugs[made], chip_of(args)) &&
               configure(args, plugs[made], why);
    }
    double cpu = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
    if (good)
        run_all(plugs, count, (double)seconds);
    cpu = seconds_of(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    if (good)
        printf("%llu plugs for %llu s: %.1f KiB each, %.2f %% of one core\n",
               (unsigned long long)count, (unsigned long long)seconds,
               (double)(resident_kib() - before) / (double)count, 100 * cpu / (double)seconds);
    for (uint64_t i = 0; plugs && i < made; i++) {
        if (plugs[i])
            plug_free(plugs[i]);
        free(plugs[i]);
    }
    free(plugs);
    return good ? CLI_OK : cli_fail(args, CLI_FAILED, "%s", why);
}

static enum cli_exit run_one(const struct cli_args *args, double speed) {
    char why[WHY];
    struct plug *plug = malloc(sizeof *plug);
    if (!plug || !plug_init(plug, chip_of(args))) {
        free(plug);
        return cli_fail(args, CLI_USAGE, "unknown chip \"%s\"", chip_of(args));
    }
    enum cli_exit code = CLI_OK;
    if (configure(args, plug, why))
        code = (enum cli_exit)sim_console(plug, speed);
    else
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
    return count ? run_many(args, count) : run_one(args, (double)speed);
}

static const struct cli_option options[] = {
    {"scenario", 's', "FILE", "run a scenario and report", NULL, false},
    {"template", 't', "FILE", "pins, flags and startup command from an OpenBeken template", NULL,
     false},
    {"config", 'c', "DUMP", "pins from the configuration inside a flash dump", NULL, false},
    {"set", 0, "KEY=VALUE", "a setting, flag<n>, P<n>=Role;channel or ch<n>", NULL, true},
    {"load", 'l', "PROFILE", "power behind the relay, like \"0m 60W; 20m 3W\"", NULL, false},
    {"chip", 0, "NAME", "the chip the plug has (default BK7231N)", NULL, false},
    {"speed", 0, "N", "virtual seconds per second (default 1)", NULL, false},
    {"count", 'n', "N", "run that many plugs and print memory and CPU time of each", NULL, false},
    {"for", 0, "SECONDS", "how long --count runs (default 10)", NULL, false},
    {"verbose", 'v', NULL, "print every line of the scenario", NULL, false},
    {"keep-going", 0, NULL, "go on after a failed expectation (what happens anyway)", NULL, false},
    {NULL, 0, NULL, NULL, NULL, false},
};

static const struct cli_example examples[] = {
    {"sim --scenario tests/scenario/relay.txt", "run one scenario"},
    {"sim --template plug.json --load \"0m 60W; 20m 3W\" --speed 60", "a plug, an hour a minute"},
    {"sim --config backup.bin", "the plug that this dump came from"},
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
        ":pin, :run, :load, :power, :state, :quit. On a terminal Ctrl-B clicks the button, Ctrl-L "
        "holds it, Ctrl-P interrupts the mains.\n\n"
        "With --scenario the exit code is 0 when all expectations were met, 1 when one failed, 2 "
        "when the file cannot be read, and 3 when it needs something this build does not have.",
    .options = options,
    .examples = examples,
    .run = run,
};
