/* Speed of the flasher in the virtual time of the paced virtual chip: the ratio to the plain wire
 * time of all bytes of the flash at the same rate. Dumps come from ../shared, without them only the
 * random images are measured. Writing is also compared with its limit: the time of the wire and of
 * the flash chip at work, which no host can shorten. Of a boot ROM that is the sum of both; a
 * bootloader of family B programs while the next page arrives, so there only erasing comes on top.
 */
#include "bench.h"
#include "cli/port_open.h"
#include "codec/flash_chips.h"
#include "virtual/chip/chip.h"
#include "virtual/port.h"
#include "virtual/random.h"
#include "workbench/flasher/backup.h"
#include "workbench/flasher/bus.h"
#include "workbench/flasher/identify.h"
#include "workbench/flasher/program.h"
#include "workbench/host/file.h"
#include "workbench/host/unpack.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>

enum { SIZE = 2 << 20, APP = BEKEN_APP_OFFSET, DUMPS_MAX = 40 };

static struct link link_;
static struct session session;
static struct {
    uint8_t *data;
    bool family_b;
} dumps[DUMPS_MAX];
static int dump_count;
static uint8_t noise[SIZE];

struct setting {
    uint32_t baud, latency_ms;
};

static uint8_t *flash(void) {
    return virtual_port_chip(link_.self)->flash->data;
}

static void die(const char *what) {
    fprintf(stderr, "bench_flasher: %s: %s\n", what, session.line.why);
    exit(1);
}

/* A linked chip that holds `data`. */
static void begin(const struct setting *set, bool family_b, const uint8_t *data) {
    char port[200];
    struct session_options options = {.baud = set->baud, .link_timeout_us = 5000000, .size = SIZE};
    snprintf(port, sizeof port, "virtual:%s,size=2M,paced,start=download,latency=%u",
             family_b ? "BK7231T" : "BK7231N", (unsigned)set->latency_ms);
    if (!port_open(&link_, port))
        die(link_.why);
    if (data)
        memcpy(flash(), data, SIZE);
    session_start(&session, &link_, &options, NULL);
    if (session_link_up(&session) || identify(&session) || session_climb(&session, 0) ||
        session_measure_latency(&session))
        die("linking");
}

/* `limit_s`: what is possible at all; 0: not known. */
static void row(const char *what, const struct setting *set, double seconds, double limit_s) {
    char name[80], against[80] = "wire time of 2 MiB";
    double wire = (double)SIZE * 10 / set->baud;
    snprintf(name, sizeof name, "%s %u baud, %u ms latency", what, (unsigned)set->baud,
             (unsigned)set->latency_ms);
    if (limit_s > 0)
        snprintf(against, sizeof against, "wire time of 2 MiB; %.3f x the limit (%.2f x)",
                 seconds / limit_s, limit_s / wire);
    bench_row(name, seconds, "s", seconds / wire, against);
}

static double backup_once(const struct setting *set, bool family_b, const uint8_t *data) {
    struct backup b;
    begin(set, family_b, data);
    uint64_t start = link_now_us(&link_);
    if (!backup_alloc(&b, 0, SIZE) || backup_run(&session, &b) ||
        memcmp(b.data, flash(), SIZE) != 0)
        die("backup");
    double seconds = (double)(link_now_us(&link_) - start) * 1e-6;
    backup_free(&b);
    link_close(&link_);
    return seconds;
}

static void backups(const struct setting *set) {
    double sum = 0, most = 0;
    for (int i = 0; i < dump_count; i++) {
        double took = backup_once(set, dumps[i].family_b, dumps[i].data);
        sum += took;
        most = took > most ? took : most;
    }
    if (dump_count) {
        row("backup, mean of dumps", set, sum / dump_count, 0);
        row("backup, fullest dump", set, most, 0);
    }
    row("backup, random image", set, backup_once(set, false, noise), 0);
    row("backup, random, BK7231T", set, backup_once(set, true, noise), 0);
}

/* Wire and flash chip at work for that many bytes. */
static double limit_of(const struct setting *set, bool family_b, uint32_t bytes) {
    const struct flash_timing *t = &flash_typical_timing;
    double wire = (double)bytes * 10 / set->baud;
    double program = 1e-6 * bytes / FLASH_PAGE * t->page_program_us;
    double erase = 1e-6 * bytes / FLASH_BLOCK_64K * t->erase_64k_us;
    if (family_b)
        return (wire > program ? wire : program) + erase;
    return wire + program + erase;
}

static void write_once(const char *what, const struct setting *set, bool family_b,
                       const uint8_t *present, const uint8_t *wanted, double limit_s) {
    struct program p;
    uint32_t start = family_b ? APP : 0;
    begin(set, family_b, present);
    uint64_t from = link_now_us(&link_);
    if (!program_alloc(&p, start, SIZE - start, wanted + start) || program_plan(&session, &p) ||
        program_run(&session, &p) || memcmp(wanted + start, flash() + start, SIZE - start) != 0)
        die(what);
    row(what, set, (double)(link_now_us(&link_) - from) * 1e-6, limit_s);
    program_free(&p);
    link_close(&link_);
}

/* Two changed blocks of 32, as between two releases of a firmware. */
static void similar_once(const struct setting *set) {
    uint8_t *wanted = malloc(SIZE);
    if (!wanted)
        exit(1);
    memcpy(wanted, noise, SIZE);
    memcpy(wanted + 4 * FLASH_BLOCK_64K, noise, FLASH_BLOCK_64K);
    memcpy(wanted + 11 * FLASH_BLOCK_64K, noise, FLASH_BLOCK_64K);
    write_once("re-flash similar image", set, false, noise, wanted, 0);
    free(wanted);
}

static void load_dumps(void) {
    glob_t found;
    if (glob("../shared/data/dumps/[nt]-*.bin.xz", 0, NULL, &found) != 0) {
        fprintf(stderr, "note: ../shared is absent: no backups of dumps are measured\n");
        return;
    }
    for (size_t i = 0; i < found.gl_pathc && dump_count < DUMPS_MAX; i++) {
        struct file file;
        char why[200];
        const char *packed, *name = strrchr(found.gl_pathv[i], '/') + 1;
        if (file_read(found.gl_pathv[i], FILE_IMAGE_LIMIT, &file, why, sizeof why) &&
            file_unpack(&file, FILE_IMAGE_LIMIT, &packed, why, sizeof why) && file.size == SIZE) {
            dumps[dump_count].data = file.data;
            dumps[dump_count++].family_b = name[0] == 't';
        }
    }
    globfree(&found);
}

int main(void) {
    static const uint32_t bauds[] = {115200, 921600, 2000000};
    static const uint32_t latencies[] = {1, 16};
    uint64_t x = 99;
    for (size_t i = 0; i < SIZE; i++)
        noise[i] = (uint8_t)(random_next(&x) >> 30);
    load_dumps();
    for (int i = 0; i < 6; i++) {
        struct setting set = {bauds[i / 2], latencies[i % 2]};
        backups(&set);
        write_once("write random image", &set, false, NULL, noise, limit_of(&set, false, SIZE));
        write_once("write random, BK7231T", &set, true, NULL, noise,
                   limit_of(&set, true, SIZE - APP));
        similar_once(&set);
    }
    for (int i = 0; i < dump_count; i++)
        free(dumps[i].data);
    return 0;
}
