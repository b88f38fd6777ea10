/* One thread per port, each with a session of its own; they share the labels, the log and the
 * screen, nothing else, so that no port waits for another. */
#include "cli/station.h"

#include "workbench/flasher/driver.h"
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PORTS_MAX = 64, GONE_US = 1500000, ASK_EVERY_US = 300000, LABEL_MAX = 64 };

struct station {
    const struct cli_args *args;
    const struct flash_wish *wish;
    pthread_mutex_t lock; /* of everything below */
    struct file labels;
    size_t labels_at;
    uint64_t serial;
    FILE *log;
    unsigned done, failed;
};

struct place {
    struct station *station;
    const char *port;
    uint64_t count; /* devices to do here, 0: no end */
    pthread_t thread;
    bool running;
};

/* The next label: a line of the list, else a serial number. False when the list is at its end. */
static bool next_label(struct station *st, char *label) {
    bool found = true;
    pthread_mutex_lock(&st->lock);
    if (!st->labels.data)
        snprintf(label, LABEL_MAX, "%04llu", (unsigned long long)st->serial++);
    else {
        const char *text = (const char *)st->labels.data + st->labels_at;
        text += strspn(text, "\r\n");
        size_t length = strcspn(text, "\r\n");
        st->labels_at = (size_t)(text + length - (const char *)st->labels.data);
        found = length > 0;
        snprintf(label, LABEL_MAX, "%.*s", (int)length, text);
    }
    pthread_mutex_unlock(&st->lock);
    return found;
}

static void give_back(struct station *st, const char *label) {
    pthread_mutex_lock(&st->lock);
    if (!st->labels.data)
        st->serial--;
    else
        st->labels_at -= strlen(label);
    pthread_mutex_unlock(&st->lock);
}

/* One line a device: time, label, port, outcome, seconds, what it is or why not. */
static void log_device(struct station *st, const struct place *place, const char *label, bool good,
                       double seconds, const struct session *s) {
    char stamp[32];
    time_t now = time(NULL);
    struct tm tm;
    strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%S", localtime_r(&now, &tm));
    const char *what = good ? s->chip.chip ? s->chip.chip->name : "chip" : s->line.why;
    pthread_mutex_lock(&st->lock);
    *(good ? &st->done : &st->failed) += 1;
    if (st->log) {
        fprintf(st->log, "%s\t%s\t%s\t%s\t%.1f\t%s\n", stamp, label, place->port,
                good ? "ok" : "FAILED", seconds, what);
        fflush(st->log);
    }
    pthread_mutex_unlock(&st->lock);
}

/* Waits until the device was taken away: a while without any answer. */
static void wait_gone(struct chip_job *job) {
    struct session *s = &job->session;
    uint64_t heard = session_now_us(s);
    chip_job_say(job, "next", NULL, "take it off and connect the next one");
    while (!session_cancelled(s) && session_now_us(s) < heard + GONE_US) {
        enum status status = session_link_check(s, 1);
        if (status == STATUS_OK)
            heard = session_now_us(s);
        else if (status != STATUS_TIMEOUT)
            break;
        if (session_pause(s, ASK_EVERY_US) != STATUS_OK)
            break;
    }
}

static void label_file_name(const char *given, const char *label, char *out, size_t size) {
    char safe[LABEL_MAX];
    snprintf(safe, sizeof safe, "%s", label);
    for (char *c = safe; *c; c++)
        if (strchr("/\\: ", *c))
            *c = '_';
    const char *dot = strrchr(given, '.');
    size_t stem = dot && !strchr(dot, '/') ? (size_t)(dot - given) : strlen(given);
    snprintf(out, size, "%.*s-%s%s", (int)stem, given, safe, given + stem);
}

/* One device. False when the place is to end. */
static bool one_device(struct place *place, const char *label, bool last) {
    struct station *st = place->station;
    struct chip_job job = {.prefix = label};
    struct flash_wish wish = *st->wish;
    char backup[4096];
    if (wish.backup) {
        label_file_name(wish.backup, label, backup, sizeof backup);
        wish.backup = backup;
    }
    wish.label = label;
    enum cli_exit code = chip_job_begin_at(&job, st->args, place->port);
    uint64_t start = job.open ? job.started_us : 0;
    enum status status = STATUS_IO;
    if (code == CLI_OK) {
        chip_job_describe(&job);
        status = flash_job(&job, &wish);
    }
    if (status == STATUS_CANCELLED || chip_job_interrupted()) {
        if (code == CLI_OK)
            chip_job_end(&job, status);
        give_back(st, label);
        return false;
    }
    double seconds = code == CLI_OK ? (double)(session_now_us(&job.session) - start) * 1e-6 : 0.0;
    log_device(st, place, label, status == STATUS_OK, seconds, &job.session);
    if (code == CLI_OK) {
        if (!last)
            wait_gone(&job);
        chip_job_end(&job, status);
    }
    return code == CLI_OK;
}

static void *work(void *context) {
    struct place *place = context;
    char label[LABEL_MAX];
    for (uint64_t i = 0; !place->count || i < place->count; i++)
        if (chip_job_interrupted() || !next_label(place->station, label) ||
            !one_device(place, label, i + 1 == place->count))
            break;
    return NULL;
}

static enum cli_exit open_lists(struct station *st) {
    char why[256];
    const char *labels = cli_get(st->args, "labels"), *log = cli_get(st->args, "station-log");
    if (!cli_number(st->args, "serial", 0, UINT32_MAX, &st->serial))
        return CLI_USAGE;
    if (labels && !file_read(labels, 1u << 20, &st->labels, why, sizeof why))
        return cli_fail(st->args, CLI_FAILED, "%s", why);
    if (log && !(st->log = fopen(log, "a")))
        return cli_fail(st->args, CLI_FAILED, "%s: cannot be written", log);
    return CLI_OK;
}

static int start_places(struct station *st, struct place *places, uint64_t count) {
    int n = 0;
    for (const char *port; n < PORTS_MAX && (port = cli_get_nth(st->args, "port", n)); n++) {
        places[n] = (struct place){.station = st, .port = port, .count = count};
        places[n].running = pthread_create(&places[n].thread, NULL, work, &places[n]) == 0;
    }
    return n;
}

enum cli_exit station_run(const struct cli_args *args, const struct flash_wish *wish) {
    struct station st = {.args = args, .wish = wish, .serial = 1};
    struct place places[PORTS_MAX];
    uint64_t count = 0;
    if (!cli_number(args, "count", 1, UINT32_MAX, &count))
        return CLI_USAGE;
    if (!cli_has(args, "yes"))
        return cli_fail(args, CLI_USAGE, "a station does not ask for each device; say --yes");
    if (!cli_get(args, "port"))
        return cli_fail(args, CLI_USAGE, "say which ports with --port, once for each");
    enum cli_exit code = open_lists(&st);
    if (code == CLI_OK) {
        pthread_mutex_init(&st.lock, NULL);
        json_object_seed(0); /* before there are threads */
        int n = start_places(&st, places, count);
        for (int i = 0; i < n; i++)
            if (places[i].running)
                pthread_join(places[i].thread, NULL);
        pthread_mutex_destroy(&st.lock);
        if (!cli_has(args, "json"))
            printf("%u devices done, %u failed\n", st.done, st.failed);
        code = st.failed || !st.done ? CLI_FAILED : CLI_OK;
    }
    if (st.log)
        fclose(st.log);
    file_free(&st.labels);
    return code;
}
