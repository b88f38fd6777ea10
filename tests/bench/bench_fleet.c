/* A thousand plugs in one process, each publishing once a second to a real Mosquitto: processor
 * time of the plugs (user and system), so that a busy machine does not change the figure. The
 * budget is one core. Without Mosquitto there are no rows. */
#include "bench.h"
#include "cli/sim_net.h"
#include "device/script/command.h"

#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PLUGS = 1000, PORT = 18975, RUN_S = 20, PATIENCE_S = 60 };

static struct sim_plug *plugs[PLUGS];
static struct posix_net *net;
static double began;
static uint64_t now_ms;

static double cpu_seconds(int who) {
    struct rusage r;
    getrusage(who, &r);
    return (double)(r.ru_utime.tv_sec + r.ru_stime.tv_sec) +
           1e-6 * (double)(r.ru_utime.tv_usec + r.ru_stime.tv_usec);
}

static pid_t broker_start(const char *path) {
    FILE *file = fopen(path, "w");
    if (!file)
        return -1;
    fprintf(file, "listener %d 127.0.0.1\nallow_anonymous true\npersistence false\nlog_type none\n",
            PORT);
    if (geteuid() == 0)
        fprintf(file, "user root\n");
    fclose(file);
    pid_t pid = fork();
    if (pid == 0) {
        execlp("mosquitto", "mosquitto", "-c", path, (char *)NULL);
        _exit(127);
    }
    return pid;
}

static void turn(void) {
    uint64_t until = (uint64_t)((bench_seconds() - began) * 100) * PLUG_FRAME_MS,
             next = until + 200;
    if (until > now_ms) {
        now_ms = until;
        for (unsigned i = 0; i < PLUGS; i++) {
            struct plug *p = &plugs[i]->plug;
            if (p->wake_ms <= until && plug_now_ms(p) < until)
                plug_run_fast(p, until - plug_now_ms(p));
            next = p->wake_ms < next ? p->wake_ms : next;
        }
    }
    posix_net_wait(net, next > until + 10 ? (int)(next - until < 200 ? next - until : 200) : 10);
    sim_net_deliver(net);
}

static unsigned connected(void) {
    unsigned count = 0;
    for (unsigned i = 0; i < PLUGS; i++)
        count += plugs[i]->plug.device.mqtt_connected;
    return count;
}

struct totals {
    uint64_t published, dropped, waiting;
};

static struct totals totals(void) {
    struct totals t = {0, 0, 0};
    for (unsigned i = 0; i < PLUGS; i++) {
        const struct mqtt *m = &plugs[i]->plug.device.mqtt;
        t.published += m->published;
        t.dropped += m->dropped;
        t.waiting += m->queue_used > 512;
    }
    return t;
}

static int make(void) {
    char why[256];
    net = posix_net_new();
    for (unsigned i = 0; i < PLUGS; i++) {
        plugs[i] = sim_net_plug(net, "BK7231N", i + 1, 0x7F4D0001 + i, 0, why);
        if (!plugs[i]) {
            fprintf(stderr, "fleet: %s\n", why);
            return 0;
        }
        struct device *d = &plugs[i]->plug.device;
        setting_parse(d, setting_find("mqtt_host"), "127.0.0.1");
        d->config.mqtt_port = PORT;
        settings_set_flag(d, 10, false); /* no broadcast on connecting: only what is measured */
        command_run(d, "addRepeatingEvent 1 -1 publishInt tick 5", COMMAND_FROM_CONSOLE);
    }
    return 1;
}

static void measure(void) {
    double start = bench_seconds();
    while (connected() < PLUGS && bench_seconds() - start < PATIENCE_S)
        turn();
    struct totals before = totals();
    double cpu = cpu_seconds(RUSAGE_SELF);
    start = bench_seconds();
    while (bench_seconds() - start < RUN_S)
        turn();
    double took = bench_seconds() - start;
    cpu = cpu_seconds(RUSAGE_SELF) - cpu;
    struct totals after = totals();
    double sent = (double)(after.published - before.published);
    bench_row("fleet: plugs connected to one broker", connected(), "", connected() / 1000.0,
              "of 1000");
    bench_row("fleet: messages a second", sent / took, "1/s", sent / took / PLUGS,
              "of one by each plug");
    bench_row("fleet: processor time for all of them", 100 * cpu / took, "% of core", cpu / took,
              "of one core");
    bench_row("fleet: processor time a message", cpu * 1e6 / sent, "us",
              (double)(after.dropped - before.dropped), "messages dropped");
}

int main(void) {
    char path[64];
    snprintf(path, sizeof path, "/tmp/bench_fleet.%d.conf", (int)getpid());
    signal(SIGPIPE, SIG_IGN);
    sim_net_raise_limits();
    pid_t broker = broker_start(path);
    sleep(1);
    if (broker <= 0 || waitpid(broker, NULL, WNOHANG) != 0) {
        fprintf(stderr, "fleet: no mosquitto here\n");
        unlink(path);
        return 0;
    }
    began = bench_seconds();
    if (make())
        measure();
    for (unsigned i = 0; i < PLUGS; i++)
        sim_net_free(plugs[i]);
    posix_net_free(net);
    kill(broker, SIGTERM);
    waitpid(broker, NULL, 0);
    unlink(path);
    return 0;
}
