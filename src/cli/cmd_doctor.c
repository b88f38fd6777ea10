/* plugsmith doctor: what is wrong between this computer and the chip. */
#include "cli/chip_job.h"
#include "cli/commands.h"
#include "workbench/engine/ladder.h"
#include "workbench/flasher/bus.h"
#include "workbench/flasher/identify.h"
#include "workbench/flasher/protect.h"

enum { LISTEN_US = 2000000, PROBES = 200, DEFAULT_TIMEOUT_US = 30000000 };

/* What was found out, for the summary. */
struct findings {
    uint32_t lost_slow; /* of PROBES, at 115200 */
    const char *reset;  /* wiring that resets the chip, or NULL */
};

static void say_port(struct chip_job *job) {
    const struct link *l = &job->link;
    chip_job_say(job, "port",
                 json_pack("{s:s, s:b, s:b}", "adapter", l->adapter, "reset_lines", l->has_lines,
                           "rates", l->has_baud),
                 "port: %s%s%s", l->adapter, l->has_lines ? "" : "; no DTR and RTS here",
                 l->has_baud ? "" : "; its rate is not ours to choose");
}

static void say_heard(struct chip_job *job, const struct classify *c) {
    enum heard kind = classify_verdict(c);
    chip_job_say(job, "heard",
                 json_pack("{s:s, s:i, s:s}", "verdict", heard_name(kind), "bytes", (int)c->bytes,
                           "advice", heard_advice(kind)),
                 "listening: %s (%u bytes)", heard_text(kind), (unsigned)c->bytes);
    if (kind != HEARD_SILENCE && kind != HEARD_CHIP)
        chip_job_say(job, "advice", NULL, "  %s", heard_advice(kind));
    if (c->text_length > 8)
        chip_job_say(job, "text", NULL, "  the end of it: %.60s",
                     c->text + (c->text_length > 60 ? c->text_length - 60 : 0));
}

/* Many small questions: how many are lost tells about wires and supply. */
static enum status try_line(struct chip_job *job, uint32_t *lost) {
    struct session *s = &job->session;
    *lost = 0;
    for (int i = 0; i < PROBES; i++) {
        enum status status = session_link_check(s, 1);
        if (status != STATUS_OK && status != STATUS_TIMEOUT)
            return status;
        *lost += status == STATUS_TIMEOUT;
    }
    chip_job_say(job, "line",
                 json_pack("{s:i, s:i, s:i}", "baud", (int)session_baud(s), "asked", PROBES, "lost",
                           (int)*lost),
                 "line at %u baud: %u of %d questions lost%s", (unsigned)session_baud(s),
                 (unsigned)*lost, PROBES,
                 *lost ? "; shorten the wires, check ground and the 3.3 V supply" : "");
    return STATUS_OK;
}

/* Up the ladder, rung by rung, as far as it goes without losses. */
static enum status try_rates(struct chip_job *job, struct findings *f) {
    struct session *s = &job->session;
    enum status status = try_line(job, &f->lost_slow);
    uint32_t good = session_baud(s);
    for (unsigned i = 1; status == STATUS_OK && s->link->has_baud && ladder_rung(i); i++) {
        uint32_t lost = 0;
        status = session_use_rate(s, ladder_rung(i));
        if (status == STATUS_TIMEOUT) {
            chip_job_say(job, "rate",
                         json_pack("{s:i, s:b}", "baud", (int)ladder_rung(i), "works", 0),
                         "line at %u baud: does not work", (unsigned)ladder_rung(i));
            return session_climb(s, good);
        }
        if (status == STATUS_OK)
            status = try_line(job, &lost);
        if (status != STATUS_OK || lost > f->lost_slow)
            return status == STATUS_OK ? session_climb(s, good) : status;
        good = session_baud(s);
    }
    return status;
}

static void say_reset(struct chip_job *job, const struct findings *f) {
    if (!job->link.has_lines || job->session.options.no_reset)
        return;
    chip_job_say(job, "reset", json_pack("{s:s}", "line", f->reset ? f->reset : ""),
                 f->reset ? "reset: %s pulls CEN; no hand is needed"
                          : "reset: neither RTS nor DTR reaches CEN%s; touch CEN to GND by hand",
                 f->reset ? f->reset : "");
}

static void summarise(struct chip_job *job, const struct findings *f) {
    const struct session *s = &job->session;
    bool weak = s->line.supply_dips > 0;
    const char *text = weak ? "the supply dips: feed 3.3 V from a source of 300 mA and more before "
                              "anything is written"
                       : f->lost_slow ? "the line loses bytes even at 115200: mend the wires first"
                       : session_baud(s) < 921600 && s->link->has_baud
                           ? "it works, but only slowly: shorter wires or a better adapter help"
                           : "ready: plugsmith backup is the next step";
    chip_job_say(job, "summary",
                 json_pack("{s:i, s:i, s:i}", "baud", (int)session_baud(s), "lost",
                           (int)f->lost_slow, "supply_dips", (int)s->line.supply_dips),
                 "%s", text);
}

static void say_chip(struct chip_job *job) {
    struct session *s = &job->session;
    chip_job_describe(job);
    if (!s->chip.bootloader)
        chip_job_say(job, "bootloader", NULL,
                     "its bootloader is unknown or damaged; plugsmith info says more");
    if (protect_is_on(s))
        chip_job_say(job, "protection", NULL,
                     "the flash is write-protected (status %04X); writing verbs will clear that",
                     (unsigned)s->chip.sr);
}

static enum status examine(struct chip_job *job) {
    struct session *s = &job->session;
    struct classify heard;
    struct findings f = {.reset = NULL};
    say_port(job);
    enum status status = session_listen(s, LISTEN_US, &heard);
    if (status != STATUS_OK)
        return status;
    say_heard(job, &heard);
    if (!s->options.link_timeout_us)
        s->options.link_timeout_us = DEFAULT_TIMEOUT_US;
    if ((status = session_link_up(s)) != STATUS_OK)
        return status;
    chip_job_say(job, "link", NULL, "the chip answers");
    if ((status = identify(s)) == STATUS_OK && (status = try_rates(job, &f)) == STATUS_OK &&
        (status = session_find_reset(s, &f.reset)) == STATUS_OK)
        status = protect_read(s);
    if (status != STATUS_OK)
        return status;
    say_reset(job, &f);
    say_chip(job);
    summarise(job, &f);
    return STATUS_OK;
}

static enum cli_exit run(const struct cli_args *args) {
    struct chip_job job = {.prefix = NULL};
    enum cli_exit code = chip_job_open(&job, args, cli_get(args, "port"));
    if (code != CLI_OK)
        return code;
    chip_job_say(&job, "safety", NULL,
                 "Never connect a computer to a board that is on the mains: unplug it, and feed "
                 "the chip 3.3 V.");
    return chip_job_end(&job, examine(&job));
}

static const struct cli_option options[] = {CHIP_JOB_OPTIONS, {0}};
static const struct cli_example examples[] = {
    {"doctor -p /dev/ttyUSB0", "what is heard, who answers, how good the line is"},
    {0},
};
const struct cli_command cmd_doctor = {
    .name = "doctor",
    .face = CLI_WORKBENCH,
    .summary = "find out why a chip does not answer, or how well it does",
    .arguments = "",
    .description =
        "Listens first and names what it hears: silence, our own echo, boot text of the log port, "
        "a TuyaMCU, a running program, mains hum, noise, damaged answers, and says what to move. "
        "Then gets on the bus, measures at every rate how many answers are lost, finds out whether "
        "RTS or DTR resets the chip, says what answers and what to do next.\n\n"
        "It changes nothing in the chip.",
    .options = options,
    .examples = examples,
    .run = run,
};
