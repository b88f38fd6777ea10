/* The SoC emulator: guest instructions per second of a whole boot of a real dump, its ratio to a
 * loop of the same mix on bare libunicorn (the limit of what the board can reach), and the time
 * from process start to the pin configuration of a plug. Dumps of ../shared; without them only the
 * first row. */
#include "bench.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unicorn/unicorn.h>
#include <unistd.h>

enum { RUNS = 5, VIRTUAL_MS = 3000, TICKS_PER_US = 30 };
static const double limit_speed = 100e6, limit_start_s = 0.15;
static const uint64_t loop_ticks = 20000000;

/* ldr, add, str, four adds, compare, branch: a load and a store in nine instructions. */
static const uint32_t loop_code[] = {0xE5901000, 0xE2811001, 0xE5801000, 0xE2822001, 0xE2833001,
                                     0xE2844001, 0xE2855001, 0xE3560000, 0x0AFFFFF6};

static void on_block(uc_engine *uc, uint64_t address, uint32_t size, void *user) {
    uint64_t *ticks = user;
    (void)address;
    *ticks += (size + 2) / 3;
    if (*ticks >= loop_ticks)
        uc_emu_stop(uc);
}

static void bare_loop(void *context) {
    uc_engine *uc;
    uc_hook hook;
    uint64_t ticks = 0;
    uint32_t data = 0x400100, zero = 0;
    (void)context;
    uc_open(UC_ARCH_ARM, UC_MODE_ARM, &uc);
    uc_ctl_set_cpu_model(uc, UC_CPU_ARM_946);
    uc_mem_map(uc, 0, 0x10000, UC_PROT_READ | UC_PROT_EXEC);
    uc_mem_map(uc, 0x400000, 0x100000, UC_PROT_READ | UC_PROT_WRITE);
    uc_mem_write(uc, 0, loop_code, sizeof loop_code);
    uc_reg_write(uc, UC_ARM_REG_R0, &data);
    uc_reg_write(uc, UC_ARM_REG_R6, &zero);
    uc_hook_add(uc, &hook, UC_HOOK_BLOCK, (void *)on_block, &ticks, 1, 0);
    uc_emu_start(uc, 0, 0xFFFFFFFF, 0, 0);
    uc_close(uc);
}

static void run(void *command) {
    if (system(command) != 0)
        fprintf(stderr, "bench_soc: %s failed\n", (const char *)command);
}

static void real_dump(const char *program, double bare) {
    char dump[] = "/tmp/bench-soc-XXXXXX", command[1400];
    int fd = mkstemp(dump);
    if (fd < 0)
        return;
    close(fd);
    snprintf(command, sizeof command,
             "xz -dc ../shared/data/dumps/n-plug-bl0937-cb2s.bin.xz >%s 2>/dev/null", dump);
    if (system(command) == 0) {
        snprintf(command, sizeof command, "%s-soc --for-ms %d --ticks-per-us %d <%s >/dev/null",
                 program, VIRTUAL_MS, TICKS_PER_US, dump);
        double speed = 1e3 * VIRTUAL_MS * TICKS_PER_US / bench_best(RUNS, run, command);
        bench_row("emulate a plug: guest instructions", speed / 1e6, "M/s", speed / limit_speed,
                  "100 M/s wanted");
        bench_row("the same", speed / 1e6, "M/s", speed / bare, "bare libunicorn loop");
        snprintf(command, sizeof command, "%s emulate --until 'rl1_pin: is 26' %s >/dev/null",
                 program, dump);
        double start = bench_best(RUNS, run, command);
        bench_row("process start to pin configuration", start * 1e3, "ms", start / limit_start_s,
                  "150 ms limit");
    }
    unlink(dump);
}

int main(void) {
    const char *given = getenv("PLUGSMITH");
    double bare = (double)loop_ticks / bench_best(3, bare_loop, NULL);
    bench_row("bare libunicorn loop, 1 store in 9", bare / 1e6, "M/s", bare / limit_speed,
              "100 M/s wanted of the board");
    real_dump(given ? given : "build/host/plugsmith", bare);
    return 0;
}
