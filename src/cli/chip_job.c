/* Beginning, showing and ending work on a chip. */
#include "cli/chip_job.h"

#include "cli/port_open.h"
#include "workbench/flasher/bus.h"
#include "workbench/flasher/driver.h"
#include "workbench/flasher/identify.h"
#include "workbench/flasher/state_folder.h"

#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BAR = 30, SHOW_EVERY_US = 100000, LINES_EVERY_US = 5000000 };

static volatile sig_atomic_t interrupted;

static void on_interrupt(int signal) {
    (void)signal;
    interrupted = 1;
}

bool chip_job_interrupted(void) {
    return interrupted;
}

static bool cancelled(void *context) {
    (void)context;
    return interrupted;
}

static void emit(struct chip_job *job, json_t *event) {
    char *text = event ? json_dumps(event, JSON_COMPACT | JSON_REAL_PRECISION(9)) : NULL;
    if (text && job->json) {
        puts(text);
        fflush(stdout);
    }
    if (text && job->log) {
        fprintf(job->log, "%s\n", text);
        fflush(job->log);
    }
    free(text);
    json_decref(event);
}

static void clear_bar(struct chip_job *job) {
    if (job->bar)
        fputs("\r\033[K", stderr);
    job->bar = false;
}

static json_t *event_of(struct chip_job *job, const char *name, json_t *fields) {
    json_t *event = json_pack("{s:s, s:f}", "event", name, "at_s",
                              job->open ? (double)session_now_us(&job->session) * 1e-6 : 0.0);
    if (job->prefix)
        json_object_set_new(event, "unit", json_string(job->prefix));
    if (fields)
        json_object_update(event, fields);
    json_decref(fields);
    return event;
}

static const char *lead(const struct chip_job *job) {
    return job->prefix ? job->prefix : "";
}

void chip_job_say(struct chip_job *job, const char *event, json_t *fields, const char *format,
                  ...) {
    char text[512];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    clear_bar(job);
    if (!job->json)
        printf("%s%s%s\n", lead(job), job->prefix ? ": " : "", text);
    json_t *line = event_of(job, event, fields);
    json_object_set_new(line, "text", json_string(text));
    emit(job, line);
}

enum cli_exit chip_job_fail(struct chip_job *job, enum cli_exit code, const char *format, ...) {
    char text[512];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    clear_bar(job);
    fprintf(stderr, "plugsmith %s: %s%s%s\n", job->args->command->name, lead(job),
            job->prefix ? ": " : "", text);
    json_t *line = event_of(job, "error", NULL);
    json_object_set_new(line, "text", json_string(text));
    emit(job, line);
    return code;
}

/* --- progress --- */

static void show_bar(struct chip_job *job, const struct session_event *e, double rate,
                     double left_s) {
    char bar[BAR + 1];
    int full = e->total ? (int)(e->done * BAR / e->total) : BAR;
    for (int i = 0; i < BAR; i++)
        bar[i] = i < full ? '#' : '.';
    bar[BAR] = '\0';
    fprintf(stderr, "\r%s [%s] %3d%%", e->text, bar,
            (int)(e->total ? e->done * 100 / e->total : 100));
    if (rate > 0)
        fprintf(stderr, "  %.0f KiB/s  %.0f s left", rate / 1024, left_s);
    fprintf(stderr, "  %u baud", (unsigned)session_baud(&job->session));
    if (e->retries)
        fprintf(stderr, "  %u retries", (unsigned)e->retries);
    fputs("\033[K", stderr);
    job->bar = true;
}

/* For a file or a pipe: a line now and then. */
static void show_line(struct chip_job *job, const struct session_event *e, double rate) {
    char detail[80] = "";
    int n = 0;
    if (rate > 0)
        n = snprintf(detail, sizeof detail, "%.0f KiB/s", rate / 1024);
    if (e->retries)
        snprintf(detail + n, sizeof detail - (size_t)n, "%s%u retries", n ? ", " : "",
                 (unsigned)e->retries);
    fprintf(stderr, "%s%s%s %d%%%s%s%s\n", lead(job), job->prefix ? ": " : "", e->text,
            (int)(e->total ? e->done * 100 / e->total : 100), detail[0] ? " (" : "", detail,
            detail[0] ? ")" : "");
}

static void on_progress(struct chip_job *job, const struct session_event *e) {
    if (strcmp(job->phase, e->text) != 0 || e->done < job->phase_from) {
        snprintf(job->phase, sizeof job->phase, "%s", e->text);
        job->phase_us = e->at_us;
        job->phase_from = e->done;
        job->last_shown_us = 0;
    }
    bool terminal = isatty(2) && !job->json && !job->prefix;
    uint64_t every = terminal || job->json ? SHOW_EVERY_US : LINES_EVERY_US;
    if (e->done < e->total && job->last_shown_us && e->at_us < job->last_shown_us + every)
        return;
    job->last_shown_us = e->at_us ? e->at_us : 1;
    double seconds = (double)(e->at_us - job->phase_us) * 1e-6;
    double rate = seconds > 0 ? (double)(e->done - job->phase_from) / seconds : 0;
    double left = rate > 0 ? (double)(e->total - e->done) / rate : 0;
    emit(job, event_of(job, "progress",
                       json_pack("{s:s, s:I, s:I, s:f, s:f, s:i, s:i}", "what", e->text, "done",
                                 (json_int_t)e->done, "total", (json_int_t)e->total, "bytes_per_s",
                                 rate, "left_s", left, "retries", (int)e->retries, "baud",
                                 (int)session_baud(&job->session))));
    if (job->json)
        return;
    if (terminal)
        show_bar(job, e, rate, left);
    else if (seconds >= 1 && (e->done == e->total || e->at_us - job->phase_us >= LINES_EVERY_US))
        show_line(job, e, rate);
}

static void on_event(void *context, const struct session_event *e) {
    struct chip_job *job = context;
    static const char *const names[] = {"note", "warning", "heard", "progress", "trace"};
    if (e->kind == SESSION_PROGRESS) {
        on_progress(job, e);
        return;
    }
    emit(job, event_of(job, names[e->kind], json_pack("{s:s}", "text", e->text)));
    if (job->json || e->kind == SESSION_TRACE)
        return;
    clear_bar(job);
    if (e->kind == SESSION_HEARD && isatty(2) && !job->prefix) {
        fprintf(stderr, "\r%s\033[K", e->text); /* the live line */
        job->bar = true;
    } else
        fprintf(stderr, "%s%s%s%s\n", lead(job), job->prefix ? ": " : "",
                e->kind == SESSION_WARNING ? "warning: " : "", e->text);
}

/* --- beginning and end --- */

static bool read_options(struct chip_job *job, struct session_options *options) {
    uint64_t baud = 0, timeout = 0, size = 0;
    if (!cli_number(job->args, "baud", 1200, 10000000, &baud) ||
        !cli_number(job->args, "timeout", 1, 86400, &timeout) ||
        !cli_number(job->args, "size", 65536, 64u << 20, &size))
        return false;
    if (size % BEKEN_SECTOR) {
        cli_fail(job->args, CLI_USAGE, "--size: a flash has whole sectors of 0x1000 bytes");
        return false;
    }
    *options = (struct session_options){.baud = (uint32_t)baud,
                                        .link_timeout_us = timeout * 1000000,
                                        .size = (uint32_t)size,
                                        .no_reset = cli_has(job->args, "no-reset")};
    for (const struct cli_option *o = job->args->command->options; o && o->name; o++)
        if (strcmp(o->name, "doubtful-flash") == 0)
            options->doubtful_flash = cli_has(job->args, o->name);
        else if (strcmp(o->name, "bad-line") == 0)
            options->bad_line = cli_has(job->args, o->name);
    return true;
}

enum cli_exit chip_job_open(struct chip_job *job, const struct cli_args *args, const char *port) {
    const char *prefix = job->prefix;
    *job = (struct chip_job){.args = args, .json = cli_has(args, "json"), .prefix = prefix};
    struct session_options options;
    if (!port)
        return chip_job_fail(job, CLI_USAGE,
                             "say which port with --port (plugsmith ports lists them)");
    if (!read_options(job, &options))
        return CLI_USAGE;
    const char *log = cli_get(args, "log");
    if (log && !(job->log = fopen(log, "a")))
        return chip_job_fail(job, CLI_FAILED, "%s: cannot be written", log);
    if (!port_open(&job->link, port)) {
        chip_job_fail(job, CLI_FAILED, "%s", job->link.why);
        if (job->log)
            fclose(job->log);
        return CLI_FAILED;
    }
    job->open = true;
    struct session_listener listener = {on_event, cancelled, job};
    session_start(&job->session, &job->link, &options, &listener);
    job->started_us = session_now_us(&job->session);
    struct sigaction action = {.sa_handler = on_interrupt};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    return CLI_OK;
}

static enum status no_size(struct session *s) {
    if (s->chip.family == BEKEN_FAMILY_B)
        return session_fail(s, STATUS_REFUSED,
                            "how large the flash is cannot be told: this bootloader does not say, "
                            "and the first page is blank, so that wrapping around shows nothing. "
                            "BK7231T, U and Q modules have 2 MiB (--size 2M), BK7252 2 or 4");
    return session_fail(s, STATUS_REFUSED,
                        "how large the flash is cannot be told: its id %06X is in no table. Give "
                        "it with --size",
                        (unsigned)s->chip.flash_id);
}

enum cli_exit chip_job_begin_at(struct chip_job *job, const struct cli_args *args,
                                const char *port) {
    enum cli_exit code = chip_job_open(job, args, port);
    if (code != CLI_OK)
        return code;
    struct session *s = &job->session;
    enum status status = identify_on_bus(s);
    if (status == STATUS_OK && !s->chip.size)
        status = no_size(s);
    if (status == STATUS_OK)
        status = session_climb(s, rates_recall(job->link.adapter));
    if (status == STATUS_OK && (status = session_measure_latency(s)) == STATUS_TIMEOUT)
        status = session_recover(s); /* not a moment to give up: the chip can be fetched back */
    return status == STATUS_OK ? CLI_OK : chip_job_end(job, status);
}

enum cli_exit chip_job_begin(struct chip_job *job, const struct cli_args *args) {
    job->prefix = NULL;
    return chip_job_begin_at(job, args, cli_get(args, "port"));
}

enum cli_exit chip_job_close(struct chip_job *job, enum cli_exit code) {
    bool was_open = job->open;
    job->open = false;
    if (was_open && link_close(&job->link) != STATUS_OK)
        code = chip_job_fail(job, code == CLI_OK ? CLI_FAILED : code, "%s", job->link.why);
    if (job->log)
        fclose(job->log);
    job->log = NULL;
    return code;
}

enum cli_exit chip_job_end(struct chip_job *job, enum status status) {
    const struct session *s = &job->session;
    clear_bar(job);
    if (status == STATUS_OK && session_baud(s) > BEKEN_FIRST_BAUD)
        rates_remember(job->link.adapter, session_baud(s));
    if (status != STATUS_OK)
        chip_job_fail(job, CLI_FAILED, "%s", s->line.why[0] ? s->line.why : status_text(status));
    emit(job, event_of(job, "end",
                       json_pack("{s:s, s:f, s:I, s:I, s:i, s:i, s:i}", "status",
                                 status == STATUS_OK ? "ok" : "failed", "seconds",
                                 (double)(session_now_us(&job->session) - job->started_us) * 1e-6,
                                 "bytes_out", (json_int_t)s->stats.bytes_out, "bytes_in",
                                 (json_int_t)s->stats.bytes_in, "retries", (int)s->line.retries,
                                 "relinks", (int)s->line.relinks, "supply_dips",
                                 (int)s->line.supply_dips)));
    return chip_job_close(job, status == STATUS_OK ? CLI_OK : CLI_FAILED);
}

bool chip_job_confirm(struct chip_job *job, const char *question) {
    char line[16];
    if (cli_has(job->args, "yes"))
        return true;
    if (!isatty(0)) {
        session_fail(&job->session, STATUS_REFUSED, "%s Say --yes to go on without being asked",
                     question);
        return false;
    }
    clear_bar(job);
    fprintf(stderr, "%s [y/N] ", question);
    bool yes = fgets(line, sizeof line, stdin) && (line[0] == 'y' || line[0] == 'Y');
    if (!yes)
        session_fail(&job->session, STATUS_CANCELLED, "nothing was changed");
    return yes;
}
