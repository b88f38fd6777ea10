/* Speed of the flasher in virtual time on a paced chip: the ratio to the plain wire time of all
 * bytes of the flash at the same rate. */
#include "../unit/flasher/fake_chip.h"
#include "bench.h"
#include "workbench/flasher/backup.h"
#include "workbench/flasher/identify.h"
#include "workbench/flasher/ladder.h"
#include "workbench/flasher/linkup.h"
#include "workbench/flasher/program.h"

#include <stdlib.h>

enum { SIZE = 2 << 20, APP = 0x119000 };
static struct fake fake;
static struct session session;

static void begin(uint32_t baud, uint32_t latency_us, uint32_t used) {
    struct session_options options = {.baud = baud, .link_timeout_us = 5000000};
    fake_open(&fake, BEKEN_FAMILY_F, SIZE);
    fake_fill(&fake, used, 5);
    fake.paced = true;
    fake.latency_us = latency_us;
    session_start(&session, &fake.link, &options, NULL);
    if (linkup(&session) || identify(&session) || ladder_climb(&session, 0) ||
        session_measure_latency(&session))
        exit(1);
}

static void row(const char *what, uint32_t baud, uint32_t latency_us, uint64_t took_us) {
    char name[80];
    double wire = (double)SIZE * 10e6 / baud;
    snprintf(name, sizeof name, "%s %u baud, %u ms latency", what, (unsigned)baud,
             (unsigned)(latency_us / 1000));
    bench_row(name, (double)took_us * 1e-6, "s", (double)took_us / wire, "wire time of 2 MiB");
}

static void backup_once(uint32_t baud, uint32_t latency_us) {
    struct backup b;
    begin(baud, latency_us, 0x110000); /* code, a blank update slot, a little data */
    uint64_t start = fake.now;
    if (!backup_alloc(&b, 0, SIZE) || backup_run(&session, &b) ||
        memcmp(b.data, fake.flash, SIZE) != 0)
        exit(1);
    row("backup", baud, latency_us, fake.now - start);
    backup_free(&b);
    link_close(&fake.link);
}

static void write_once(const char *what, uint32_t baud, uint32_t latency_us, bool similar) {
    struct program p;
    begin(baud, latency_us, similar ? SIZE : 0);
    uint8_t *data = malloc(SIZE);
    uint64_t x = 99;
    memcpy(data, fake.flash, SIZE);
    for (uint32_t i = 0; i < SIZE; i++) {
        x ^= x << 13, x ^= x >> 7, x ^= x << 17;
        if (!similar || i >> 16 == 4 || i >> 16 == 11) /* two changed blocks */
            data[i] = (uint8_t)(x >> 24);
    }
    uint64_t start = fake.now;
    if (!program_alloc(&p, 0, SIZE, data) || program_plan(&session, &p) ||
        program_run(&session, &p) || memcmp(data, fake.flash, SIZE) != 0)
        exit(1);
    row(what, baud, latency_us, fake.now - start);
    program_free(&p);
    free(data);
    link_close(&fake.link);
}

int main(void) {
    static const uint32_t bauds[] = {115200, 921600, 2000000};
    for (int i = 0; i < 3; i++)
        for (uint32_t latency = 1000; latency <= 16000; latency += 15000) {
            backup_once(bauds[i], latency);
            write_once("write random image", bauds[i], latency, false);
            write_once("re-flash similar image", bauds[i], latency, true);
        }
    return 0;
}
