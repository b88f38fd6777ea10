/* Abuse over real sockets: connections that say nothing, heads that never end, heads that are
 * bombs, random bytes, a hundred connections at once. Meanwhile the plug must keep its time: what
 * it does between two polls is measured in processor time, so that a busy machine is not its
 * fault. Memory must not grow, and right after the abuse it must serve. */
#include "cli/sim_net.h"

#include "check.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { PORT = 18973, SOCKETS = 100, ROUNDS = 6, LATE_US = 50000, GROWTH_KIB = 2048 };

struct abuse {
    volatile bool done;
    unsigned served_during, served_after;
};

static int dial(void) {
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(PORT)};
    a.sin_addr.s_addr = htonl(0x7F000001);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct timeval limit = {3, 0};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    if (connect(fd, (struct sockaddr *)&a, sizeof a) == 0)
        return fd;
    close(fd);
    return -1;
}

static bool served(void) {
    static const char question[] =
        "GET /cm?cmnd=POWER HTTP/1.1\r\nHost: p\r\nConnection: close\r\n\r\n";
    char answer[512] = {0};
    int fd = dial();
    ssize_t got = fd >= 0 && send(fd, question, sizeof question - 1, MSG_NOSIGNAL) > 0
                      ? recv(fd, answer, sizeof answer - 1, 0)
                      : 0;
    close(fd);
    return got > 0 && strncmp(answer, "HTTP/1.1 200", 12) == 0;
}

static void say(int fd, const char *data, size_t size) {
    if (fd >= 0)
        send(fd, data, size, MSG_NOSIGNAL | MSG_DONTWAIT);
}

static size_t words(unsigned kind, char *data, size_t room) {
    static const char *const starts[] = {
        "",
        "GET / HTTP/1.1\r\nHost: p\r\nX",
        "GET /",
        "POST /api/v2/update HTTP/1.1\r\nHost: p\r\nContent-Length: 400000\r\n\r\nPLUGSMI1",
    };
    size_t length = strlen(starts[kind % 4]);
    memcpy(data, starts[kind % 4], length);
    for (; kind % 5 && length < room; length++)
        data[length] = kind % 5 == 1 ? (char)rand() : 'a';
    return length;
}

static void *abuse(void *argument) {
    struct abuse *a = argument;
    int sockets[SOCKETS];
    static char data[9000];
    srand(1);
    for (unsigned round = 0; round < ROUNDS; round++) {
        for (unsigned i = 0; i < SOCKETS; i++) {
            sockets[i] = dial();
            say(sockets[i], data, words(i + round, data, i % 3 ? 20 : sizeof data));
        }
        for (unsigned turn = 0; turn < 5; turn++) {
            for (unsigned i = 0; i < SOCKETS; i += 3)
                say(sockets[i], "a: b\r\n", 6);
            usleep(50000);
        }
        a->served_during += served();
        for (unsigned i = 0; i < SOCKETS; i++)
            if (sockets[i] >= 0)
                close(sockets[i]);
    }
    for (unsigned i = 0; i < 600 && !a->served_after; i++) {
        usleep(100000);
        a->served_after = served();
    }
    a->done = true;
    return NULL;
}

static uint64_t now_us(clockid_t id) {
    struct timespec t;
    clock_gettime(id, &t);
    return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

static long resident_kib(void) {
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file) {
        if (fscanf(file, "%*d %ld", &pages) != 1)
            pages = 0;
        fclose(file);
    }
    return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

static void abuse_delays_nothing_and_leaves_nothing(void **state) {
    (void)state;
    char why[256] = "";
    struct posix_net *net = posix_net_new();
    struct sim_plug *p = sim_net_plug(net, "BK7231N", 0, 0x7F000001, PORT, why);
    if (!p)
        skip();
    struct abuse a = {0};
    pthread_t thread;
    uint64_t start = now_us(CLOCK_MONOTONIC), worst = 0, frame = 0;
    assert_int_equal(pthread_create(&thread, NULL, abuse, &a), 0);
    long before = 0;
    while (!a.done) {
        if (frame >= (now_us(CLOCK_MONOTONIC) - start) / 10000)
            posix_net_wait(net, 5);
        uint64_t began = now_us(CLOCK_THREAD_CPUTIME_ID);
        sim_net_deliver(net);
        if (frame < (now_us(CLOCK_MONOTONIC) - start) / 10000) {
            plug_run_fast(&p->plug, PLUG_FRAME_MS);
            frame++;
        }
        uint64_t took = now_us(CLOCK_THREAD_CPUTIME_ID) - began;
        worst = took > worst ? took : worst;
        if (!before && frame > 100)
            before = resident_kib();
    }
    pthread_join(thread, NULL);
    long grown = resident_kib() - before;
    printf("served %u of %u during, longest turn %llu us, memory %+ld KiB\n", a.served_during,
           ROUNDS, (unsigned long long)worst, grown);
    assert_true(worst < LATE_US);
    assert_true(before == 0 || grown < GROWTH_KIB);
    assert_int_equal(a.served_after, 1);
    assert_true(a.served_during > 0);
    sim_net_free(p);
    posix_net_free(net);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(abuse_delays_nothing_and_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
