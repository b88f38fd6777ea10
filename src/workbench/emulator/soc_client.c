/* A run from start to end: the process is fed and read by one poll loop, and ended when it takes
 * too long. */
#include "workbench/emulator/soc_process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { LINE_MAX_SIZE = 16384, WALL_DEFAULT_S = 120 };

struct job {
    const struct soc_request *request;
    struct soc_process process;
    const uint8_t *image;
    size_t image_left, saved;
    char line[LINE_MAX_SIZE];
    size_t line_size;
    bool ended;
    char reason[128];
    void (*on)(void *context, const struct soc_record *record);
    void *context;
};

static void close_fd(int *fd) {
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static void feed(struct job *job) {
    ssize_t put = write(job->process.in, job->image, job->image_left);
    if (put > 0) {
        job->image += put;
        job->image_left -= (size_t)put;
    }
    bool done = job->image_left == 0 && !job->request->more;
    if (done || (put < 0 && errno != EAGAIN && errno != EINTR))
        close_fd(&job->process.in);
}

/* All is tried: the one who asked says what else, or that it is enough. */
static void answer(struct job *job) {
    char command[64] = "";
    bool more = job->request->more && job->request->more(job->context, command, sizeof command);
    size_t size = strlen(command);
    if (!more || write(job->process.in, command, size) != (ssize_t)size)
        close_fd(&job->process.in);
}

static void take_line(struct job *job) {
    struct soc_record record;
    job->line[job->line_size] = '\0';
    job->line_size = 0;
    if (!soc_parse_line(job->line, &record))
        return;
    if (record.kind == SOC_END) {
        job->ended = true;
        snprintf(job->reason, sizeof job->reason, "%s", record.text);
    }
    job->on(job->context, &record);
    if (record.kind == SOC_REST)
        answer(job);
}

static void read_lines(struct job *job) {
    char buffer[65536];
    ssize_t got = read(job->process.lines, buffer, sizeof buffer);
    if (got == 0 || (got < 0 && errno != EINTR))
        close_fd(&job->process.lines);
    for (ssize_t i = 0; i < got; i++) {
        if (buffer[i] == '\n')
            take_line(job);
        else if (job->line_size < LINE_MAX_SIZE - 1)
            job->line[job->line_size++] = buffer[i];
    }
}

static void read_flash(struct job *job) {
    uint8_t buffer[65536];
    ssize_t got = read(job->process.flash, buffer, sizeof buffer);
    if (got == 0 || (got < 0 && errno != EINTR))
        close_fd(&job->process.flash);
    for (ssize_t i = 0; i < got && job->saved < job->request->saved_size; i++)
        job->request->saved[job->saved++] = buffer[i];
}

static int64_t now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Runs the poll loop to the end; false when the wall clock ran out. */
static bool serve(struct job *job) {
    uint32_t limit_s = job->request->wall_limit_s ? job->request->wall_limit_s : WALL_DEFAULT_S;
    int64_t deadline = now_ms() + (int64_t)limit_s * 1000;
    while (job->process.lines >= 0 || job->process.flash >= 0) {
        int in = job->image_left ? job->process.in : -1;
        struct pollfd fds[] = {{.fd = in, .events = POLLOUT},
                               {.fd = job->process.lines, .events = POLLIN},
                               {.fd = job->process.flash, .events = POLLIN}};
        int64_t left = deadline - now_ms();
        if (left <= 0)
            return false;
        if (poll(fds, 3, (int)(left < 1000 ? left : 1000)) < 0 && errno != EINTR)
            return false;
        if (fds[0].revents)
            feed(job);
        if (fds[1].revents)
            read_lines(job);
        if (fds[2].revents)
            read_flash(job);
    }
    return true;
}

/* How the process ended, as a line. */
static const char *verdict(const struct job *job, bool in_time, int state) {
    if (!in_time)
        return "the emulator took too long and was ended";
    if (WIFSIGNALED(state))
        return "the emulator broke off";
    return job->ended ? job->reason : "the emulator gave up";
}

static bool run_job(struct job *job, char *why, size_t why_size) {
    int state = 0;
    if (!soc_process_start(&job->process, job->request, false, job->image_left, why, why_size))
        return false;
    fcntl(job->process.in, F_SETFL, O_NONBLOCK);
    bool in_time = serve(job);
    if (!in_time)
        kill(job->process.pid, SIGKILL);
    waitpid(job->process.pid, &state, 0);
    bool ok = in_time && WIFEXITED(state) && WEXITSTATUS(state) == 0;
    if (!ok)
        snprintf(why, why_size, "%s", verdict(job, in_time, state));
    return ok;
}

bool soc_run(const struct soc_request *request, const uint8_t *image, size_t size,
             void (*on)(void *context, const struct soc_record *record), void *context, char *why,
             size_t why_size) {
    struct job *job = calloc(1, sizeof *job);
    if (!job) {
        snprintf(why, why_size, "out of memory");
        return false;
    }
    *job = (struct job){
        .request = request, .image = image, .image_left = size, .on = on, .context = context};
    void (*before)(int) = signal(SIGPIPE, SIG_IGN);
    bool ok = run_job(job, why, why_size);
    close_fd(&job->process.in);
    close_fd(&job->process.lines);
    close_fd(&job->process.flash);
    signal(SIGPIPE, before);
    free(job);
    return ok;
}
