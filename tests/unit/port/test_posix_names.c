/* Names and pings of the network port: localhost is found and answers, a name nobody has is told
 * from one that is still asked for, and the watchdog of a plug sees the difference. */
#include "cli/sim_net.h"

#include "check.h"

#include <time.h>

enum { PORT = 18979 };

static struct posix_net *net;
static struct sim_plug *p;

static int set_up(void **state) {
    char why[256];
    (void)state;
    net = posix_net_new();
    p = sim_net_plug(net, "BK7231N", 0, 0x7F000001, PORT, why);
    return p ? 0 : -1;
}

static int tear_down(void **state) {
    (void)state;
    sim_net_free(p);
    posix_net_free(net);
    return 0;
}

/* The answer of the port once it has one. */
static enum hal_name asked(const char *name, uint32_t *address) {
    struct device *d = &p->plug.device;
    enum hal_name found = service_resolve(d, name, address);
    for (unsigned i = 0; i < 1000 && found == HAL_NAME_ASKING; i++) {
        posix_net_wait(net, 10);
        found = service_resolve(d, name, address);
    }
    return found;
}

static void names_are_found_without_waiting(void **state) {
    (void)state;
    uint32_t address = 0;
    assert_int_equal(service_resolve(&p->plug.device, "localhost", &address), HAL_NAME_ASKING);
    assert_int_equal(asked("localhost", &address), HAL_NAME_FOUND);
    assert_int_equal(address >> 24, 127);
    assert_int_equal(service_resolve(&p->plug.device, "localhost", &address), HAL_NAME_FOUND);
    assert_int_equal(asked("192.0.2.7", &address), HAL_NAME_FOUND);
    assert_int_equal(address, 0xC0000207);
    assert_int_equal(asked("no.such.name.invalid", &address), HAL_NAME_UNKNOWN);
    assert_int_equal(asked("", &address), HAL_NAME_UNKNOWN);
}

static void more_names_than_places_do_no_harm(void **state) {
    (void)state;
    char name[32];
    uint32_t address;
    for (unsigned i = 0; i < 200; i++) {
        snprintf(name, sizeof name, "n%u.invalid", i);
        service_resolve(&p->plug.device, name, &address);
    }
    assert_int_equal(asked("localhost", &address) == HAL_NAME_UNKNOWN || address >> 24 == 127, 1);
}

/* Seconds of the plug, with the network in between. */
static void live(unsigned seconds) {
    for (unsigned s = 0; s < seconds; s++) {
        plug_run_fast(&p->plug, 1000);
        for (unsigned i = 0; i < 3; i++)
            posix_net_wait(net, 2);
        sim_net_deliver(net);
    }
}

static void the_watchdog_hears_localhost_and_misses_others(void **state) {
    (void)state;
    struct device *d = &p->plug.device;
    setting_parse(d, setting_find("ping_host"), "localhost");
    d->config.ping_interval = 1;
    live(80);
    if (!d->net_wifi.replies) {
        print_message("no ICMP and nothing at port 80 here\n");
        skip();
    }
    assert_true(d->net_wifi.silent_s < 5);
    setting_parse(d, setting_find("ping_host"), "no.such.name.invalid");
    unsigned heard = d->net_wifi.replies;
    live(20);
    assert_true(d->net_wifi.replies <= heard + 1);
    assert_true(d->net_wifi.silent_s >= 15);
}

int main(void) {
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        CASE(names_are_found_without_waiting),
        CASE(more_names_than_places_do_no_harm),
        CASE(the_watchdog_hears_localhost_and_misses_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
