/* Plugs with sockets; see sim_net.h. */
#include "cli/sim_net.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

enum { WHY = 256, WEB_PORT = 80, HIGHER = 8000 };

static volatile sig_atomic_t stopped;

static void on_signal(int number) {
    (void)number;
    stopped = 1;
}

void sim_net_catch_signals(void) {
    struct sigaction action = {.sa_handler = on_signal};
    stopped = 0;
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
}

bool sim_net_stopped(void) {
    return stopped != 0;
}

void sim_net_raise_limits(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

static void on_restart(void *context) {
    posix_host_reset(context);
}

/* The last three bytes count, so that names and topics differ. */
static void set_mac(struct virtual_chip *chip, unsigned number) {
    chip->mac[3] = (uint8_t)(chip->mac[3] + (number >> 16));
    chip->mac[4] = (uint8_t)(chip->mac[4] + (number >> 8));
    chip->mac[5] = (uint8_t)(chip->mac[5] + number);
}

struct sim_plug *sim_net_plug(struct posix_net *net, const char *chip, unsigned number,
                              uint32_t address, uint16_t port, char *why) {
    struct sim_plug *p = calloc(1, sizeof *p);
    if (!p || !plug_init(&p->plug, chip)) {
        snprintf(why, WHY, "unknown chip \"%s\"", chip);
        free(p);
        return NULL;
    }
    posix_host_attach(&p->host, net, &p->plug.device, &p->plug.chip.hal);
    p->host.address = address;
    p->host.low_port = HIGHER;
    p->plug.chip.address = address;
    p->plug.chip.hal.web_port = port;
    p->plug.networked = true;
    p->plug.on_restart = on_restart;
    p->plug.restart_context = &p->host;
    if (number) {
        set_mac(&p->plug.chip, number);
        device_factory(&p->plug.device);
    }
    plug_restart(&p->plug, HAL_RESET_POWER);
    if (sim_net_web_port(p))
        return p;
    snprintf(why, WHY, "port %u of %u.%u.%u.%u is taken or not allowed",
             (unsigned)(port ? port : WEB_PORT), address >> 24, address >> 16 & 255,
             address >> 8 & 255, address & 255);
    sim_net_free(p);
    return NULL;
}

void sim_net_free(struct sim_plug *plug) {
    if (!plug)
        return;
    posix_host_detach(&plug->host);
    plug_free(&plug->plug);
    free(plug);
}

uint16_t sim_net_web_port(const struct sim_plug *plug) {
    int handle = plug->plug.device.http.listener - 1;
    return handle >= 0 && handle < POSIX_HANDLES ? plug->host.handles[handle].port : 0;
}

void sim_net_deliver(struct posix_net *net) {
    struct posix_host *host;
    while ((host = posix_net_touched(net)) != NULL) {
        struct sim_plug *p = (struct sim_plug *)((char *)host - offsetof(struct sim_plug, host));
        plug_poll(&p->plug);
        posix_host_offer(host);
    }
}
