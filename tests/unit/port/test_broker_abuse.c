/* Brokers that are mad, over real sockets: random bytes before and after a good greeting, floods of
 * messages, silence, connections closed in the middle, and a name server that never answers. All
 * the while buttons, relay and meter must work, nothing may wait, and memory must not grow; when a
 * good broker stands there again, the plug comes back by itself.
 *
 * A turn of the plug is measured in processor time, so that a busy machine is not its fault;
 * whether it waited for anything, by the kernel's count of voluntary waits. */
#include "cli/sim_net.h"
#include "codec/net/mqtt.h"
#include "device/driver.h"

#include "check.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { PORT = 18977, WEB = 18978, BUTTON = 8, RELAY = 9, ABUSE_S = 14 };
enum { DIALLED = 5, PATIENCE_S = 60 /* of a busy machine */ };
enum { LATE_US = 50000, GROWTH_KIB = 2048, PRESS_MS = 150, PRESS_EACH_MS = 1000 };

/* Stands in for the C library's: a name that nobody ever answers for. */
int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints,
                struct addrinfo **found) {
    (void)name, (void)service, (void)hints, (void)found;
    sleep(3600);
    return EAI_AGAIN;
}

static volatile bool good, over;
static volatile unsigned dialled, greeted;

static void say(int fd, const void *data, size_t size) {
    send(fd, data, size, MSG_NOSIGNAL | MSG_DONTWAIT);
}

static void say_garbage(int fd, size_t size) {
    uint8_t data[4096];
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (uint8_t)rand();
    say(fd, data, size < sizeof data ? size : sizeof data);
}

static void say_flood(int fd) {
    uint8_t packet[300];
    for (unsigned i = 0; i < 3000; i++) {
        size_t head = mqtt_publish_head_encode("cmnd/plug/nonsense", i % 3 ? 0 : 1, false,
                                               (uint16_t)(i + 1), 40, packet, sizeof packet);
        memset(packet + head, 'x', 40);
        say(fd, packet, head + 40);
    }
}

/* What one connection gets, by its number. */
static void misbehave(int fd, unsigned kind) {
    static const uint8_t welcome[] = {0x20, 2, 0, 0}, endless[] = {0x30, 0xFF, 0xFF, 0xFF, 0xFF, 1};
    static const uint8_t huge[] = {0x30, 0xFF, 0xFF, 0xFF, 0x7F, 0, 3, 'a', '/', 'b'};
    if (kind % 6 != 0 && kind % 6 != 1)
        say(fd, welcome, sizeof welcome);
    if (kind % 6 == 0) /* not a word */
        usleep(700000);
    else if (kind % 6 == 1)
        say_garbage(fd, 1 + (size_t)rand() % 4096);
    else if (kind % 6 == 2)
        say_flood(fd);
    else if (kind % 6 == 3)
        say(fd, endless, sizeof endless);
    else if (kind % 6 == 4)
        say(fd, huge, sizeof huge), say_garbage(fd, 4096);
    else
        say_garbage(fd, 100);
    usleep(200000);
    close(fd);
}

static void welcome_all(int fd) {
    static const uint8_t welcome[] = {0x20, 2, 0, 0};
    char in[4096];
    struct pollfd p = {fd, POLLIN, 0};
    bool said = false;
    while (!over && poll(&p, 1, 50) >= 0) {
        if (!(p.revents & POLLIN))
            continue;
        if (recv(fd, in, sizeof in, MSG_DONTWAIT) == 0)
            break;
        if (!said)
            say(fd, welcome, sizeof welcome);
        said = true;
        greeted++;
    }
    close(fd);
}

static void *broker(void *argument) {
    int listener = *(int *)argument;
    struct pollfd p = {listener, POLLIN, 0};
    srand(7);
    while (!over) {
        if (poll(&p, 1, 50) <= 0)
            continue;
        int fd = accept(listener, NULL, NULL);
        if (good)
            welcome_all(fd);
        else
            misbehave(fd, dialled++);
    }
    return NULL;
}

static int listener_new(void) {
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(PORT)};
    int on = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    return bind(fd, (struct sockaddr *)&a, sizeof a) == 0 && listen(fd, 8) == 0 ? fd : -1;
}

static uint64_t now_us(clockid_t id) {
    struct timespec t;
    clock_gettime(id, &t);
    return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

static long waits(void) {
    struct rusage r;
    getrusage(RUSAGE_THREAD, &r);
    return r.ru_nvcsw;
}

static long resident_kib(void) {
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file && fscanf(file, "%*d %ld", &pages) != 1)
        pages = 0;
    if (file)
        fclose(file);
    return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

struct run {
    struct posix_net *net;
    struct sim_plug *p;
    uint64_t start_us, frame, worst_us;
    long waited;
    unsigned presses, clicks;
};

/* What came in and one frame of the plug, timed; the finger comes by the plug's own clock. */
static void live(struct run *r, uint64_t ms) {
    struct plug *plug = &r->p->plug;
    uint64_t began = now_us(CLOCK_THREAD_CPUTIME_ID);
    long before = waits();
    int32_t relay = channel_get(&plug->device, 1);
    sim_net_deliver(r->net);
    if (ms)
        plug_run_fast(plug, ms);
    uint64_t took = now_us(CLOCK_THREAD_CPUTIME_ID) - began;
    r->worst_us = took > r->worst_us ? took : r->worst_us;
    r->waited += waits() - before;
    r->clicks += relay != channel_get(&plug->device, 1);
    if (plug_now_ms(plug) >= (uint64_t)(r->presses + 1) * PRESS_EACH_MS) {
        plug_press(plug, BUTTON, PRESS_MS);
        r->presses++;
    }
}

/* A busy machine may have more than one frame to make up for. */
static void turn(struct run *r) {
    posix_net_wait(r->net, 5);
    uint64_t now = (now_us(CLOCK_MONOTONIC) - r->start_us) / 10000;
    if (r->frame >= now)
        live(r, 0);
    for (; r->frame < now; r->frame++)
        live(r, PLUG_FRAME_MS);
}

static void run_for(struct run *r, double seconds, bool (*done)(struct run *)) {
    uint64_t until = now_us(CLOCK_MONOTONIC) + (uint64_t)(seconds * 1e6);
    while (now_us(CLOCK_MONOTONIC) < until && !(done && done(r)))
        turn(r);
}

static bool has_dialled(struct run *r) {
    (void)r;
    return dialled >= DIALLED;
}

static bool is_up(struct run *r) {
    return r->p->plug.device.mqtt.phase == MQTT_UP && greeted > 1;
}

static void set(struct device *d, const char *name, const char *value) {
    assert_int_equal(setting_parse(d, setting_find(name), value), STATUS_OK);
}

static void mad_brokers_delay_nothing(void **state) {
    (void)state;
    char why[256];
    int listener = listener_new();
    struct run r = {.net = posix_net_new(), .start_us = now_us(CLOCK_MONOTONIC)};
    r.p = sim_net_plug(r.net, "BK7231N", 0, 0x7F000001, WEB, why);
    if (listener < 0 || !r.p)
        skip();
    struct device *d = &r.p->plug.device;
    board_set_role(d, BUTTON, OBK_ROLE_BUTTON);
    board_set_channel(d, BUTTON, 1);
    board_set_role(d, RELAY, OBK_ROLE_RELAY);
    board_set_channel(d, RELAY, 1);
    settings_set_flag(d, 6, true); /* a button acts at once */
    board_set_role(d, 7, OBK_ROLE_BL0937CF);
    board_set_role(d, 6, OBK_ROLE_BL0937CF1);
    board_set_role(d, 24, OBK_ROLE_BL0937SEL);
    assert_true(driver_start(d, "BL0937", ""));
    plug_set_load(&r.p->plug, "0s 60W");
    set(d, "mqtt_client", "plug");
    set(d, "ntp_server", "silent.test");
    set(d, "ping_host", "silent.test");
    assert_true(driver_start(d, "NTP", ""));
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, broker, &listener), 0);

    set(d, "mqtt_host", "silent.test"); /* DNS first */
    run_for(&r, 3, NULL);
    long before = resident_kib();
    char port[8];
    snprintf(port, sizeof port, "%d", PORT);
    set(d, "mqtt_port", port);
    set(d, "mqtt_host", "127.0.0.1");
    run_for(&r, ABUSE_S, NULL);
    run_for(&r, PATIENCE_S, has_dialled);
    long grown = resident_kib() - before;
    good = true;
    uint64_t end = now_us(CLOCK_MONOTONIC);
    run_for(&r, PATIENCE_S, is_up);
    double back = (double)(now_us(CLOCK_MONOTONIC) - end) / 1e6;
    run_for(&r, 0.5, NULL);
    const struct truth *truth = plug_truth(&r.p->plug);
    double energy = meter_reading_or_0(d, METER_ENERGY_TOTAL), real = truth->joules / 3600;
    over = true;
    pthread_join(thread, NULL);
    close(listener);
    printf("%.4f Wh measured, %.4f Wh true, ", energy, real);
    printf("%u connections, longest turn %llu us, waited %ld times, %u of %u clicks, memory %+ld "
           "KiB, back after %.1f s\n",
           dialled, (unsigned long long)r.worst_us, r.waited, r.clicks, r.presses, grown, back);
    assert_true(dialled >= DIALLED);
    assert_true(r.worst_us < LATE_US);
    assert_true(r.waited < 10);
    assert_true(r.clicks + 1 >= r.presses && r.clicks > 10);
    assert_true(grown < GROWTH_KIB);
    assert_true(back < PATIENCE_S);
    assert_true(real > 0.05 && energy > real * 0.95 && energy < real * 1.05);
    sim_net_free(r.p);
    posix_net_free(r.net);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mad_brokers_delay_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
