/* The device core: polls, channel changes, store writes and boots a second. */
#include "virtual/plug/plug.h"

#include "bench.h"

enum { MANY = 200000 };
static struct plug plug;

static void polls(void *context) {
    (void)context;
    for (int i = 0; i < MANY; i++)
        plug_frame(&plug);
}

static void changes(void *context) {
    (void)context;
    for (int i = 0; i < MANY; i++)
        channel_set(&plug.device, 1, i, 0);
}

static void puts_(void *context) {
    (void)context;
    for (uint32_t i = 0; i < MANY / 10; i++)
        store_put(&plug.device.store, 0x2F0, &i, sizeof i);
}

static void boots(void *context) {
    (void)context;
    for (int i = 0; i < 200; i++)
        plug_restart(&plug, HAL_RESET_POWER);
}

int main(void) {
    plug_init(&plug, "BK7231N");
    board_set_role(&plug.device, 26, OBK_ROLE_RELAY);
    board_set_channel(&plug.device, 26, 1);
    board_set_role(&plug.device, 24, OBK_ROLE_BUTTON);
    double t = bench_best(3, polls, NULL);
    bench_row("device: frames of 10 ms", MANY / t, "/s", MANY / t / 100, "real time");
    t = bench_best(3, changes, NULL);
    bench_row("device: channel changes with relay", MANY / t, "/s", MANY / t / 1e6, "one million");
    t = bench_best(3, puts_, NULL);
    bench_row("store: 4-byte values written", MANY / 10 / t, "/s", MANY / 10 / t / 25000,
              "NOR at 40 us a page");
    t = bench_best(3, boots, NULL);
    bench_row("device: boots with a used store", 200 / t, "/s", 200 / t / 100, "10 ms a boot");
    bench_row("device: RAM of struct device (this host)", (double)sizeof(struct device) / 1024,
              "KiB", (double)sizeof(struct device) / 1024 / 24, "24 KiB");
    uint32_t days = store_life_days(&plug.device.store, 100 * 12);
    bench_row("store: life at 100 switchings a day", days / 365.0, "years", days / 365.0 / 20,
              "20 years");
    plug_free(&plug);
    return 0;
}
