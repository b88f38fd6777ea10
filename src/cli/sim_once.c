/* The self-check of a served plug; see sim_once.h. The questions are asked by a thread, as a client
 * would ask them; the plug runs in real time meanwhile. */
#include "cli/sim_once.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { ROOM = 65536, LIMIT_S = 5 };

static const struct {
    const char *request; /* method, path and more header lines */
    const char *says;    /* the answer contains it */
    const char *what;
    bool relay; /* only for plugs that have one */
} questions[] = {
    {"GET / HTTP/1.1\r\nAccept-Encoding: gzip\r\n", "Content-Encoding: gzip", "the pages", false},
    {"GET /cm?cmnd=STATUS HTTP/1.1\r\n", "\"StatusSTS\"", "Tasmota's status", false},
    {"GET /cm?cmnd=POWER%20ON HTTP/1.1\r\n", "\"ON\"", "the relay on", true},
    {"GET /cm?cmnd=POWER%20OFF HTTP/1.1\r\n", "\"OFF\"", "and off", true},
    {"GET /api/info HTTP/1.1\r\n", "\"chipset\"", "the web application", false},
    {"GET /api/pins HTTP/1.1\r\n", "\"rolenames\"", "its pins", false},
    {"GET /api/v2/state HTTP/1.1\r\n", "\"channels\"", "live state", false},
    {"GET /metrics HTTP/1.1\r\n", "plugsmith_uptime_seconds", "metrics", false},
    {"GET /nosuch HTTP/1.1\r\n", " 404 ", "and 404 for nothing", false},
};

struct check {
    const struct sim_plug *plug;
    volatile bool done;
    bool good;
};

static double seconds_now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int dial(const struct sim_plug *plug) {
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(sim_net_web_port(plug))};
    struct timeval limit = {LIMIT_S, 0};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    a.sin_addr.s_addr = htonl(plug->host.address);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&a, sizeof a) == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

static size_t converse(int fd, const char *request, char *answer) {
    static const char end[] = "Host: plug\r\nConnection: close\r\n\r\n";
    size_t size = 0;
    ssize_t got = 1;
    if (send(fd, request, strlen(request), MSG_NOSIGNAL) < 0 ||
        send(fd, end, sizeof end - 1, MSG_NOSIGNAL) < 0)
        return 0;
    while (got > 0 && size + 1 < ROOM) {
        got = recv(fd, answer + size, ROOM - 1 - size, 0);
        size += got > 0 ? (size_t)got : 0;
    }
    answer[size] = 0;
    return size;
}

static bool ask(const struct check *c, unsigned i, char *answer) {
    char path[64];
    double start = seconds_now();
    int fd = dial(c->plug);
    size_t size = fd >= 0 ? converse(fd, questions[i].request, answer) : 0;
    if (fd >= 0)
        close(fd);
    bool good = size && memmem(answer, size, questions[i].says, strlen(questions[i].says));
    snprintf(path, sizeof path, "%.*s", (int)strcspn(questions[i].request + 4, " "),
             questions[i].request + 4);
    printf("  %-4s %-26s %6zu bytes in %5.1f ms  %s\n", good ? "ok" : "BAD", path, size,
           (seconds_now() - start) * 1000, questions[i].what);
    return good;
}

static void *run(void *argument) {
    struct check *c = argument;
    char *answer = malloc(ROOM);
    c->good = answer != NULL;
    for (unsigned i = 0; answer && i < sizeof questions / sizeof *questions; i++)
        if (!questions[i].relay || board_relay_count(&c->plug->plug.device))
            c->good &= ask(c, i, answer);
    free(answer);
    c->done = true;
    return NULL;
}

bool sim_once(struct sim_plug *plug, struct posix_net *net) {
    struct check check = {.plug = plug};
    pthread_t thread;
    if (pthread_create(&thread, NULL, run, &check) != 0)
        return false;
    double start = seconds_now();
    uint64_t frame = 0;
    while (!check.done) {
        posix_net_wait(net, PLUG_FRAME_MS);
        sim_net_deliver(net);
        uint64_t now = (uint64_t)((seconds_now() - start) * 100);
        if (now > frame)
            plug_run_fast(&plug->plug, (now - frame) * PLUG_FRAME_MS);
        frame = now > frame ? now : frame;
    }
    pthread_join(thread, NULL);
    return check.good;
}
