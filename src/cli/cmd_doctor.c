/* plugsmith doctor: what is wrong between this computer and the chip. */
#include "cli/chip_job.h"
#include "cli/commands.h"
#include "workbench/flasher/identify.h"
#include "workbench/flasher/ladder.h"
#include "workbench/flasher/linkup.h"
#include "workbench/flasher/protect.h"

enum { LISTEN_US = 2000000, PROBES = 200, DEFAULT_TIMEOUT_US = 30000000 };

static void say_heard(struct chip_job *job, const struct classify *c) {
    enum heard kind = classify_verdict(c);
    chip_job_say(job, "heard",
                 json_pack("{s:s, s:i, s:s}", "verdict", heard_name(kind), "bytes", (int)c->bytes,
                           "advice", heard_advice(kind)),
                 "listening: %s (%u bytes)", heard_text(kind), (unsigned)c->bytes);
    if (kind != HEARD_SILENCE && kind != HEARD_CHIP)
        chip_job_say(job, "advice", NULL, "  %s", heard_advice(kind));
}

/* Many small questions: how many are lost tells about wires and supply. */
static enum status try_line(struct chip_job *job) {
    struct session *s = &job->session;
    uint32_t lost = 0;
    for (int i = 0; i < PROBES; i++) {
        enum status status = session_link_check(s, 1);
        if (status != STATUS_OK && status != STATUS_TIMEOUT)
            return status;
        lost += status == STATUS_TIMEOUT;
    }
    chip_job_say(
        job, "line",
        json_pack("{s:i, s:i, s:i}", "baud", (int)s->baud, "asked", PROBES, "lost", (int)lost),
        "line at %u baud: %u of %d questions lost%s", (unsigned)s->baud, (unsigned)lost, PROBES,
        lost ? "; shorten the wires, check ground and the 3.3 V supply" : "");
    return STATUS_OK;
}

static enum status examine(struct chip_job *job) {
    struct session *s = &job->session;
    struct classify heard;
    enum status status = linkup_listen(s, LISTEN_US, &heard);
    if (status != STATUS_OK)
        return status;
    say_heard(job, &heard);
    if (!s->options.link_timeout_us)
        s->options.link_timeout_us = DEFAULT_TIMEOUT_US;
    if ((status = linkup(s)) != STATUS_OK)
        return status;
    chip_job_say(job, "link", NULL, "the chip answers");
    if ((status = try_line(job)) == STATUS_OK && (status = identify(s)) == STATUS_OK &&
        (status = ladder_climb(s, 0)) == STATUS_OK && (status = protect_read(s)) == STATUS_OK)
        status = try_line(job);
    if (status != STATUS_OK)
        return status;
    chip_job_describe(job);
    if (!s->chip.bootloader)
        chip_job_say(job, "bootloader", NULL,
                     "its bootloader is unknown or damaged; plugsmith info says more");
    if (protect_is_on(s))
        chip_job_say(job, "protection", NULL,
                     "the flash is write-protected (status %04X); writing verbs will clear that",
                     (unsigned)s->chip.sr);
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
        "a TuyaMCU, a running program, mains hum, noise, damaged answers. Then gets on the bus, "
        "measures how many answers are lost, climbs the ladder of rates and says what answers.\n\n"
        "It changes nothing in the chip.",
    .options = options,
    .examples = examples,
    .run = run,
};
