/* The world of the fault campaign: a stock image of each family, firmware to put onto it, one task
 * per verb that says what the flash must hold when the verb succeeds, and an observer at the port
 * that sees what the flasher sends and what really happens in the flash. */
#ifndef TESTS_CAMPAIGN_WORLD_H
#define TESTS_CAMPAIGN_WORLD_H
#include "base/bytes.h"
#include "cli/command.h"
#include "cli/port_open.h"
#include "codec/beken/bootloaders.h"
#include "codec/beken/keys.h"
#include "codec/beken/stripe.h"
#include "virtual/chip/chip.h"
#include "virtual/port.h"
#include "virtual/random.h"
#include "workbench/dumpbuild/dumpbuild.h"
#include "workbench/host/file.h"
#include "workbench/host/unpack.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SIZE = 2 << 20, SECTOR = 4096, SECTORS = SIZE / SECTOR, APP = 0x11000, APP_CODE = 0x30000 };

enum family { FAMILY_N, FAMILY_T, FAMILIES };
static const char *const chip_names[FAMILIES] = {"BK7231N", "BK7231T"};

struct firmware {
    uint8_t bytes[APP_CODE / 32 * 34];
    size_t size;
};
static uint8_t *stock[FAMILIES];
static struct firmware firmware[FAMILIES];
static uint8_t *genuine; /* a dump whose bootloader is known to be good, or NULL */

/* The synthetic application with its inside made different, coded as a release would be. */
static void make_firmware(enum family f) {
    static uint8_t code[APP_CODE];
    const struct beken_key *key = NULL;
    for (const struct beken_known_key *k = beken_known_keys; k->name; k++)
        if (strcmp(k->name, "tuya") == 0)
            key = &k->key;
    size_t n = beken_unstripe(stock[f] + APP, sizeof firmware[f].bytes, code);
    beken_crypt(key, 0x10000, code, n);
    uint64_t x = 77 + (uint64_t)f;
    for (size_t at = 0x1000; at + 8 <= n; at += 8)
        store_le32(code + at, (uint32_t)random_next(&x));
    beken_crypt(key, 0x10000, code, n);
    firmware[f].size = beken_stripe(code, n, firmware[f].bytes);
}

static bool make_stock(enum family f) {
    static struct dumpbuild plan;
    char why[256];
    size_t size;
    memset(&plan, 0, sizeof plan);
    plan.chip = beken_chip_find(chip_names[f]);
    if (!dumpbuild_read(&plan, "docs/guide/demo/t34-plug-bl0937.json", why, sizeof why)) {
        fprintf(stderr, "%s\n", why);
        return false;
    }
    dumpbuild_add_decoys(&plan);
    stock[f] = dumpbuild_make(&plan, &size, why, sizeof why);
    if (!stock[f] || size != SIZE)
        return false;
    make_firmware(f);
    return true;
}

static bool make_world(void) {
    struct file dump;
    char why[256];
    const char *packed;
    if (!make_stock(FAMILY_N) || !make_stock(FAMILY_T))
        return false;
    if (file_read("../shared/data/dumps/n-plug-cb2s.bin.xz", FILE_IMAGE_LIMIT, &dump, why,
                  sizeof why) &&
        file_unpack(&dump, FILE_IMAGE_LIMIT, &packed, why, sizeof why) && dump.size == SIZE)
        genuine = dump.data; /* kept to the end */
    return true;
}

/* --- one run --- */

struct run {
    uint64_t seed, random;
    enum family family;
    const char *verb, *fault_name;
    uint8_t before[SIZE], wanted[SIZE], original[SIZE];
    bool may_change[SECTORS]; /* sectors the verb is for */
    bool expects_difference;  /* verify of another file */
    const char *output;       /* file that must equal output_at.. when the verb succeeds */
    uint32_t output_at, output_size;
    char folder[256], flash[300], file[300], copy[300];
    char words[16][340];
    int count;
    /* of the observer */
    struct virtual_port *port;
    struct beken_request_parser parser;
    uint64_t took_us, hits;
    bool hit[SECTORS]; /* changed although the verb is not for it */
    char broken[256];  /* the first rule that was broken */
};

static void word(struct run *r, const char *text) {
    snprintf(r->words[r->count++], sizeof r->words[0], "%s", text);
}
static void number(struct run *r, uint32_t value) {
    snprintf(r->words[r->count++], sizeof r->words[0], "0x%X", (unsigned)value);
}
static uint32_t draw(struct run *r, uint32_t below) {
    return (uint32_t)(random_next(&r->random) >> 20) % below;
}
static void put(const char *path, const uint8_t *data, size_t size) {
    char why[256];
    if (!file_write(path, data, size, true, why, sizeof why)) {
        fprintf(stderr, "%s\n", why);
        exit(2);
    }
}
static void allow(struct run *r, uint32_t start, uint32_t size) {
    memset(r->may_change + start / SECTOR, true, size / SECTOR);
}

static void task_info(struct run *r) {
    word(r, "info");
    if (draw(r, 4) == 0)
        word(r, "--full");
}
static void task_doctor(struct run *r) {
    word(r, "doctor");
}
static void task_reboot(struct run *r) {
    word(r, "reboot");
}
static void task_backup(struct run *r) {
    word(r, "backup");
    word(r, r->copy);
    r->output = r->copy;
    r->output_size = SIZE;
}
static void task_read(struct run *r) {
    uint32_t from = draw(r, 2) ? APP + draw(r, 40) * SECTOR : draw(r, SECTORS - 16) * SECTOR;
    uint32_t size = (1 + draw(r, 15)) * SECTOR;
    word(r, "read");
    number(r, from);
    number(r, size);
    word(r, r->copy);
    word(r, "--force");
    r->output = r->copy;
    r->output_at = from;
    r->output_size = size;
}
static void task_verify(struct run *r) {
    r->expects_difference = draw(r, 2);
    memcpy(r->wanted, r->before, SIZE);
    if (r->expects_difference)
        r->wanted[APP + draw(r, 0x30000)] ^= (uint8_t)(1u << draw(r, 8));
    put(r->file, r->wanted, SIZE);
    memcpy(r->wanted, r->before, SIZE);
    word(r, "verify");
    word(r, r->file);
}
/* Somewhere behind the application, where nothing is guarded. */
static uint32_t free_range(struct run *r, uint32_t *size) {
    uint32_t at = 0x130000 + draw(r, 0x50) * SECTOR;
    *size = (1 + draw(r, 40)) * SECTOR;
    return at;
}
static void task_write(struct run *r) {
    uint32_t size, at = free_range(r, &size);
    for (uint32_t i = 0; i < size; i++)
        r->wanted[at + i] = (uint8_t)random_next(&r->random);
    if (size > 4 * SECTOR)
        memset(r->wanted + at + 2 * SECTOR, 0xFF, SECTOR);
    put(r->file, r->wanted + at, size);
    allow(r, at, size);
    word(r, "write");
    number(r, at);
    word(r, r->file);
    word(r, "--yes");
}
static void task_erase(struct run *r) {
    uint32_t size, at = free_range(r, &size);
    for (uint32_t i = 0; i < size; i++)
        r->before[at + i] = (uint8_t)random_next(&r->random);
    memcpy(r->wanted, r->before, SIZE);
    memset(r->wanted + at, 0xFF, size);
    allow(r, at, size);
    word(r, "erase");
    number(r, at);
    number(r, size);
    word(r, "--yes");
}
/* An application alone, or (always for T) behind a bootloader, which is not to be written. */
static void task_flash(struct run *r) {
    const struct firmware *fw = &firmware[r->family];
    static uint8_t qio[APP + sizeof fw->bytes];
    memcpy(qio, stock[r->family], APP);
    memcpy(qio + APP, fw->bytes, fw->size);
    bool whole = r->family == FAMILY_T || draw(r, 2);
    put(r->file, whole ? qio : fw->bytes, whole ? APP + fw->size : fw->size);
    memcpy(r->wanted + APP, fw->bytes, fw->size);
    allow(r, APP, (uint32_t)(fw->size + SECTOR - 1) / SECTOR * SECTOR);
    word(r, "flash");
    word(r, r->file);
    word(r, "--backup");
    word(r, r->copy);
    word(r, "--yes");
    r->output = r->copy;
    r->output_size = SIZE;
}
static void task_flash_bare(struct run *r) {
    task_flash(r);
    r->count -= 3;
    word(r, "--no-backup");
    word(r, "--yes");
    r->output = NULL;
    uint32_t end = (uint32_t)(APP + firmware[r->family].size);
    memset(r->wanted + end, 0xFF, (SECTOR - end % SECTOR) % SECTOR);
}
static void task_restore(struct run *r) {
    const struct firmware *fw = &firmware[r->family];
    memcpy(r->before + APP, fw->bytes, fw->size);
    memset(r->before + 0x1D4000, 0x5A, 0x3000);
    put(r->file, r->wanted, SIZE);
    allow(r, r->family == FAMILY_N ? 0 : APP, r->family == FAMILY_N ? SIZE : SIZE - APP);
    word(r, "restore");
    word(r, r->file);
    word(r, "--yes");
}
static void task_repair_rf(struct run *r) {
    uint32_t rf = beken_chip_find(chip_names[r->family])->rf_offset;
    put(r->file, r->wanted, SIZE);
    memset(r->before + rf, draw(r, 2) ? 0xFF : 0, SECTOR);
    allow(r, rf, SECTOR);
    word(r, "repair");
    word(r, "--rf");
    word(r, r->file);
    word(r, "--yes");
}
static void task_repair_boot(struct run *r) {
    if (!genuine || r->family == FAMILY_T) {
        task_repair_rf(r);
        return;
    }
    memcpy(r->before, genuine, SIZE);
    memset(r->before + 0x60000, 0xFF, 0x100000);
    memcpy(r->wanted, r->before, SIZE);
    put(r->file, r->wanted, SIZE);
    uint32_t at = draw(r, 15) * SECTOR;
    for (uint32_t i = 0; i < 256; i++)
        r->before[at + i] = (uint8_t)random_next(&r->random);
    allow(r, at, SECTOR);
    word(r, "repair");
    word(r, r->file);
    word(r, "--yes");
}

static const struct task {
    const char *name;
    void (*prepare)(struct run *r);
} tasks[] = {
    {"info", task_info},
    {"backup", task_backup},
    {"flash", task_flash},
    {"write", task_write},
    {"restore", task_restore},
    {"verify", task_verify},
    {"erase", task_erase},
    {"read", task_read},
    {"repair rf", task_repair_rf},
    {"repair", task_repair_boot},
    {"flash bare", task_flash_bare},
    {"doctor", task_doctor},
    {"reboot", task_reboot},
};
enum { TASKS = sizeof tasks / sizeof *tasks };

/* --- faults --- */

/* A fault with its argument; `lasting`: it is still there when the verb is given again. */
static const struct fault_kind {
    const char *name, *format;
    uint32_t low, high; /* of the argument */
    bool early;
} faults[] = {
    {"none", NULL, 0, 0, false},
    {"flip", "flip:0.00%03u", 1, 80, false},
    {"flip hard", "flip:0.0%02u", 1, 4, false},
    {"lose", "lose:0.00%03u", 1, 80, false},
    {"dup", "dup:0.00%03u", 1, 80, false},
    {"late", "late:0.00%03u:200", 1, 100, false},
    {"echo", "echo", 0, 0, false},
    {"silence", "silence", 0, 0, false},
    {"swapped", "swapped", 0, 0, false},
    {"log-port", "log-port", 0, 0, false},
    {"noise log", "noise:log", 0, 0, false},
    {"noise mcu", "noise:mcu", 0, 0, false},
    {"hum", "hum:%u", 5, 100, false},
    {"pull", "pull:%u", 100, 500000, true},
    {"cut", "cut:%u", 1, 900, true},
    {"dip", "dip:%u", 1, 12, true},
    {"bad-sector", "bad-sector:0x%X000", 0x11, 0x1A0, false},
    {"locked-sr", "locked-sr", 0, 0, false},
    {"stuck-sr", "stuck-sr", 0, 0, false},
    {"unreadable", "unreadable", 0, 0, false},
    {"unreachable", "unreachable", 0, 0, false},
    {"max-baud", "max-baud:%u", 100000, 2000000, false},
};
enum { FAULTS = sizeof faults / sizeof *faults };

static void fault_text(struct run *r, const struct fault_kind *kind, char *text, size_t size) {
    uint32_t value = kind->high ? kind->low + draw(r, kind->high - kind->low + 1) : 0;
    if (kind->early) /* small values are the interesting ones */
        value = kind->low + ((value - kind->low) >> draw(r, 9));
    if (!kind->format)
        text[0] = '\0';
    else
        snprintf(text, size, kind->format, (unsigned)value);
}

/* --- the observer --- */

static void breaks(struct run *r, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void breaks(struct run *r, const char *format, ...) {
    va_list list;
    if (r->broken[0])
        return;
    va_start(list, format);
    vsnprintf(r->broken, sizeof r->broken, format, list);
    va_end(list);
}

/* A program or erase that happens in the chip outside what the verb is for: a request that the line
 * damaged. It must not go unnoticed (see judge). */
static void on_touched(void *context, uint32_t address, uint32_t count) {
    struct run *r = context;
    for (uint32_t at = address & ~(SECTOR - 1u); at < address + count; at += SECTOR)
        if (!r->may_change[at / SECTOR % SECTORS]) {
            r->hits++;
            r->hit[at / SECTOR % SECTORS] = true;
        }
}

static void on_opened(void *context, struct virtual_port *port) {
    struct run *r = context;
    r->port = port;
    memset(&r->parser, 0, sizeof r->parser);
    virtual_port_chip(port)->flash->touched = on_touched;
    virtual_port_chip(port)->flash->touched_context = r;
}

/* The flasher may send a change to a place the verb is not for only to mend what the line broke. */
static void check_change(struct run *r, uint32_t address, uint32_t size) {
    for (uint32_t at = address; at < address + size; at += SECTOR) {
        uint32_t i = at / SECTOR % SECTORS;
        if (!r->may_change[i] && !r->hit[i])
            breaks(r, "the flasher sent a change of %06X, which it must not touch",
                   (unsigned)(i * SECTOR));
    }
}

static void on_wrote(void *context, const uint8_t *data, size_t size) {
    struct run *r = context;
    struct beken_request q;
    for (size_t i = 0; i < size; i++) {
        if (beken_request_feed(&r->parser, data[i], &q) != BEKEN_FEED_FRAME || !q.flash)
            continue;
        if (q.command == BEKEN_FLASH_WRITE_4K || q.command == BEKEN_FLASH_WRITE)
            check_change(r, load_le32(q.payload), SECTOR);
        if (q.command == BEKEN_FLASH_ERASE)
            check_change(r, load_le32(q.payload + 1),
                         q.payload[0] == BEKEN_ERASE_64K   ? 65536
                         : q.payload[0] == BEKEN_ERASE_32K ? 32768
                                                           : SECTOR);
        if (q.command == BEKEN_FLASH_ERASE_ALL)
            breaks(r, "the flasher sent an erase of everything");
    }
}

static void on_closing(void *context, struct virtual_port *port) {
    struct run *r = context;
    r->took_us = virtual_port_now_us(port);
    r->port = NULL;
}
#endif
