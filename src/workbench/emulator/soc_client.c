/* The process: found beside the program or in its libexec folder, started with three pipes (image
 * in, lines out, flash out), fed and read by one poll loop, ended when it takes too long. */
#include "workbench/emulator/soc_client.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

enum { ARGUMENTS_MAX = 2 * SOC_PRESSES_MAX + 24, LINE_MAX_SIZE = 16384, WALL_DEFAULT_S = 120 };

struct job {
    const struct soc_request *request;
    pid_t pid;
    int image_fd, lines_fd, flash_fd;
    const uint8_t *image;
    size_t image_left, saved;
    char line[LINE_MAX_SIZE];
    size_t line_size;
    bool ended;
    char reason[128];
    void (*on)(void *context, const struct soc_record *record);
    void *context;
};

bool soc_program(char *path, size_t size) {
    static const char *const places[] = {"plugsmith-soc", "../libexec/plugsmith/plugsmith-soc",
                                         "../plugsmith-soc"};
    char self[4096];
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    if (length <= 0)
        return false;
    self[length] = '\0';
    char *slash = strrchr(self, '/');
    *slash = '\0';
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        int n = snprintf(path, size, "%s/%s", self, places[i]);
        if (n > 0 && (size_t)n < size && access(path, X_OK) == 0)
            return true;
    }
    return false;
}

struct arguments {
    char *list[ARGUMENTS_MAX];
    int count;
    char for_ms[16], ticks[16], enough[16];
};

static void add(struct arguments *a, const char *text) {
    a->list[a->count++] = (char *)(uintptr_t)text;
}

static void build_arguments(struct arguments *a, const struct soc_request *r, const char *program) {
    add(a, program);
    snprintf(a->for_ms, sizeof a->for_ms, "%u", r->for_ms);
    add(a, "--for-ms");
    add(a, a->for_ms);
    if (r->ticks_per_us) {
        snprintf(a->ticks, sizeof a->ticks, "%u", r->ticks_per_us);
        add(a, "--ticks-per-us");
        add(a, a->ticks);
    }
    if (r->enough_ms) {
        snprintf(a->enough, sizeof a->enough, "%u", r->enough_ms);
        add(a, "--enough");
        add(a, a->enough);
    }
    if (r->chip) {
        add(a, "--chip");
        add(a, r->chip);
    }
    if (r->mcu) {
        add(a, "--mcu");
        add(a, r->mcu);
    }
    if (r->until) {
        add(a, "--until");
        add(a, r->until);
    }
    for (int i = 0; i < r->press_count; i++) {
        add(a, "--press");
        add(a, r->press[i]);
    }
    if (r->events)
        add(a, "--events");
    if (r->experiment)
        add(a, "--experiment");
    if (r->memory)
        add(a, "--memory");
    if (r->saved)
        add(a, "--save");
}

static bool start(struct job *job, const char *program) {
    struct arguments arguments = {.count = 0};
    int image[2], lines[2], flash[2];
    if (pipe2(image, O_CLOEXEC) || pipe2(lines, O_CLOEXEC) || pipe2(flash, O_CLOEXEC))
        return false;
    build_arguments(&arguments, job->request, program);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, image[0], 0);
    posix_spawn_file_actions_adddup2(&actions, lines[1], 1);
    /* a descriptor that already is 3 keeps close-on-exec through dup2, so move it away first */
    int flash_out = fcntl(flash[1], F_DUPFD_CLOEXEC, 10);
    posix_spawn_file_actions_adddup2(&actions, flash_out, 3);
    bool ok = posix_spawn(&job->pid, program, &actions, NULL, arguments.list, environ) == 0;
    posix_spawn_file_actions_destroy(&actions);
    close(image[0]);
    close(lines[1]);
    close(flash[1]);
    close(flash_out);
    job->image_fd = image[1];
    job->lines_fd = lines[0];
    job->flash_fd = flash[0];
    fcntl(job->image_fd, F_SETFL, O_NONBLOCK);
    return ok;
}

static void close_fd(int *fd) {
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static void feed(struct job *job) {
    ssize_t put = write(job->image_fd, job->image, job->image_left);
    if (put > 0) {
        job->image += put;
        job->image_left -= (size_t)put;
    }
    if (job->image_left == 0 || (put < 0 && errno != EAGAIN && errno != EINTR))
        close_fd(&job->image_fd);
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
}

static void read_lines(struct job *job) {
    char buffer[65536];
    ssize_t got = read(job->lines_fd, buffer, sizeof buffer);
    if (got == 0 || (got < 0 && errno != EINTR))
        close_fd(&job->lines_fd);
    for (ssize_t i = 0; i < got; i++) {
        if (buffer[i] == '\n')
            take_line(job);
        else if (job->line_size < LINE_MAX_SIZE - 1)
            job->line[job->line_size++] = buffer[i];
    }
}

static void read_flash(struct job *job) {
    uint8_t buffer[65536];
    ssize_t got = read(job->flash_fd, buffer, sizeof buffer);
    if (got == 0 || (got < 0 && errno != EINTR))
        close_fd(&job->flash_fd);
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
    while (job->lines_fd >= 0 || job->flash_fd >= 0) {
        struct pollfd fds[] = {{.fd = job->image_fd, .events = POLLOUT},
                               {.fd = job->lines_fd, .events = POLLIN},
                               {.fd = job->flash_fd, .events = POLLIN}};
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

bool soc_run(const struct soc_request *request, const uint8_t *image, size_t size,
             void (*on)(void *context, const struct soc_record *record), void *context, char *why,
             size_t why_size) {
    char program[4096 + 64];
    struct job *job = calloc(1, sizeof *job);
    if (!job || !soc_program(program, sizeof program)) {
        free(job);
        snprintf(why, why_size, "plugsmith-soc is not beside this program; build or install it");
        return false;
    }
    *job = (struct job){.request = request,
                        .image = image,
                        .image_left = size,
                        .image_fd = -1,
                        .lines_fd = -1,
                        .flash_fd = -1,
                        .on = on,
                        .context = context};
    void (*before)(int) = signal(SIGPIPE, SIG_IGN);
    bool ok = start(job, program);
    if (!ok)
        snprintf(why, why_size, "%s: cannot be started", program);
    else {
        bool in_time = serve(job);
        int state = 0;
        if (!in_time)
            kill(job->pid, SIGKILL);
        waitpid(job->pid, &state, 0);
        ok = in_time && WIFEXITED(state) && WEXITSTATUS(state) == 0;
        if (!ok)
            snprintf(why, why_size, "%s",
                     !in_time             ? "the emulator took too long and was ended"
                     : WIFSIGNALED(state) ? "the emulator broke off"
                     : job->ended         ? job->reason
                                          : "the emulator gave up");
    }
    close_fd(&job->image_fd);
    close_fd(&job->lines_fd);
    close_fd(&job->flash_fd);
    signal(SIGPIPE, before);
    free(job);
    return ok;
}
