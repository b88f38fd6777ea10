/* How many requests a second the web server answers on one core: /cm?cmnd=STATUS over loopback with
 * keep-alive on eight connections, a client in another process. Beside it the least a server can
 * do: read a request, write the same bytes. */
#include "bench.h"
#include "cli/sim_net.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CONNECTIONS = 8, PORT = 18971, BARE_PORT = 18972, SAMPLES = 1 << 20, ROOM = 16384 };
static const double seconds = 2.0;
static const char request[] = "GET /cm?cmnd=STATUS HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";

struct figures {
    double per_second, p99_ms;
    size_t bytes;
};

struct link {
    int fd;
    double sent;
    char got[ROOM];
    size_t size;
};

static int dial(uint16_t port) {
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port)};
    a.sin_addr.s_addr = htonl(0x7F000001);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    while (connect(fd, (struct sockaddr *)&a, sizeof a) != 0)
        usleep(1000);
    return fd;
}

static void ask(struct link *l) {
    l->size = 0;
    l->sent = bench_seconds();
    if (write(l->fd, request, sizeof request - 1) < 0)
        _exit(1);
}

/* The answer is whole when the last chunk, or the announced length, is there. */
static int whole(const struct link *l) {
    const char *body = memmem(l->got, l->size, "\r\n\r\n", 4);
    if (!body)
        return 0;
    const char *length = memmem(l->got, (size_t)(body - l->got), "Content-Length: ", 16);
    if (length)
        return l->size >= (size_t)(body + 4 - l->got) + strtoul(length + 16, NULL, 10);
    return l->size > 5 && memcmp(l->got + l->size - 5, "0\r\n\r\n", 5) == 0;
}

static int by_size(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static struct figures load(uint16_t port) {
    static struct link links[CONNECTIONS];
    struct pollfd fds[CONNECTIONS];
    double *times = malloc(SAMPLES * sizeof *times), start;
    size_t done = 0, bytes = 0;
    for (int i = 0; i < CONNECTIONS; i++) {
        links[i].fd = dial(port);
        fds[i] = (struct pollfd){links[i].fd, POLLIN, 0};
        ask(&links[i]);
    }
    start = bench_seconds();
    while (bench_seconds() - start < seconds && done < SAMPLES) {
        poll(fds, CONNECTIONS, 1000);
        for (int i = 0; i < CONNECTIONS && done < SAMPLES; i++) {
            struct link *l = &links[i];
            if (!fds[i].revents)
                continue;
            ssize_t got = read(l->fd, l->got + l->size, sizeof l->got - l->size);
            if (got <= 0)
                _exit(1);
            l->size += (size_t)got;
            if (whole(l)) {
                bytes = l->size;
                times[done++] = bench_seconds() - l->sent;
                ask(l);
            }
        }
    }
    double took = bench_seconds() - start;
    qsort(times, done, sizeof *times, by_size);
    struct figures f = {(double)done / took, done ? times[done * 99 / 100] * 1000 : 0, bytes};
    free(times);
    return f;
}

static double cpu(pid_t child) {
    (void)child;
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Starts the client; its figures come through the pipe. */
static pid_t client(uint16_t port, int out) {
    pid_t pid = fork();
    if (pid)
        return pid;
    struct figures f = load(port);
    _exit(write(out, &f, sizeof f) == (ssize_t)sizeof f ? 0 : 1);
}

static int ended(int in, struct figures *f) {
    struct pollfd p = {in, POLLIN, 0};
    return poll(&p, 1, 0) > 0 && read(in, f, sizeof *f) == (ssize_t)sizeof *f;
}

static struct figures serve_plug(double *cpu_us) {
    int ends[2];
    char why[256];
    struct figures f = {0};
    struct posix_net *net = posix_net_new();
    struct sim_plug *plug = sim_net_plug(net, "BK7231N", 0, 0x7F000001, PORT, why);
    if (!plug || pipe(ends) != 0) {
        fprintf(stderr, "%s\n", why);
        exit(1);
    }
    pid_t pid = client(PORT, ends[1]);
    double start = bench_seconds(), before = cpu(pid);
    uint64_t frame = 0, rounds = 0;
    while (++rounds % 64 || !ended(ends[0], &f)) {
        posix_net_wait(net, 5);
        sim_net_deliver(net);
        uint64_t now = (uint64_t)((bench_seconds() - start) * 100);
        if (now > frame) {
            plug_run_fast(&plug->plug, (now - frame) * PLUG_FRAME_MS);
            frame = now;
        }
    }
    *cpu_us = (cpu(pid) - before) * 1e6 / (f.per_second * seconds);
    waitpid(pid, NULL, 0);
    sim_net_free(plug);
    return f;
}

static struct figures serve_bare(size_t bytes, double *cpu_us) {
    static char answer[ROOM], in[ROOM];
    int ends[2], on = 1, listener = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(BARE_PORT)};
    struct figures f = {0};
    struct pollfd fds[CONNECTIONS];
    int n = snprintf(answer, sizeof answer, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n",
                     bytes - 44);
    memset(answer + n, 'x', bytes - (size_t)n);
    a.sin_addr.s_addr = htonl(0x7F000001);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (struct sockaddr *)&a, sizeof a) != 0 || listen(listener, 8) != 0 ||
        pipe(ends) != 0)
        exit(1);
    pid_t pid = client(BARE_PORT, ends[1]);
    for (int i = 0; i < CONNECTIONS; i++)
        fds[i] = (struct pollfd){accept(listener, NULL, NULL), POLLIN, 0};
    double before = cpu(pid);
    size_t size = (size_t)n + strtoul(strstr(answer, "Length: ") + 8, NULL, 10);
    for (uint64_t rounds = 0; rounds++ % 64 || !ended(ends[0], &f);) {
        poll(fds, CONNECTIONS, 5);
        for (int i = 0; i < CONNECTIONS; i++)
            if (fds[i].revents && read(fds[i].fd, in, sizeof in) > 0 &&
                write(fds[i].fd, answer, size) < 0)
                break;
    }
    *cpu_us = (cpu(pid) - before) * 1e6 / (f.per_second * seconds);
    waitpid(pid, NULL, 0);
    close(listener);
    return f;
}

int main(void) {
    double plug_us, bare_us;
    signal(SIGPIPE, SIG_IGN);
    struct figures plug = serve_plug(&plug_us);
    struct figures bare = serve_bare(plug.bytes, &bare_us);
    bench_row("http: STATUS requests, keep-alive", plug.per_second, "1/s", plug.per_second / 20000,
              "of 20,000/s");
    bench_row("http: the same bytes from a bare loop", bare.per_second, "1/s",
              plug.per_second / bare.per_second, "of it by the plug");
    bench_row("http: processor time a request", plug_us, "us", plug_us / bare_us,
              "of the bare loop's");
    bench_row("http: 99 of 100 answers within", plug.p99_ms, "ms", plug.p99_ms / 2.0, "of 2 ms");
    return 0;
}
