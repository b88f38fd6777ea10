/* The fault campaign: seeded runs of every verb of the program against virtual chips of both
 * families, with every fault the virtual chip knows. The rules:
 *
 *   a verb that says it succeeded left exactly what it should, in the whole flash and in its files;
 *   one that did not says why, and given again on a sound line it finishes;
 *   nothing outside of what the verb is for is ever sent a change, and what a damaged request
 *   changed there is mended or named;
 *   nothing takes longer than an hour of the chip's time or two minutes of ours, nothing crashes.
 *
 * usage: test_flasher_campaign [FIRST [COUNT]]      runs by seed, in words
 * PLUGSMITH_SOAK=N sets the number of runs (make soak). */
#include "campaign_world.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>

enum { SHORT_RUNS = 330, WORKERS = 2, COMPLAINTS = 40, RUN_SECONDS = 120 };
#define LONGEST_US (3600ull * 1000000)
static const double short_budget_s = 24; /* of a run without PLUGSMITH_SOAK, sanitizers or not */

struct count {
    unsigned runs, finished, unfinished, resumed;
};
struct tally {
    struct count by_fault[FAULTS], by_task[TASKS], all;
    unsigned hits, hit_runs, broken;
    uint64_t seed; /* under way */
    char complaints[COMPLAINTS][400];
};
static struct tally *shared; /* one per worker */
static struct run run;
static int captured = -1, saved_out = -1;
static bool loud;

/* --- running a subcommand in this process --- */

static int call(struct run *r, const char *port) {
    char *argv[20];
    int argc = 0;
    for (int i = 1; i < r->count; i++)
        argv[argc++] = r->words[i];
    char p[] = "-p", t[] = "-t", seconds[] = "20", text[1200];
    snprintf(text, sizeof text, "%s", port);
    argv[argc++] = p;
    argv[argc++] = text;
    argv[argc++] = t;
    argv[argc++] = seconds;
    argv[argc] = NULL;
    int code = (int)cli_run(cli_find_command(r->words[0]), argc, argv);
    fflush(stdout);
    fflush(stderr);
    return code;
}

static const char *heard(void) {
    static char text[65536];
    off_t size = lseek(captured, 0, SEEK_END);
    off_t from = size > (off_t)sizeof text - 1 ? size - (off_t)sizeof text + 1 : 0;
    ssize_t n = pread(captured, text, sizeof text - 1, from);
    text[n > 0 ? n : 0] = '\0';
    if (ftruncate(captured, 0) != 0)
        text[0] = '\0';
    lseek(captured, 0, SEEK_SET);
    if (loud)
        dprintf(saved_out, "%s", text);
    return text;
}

/* --- judging --- */

static uint8_t after[SIZE];

static void load_flash(struct run *r) {
    FILE *file = fopen(r->flash, "rb");
    if (!file || fread(after, 1, SIZE, file) != SIZE)
        breaks(r, "the flash file cannot be read back");
    if (file)
        fclose(file);
}

static uint32_t first_difference(const uint8_t *a, const uint8_t *b) {
    for (uint32_t i = 0; i < SECTORS; i++)
        if (memcmp(a + i * SECTOR, b + i * SECTOR, SECTOR) != 0)
            return i * SECTOR;
    return SIZE;
}

static void judge_output(struct run *r) {
    struct file copy;
    char why[256];
    if (!r->output)
        return;
    if (!file_read(r->output, FILE_IMAGE_LIMIT, &copy, why, sizeof why)) {
        breaks(r, "success, but %s", why);
        return;
    }
    if (copy.size != r->output_size ||
        (memcmp(copy.data, r->before + r->output_at, r->output_size) != 0 &&
         memcmp(copy.data, r->original + r->output_at, r->output_size) != 0))
        breaks(r, "success, but the copy is not what the chip holds");
    file_free(&copy);
}

static void judge_success(struct run *r) {
    if (r->expects_difference)
        breaks(r, "verify called a different file the same");
    load_flash(r);
    for (uint32_t i = 0; i < SECTORS; i++) /* a later run may even mend what an earlier one broke */
        if (!r->may_change[i] && memcmp(after + i * SECTOR, r->original + i * SECTOR, SECTOR) == 0)
            memcpy(r->wanted + i * SECTOR, r->original + i * SECTOR, SECTOR);
    uint32_t at = first_difference(after, r->wanted);
    if (at < SIZE)
        breaks(r, "success, but %06X is not as it should be", (unsigned)at);
    judge_output(r);
}

/* What changed outside of the verb's range must have been named. */
static void judge_failure(struct run *r, int code, const char *text) {
    if (code != CLI_FAILED)
        breaks(r, "exit code %d", code);
    if (!strstr(text, "plugsmith "))
        breaks(r, "failed without a word");
    if (strstr(text, "sectors differ") && !r->expects_difference && r->hits == 0)
        breaks(r, "verify called the same file different");
    load_flash(r);
    for (uint32_t i = 0; i < SECTORS; i++)
        if (!r->may_change[i] && memcmp(after + i * SECTOR, r->before + i * SECTOR, SECTOR) != 0) {
            if (!strstr(text, "damaged request") && !strstr(text, "cable was pulled"))
                breaks(r, "%06X was hit by a damaged request and nobody said so",
                       (unsigned)(i * SECTOR));
            memcpy(r->before + i * SECTOR, after + i * SECTOR, SECTOR);
            memcpy(r->wanted + i * SECTOR, after + i * SECTOR, SECTOR);
        }
}

/* --- one run --- */

static void port_text(struct run *r, const char *fault, const char *second, char *text,
                      size_t size) {
    static const char *const resets[] = {"none", "rts", "dtr", "both"};
    bool physical = strstr(fault, "sr") || strstr(second, "sr");
    snprintf(text, size,
             "virtual:%s,flash=%s,paced,latency=%d,reset=%s,start=%s,seed=%llu%s%s%s%s%s",
             chip_names[r->family], r->flash, draw(r, 2) ? 1 : 16, resets[draw(r, 4)],
             draw(r, 3) ? "application" : "download", (unsigned long long)r->seed,
             physical || draw(r, 3) == 0 ? ",protected" : "", fault[0] ? ",fault=" : "", fault,
             second[0] ? ",fault=" : "", second);
}

static void clear_folder(struct run *r) {
    char path[600];
    static const char *const names[] = {"flash",
                                        "image",
                                        "copy",
                                        "copy.map",
                                        "state/plugsmith/rates.json",
                                        "state/plugsmith/unfinished.json"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", r->folder, names[i]);
        unlink(path);
    }
}

static void prepare(struct run *r, const char *folder, uint64_t seed, const struct task *task) {
    r->seed = seed;
    r->random = seed * 0x9E3779B97F4A7C15u;
    snprintf(r->folder, sizeof r->folder, "%s", folder);
    snprintf(r->flash, sizeof r->flash, "%s/flash", folder);
    snprintf(r->file, sizeof r->file, "%s/image", folder);
    snprintf(r->copy, sizeof r->copy, "%s/copy", folder);
    clear_folder(r);
    r->family = (enum family)draw(r, FAMILIES);
    r->verb = task->name;
    r->count = 0;
    r->expects_difference = false;
    r->output = NULL;
    r->output_at = r->output_size = 0;
    r->hits = 0;
    memset(r->hit, 0, sizeof r->hit);
    r->broken[0] = '\0';
    memcpy(r->before, stock[r->family], SIZE);
    memcpy(r->wanted, stock[r->family], SIZE);
    memset(r->may_change, 0, sizeof r->may_change);
    task->prepare(r);
    memcpy(r->original, r->before, SIZE);
    put(r->flash, r->before, SIZE);
}

static void tell_run(struct run *r, const char *port) {
    if (!loud)
        return;
    dprintf(saved_out, "--- seed %llu: plugsmith", (unsigned long long)r->seed);
    for (int i = 0; i < r->count; i++)
        dprintf(saved_out, " %s", r->words[i]);
    dprintf(saved_out, " -p %s\n", port);
}

static void resume(struct run *r, struct tally *t, struct count *fault, struct count *task) {
    char port[1200];
    snprintf(port, sizeof port, "virtual:%s,flash=%s,paced,latency=1,reset=rts,seed=1",
             chip_names[r->family], r->flash);
    tell_run(r, port);
    int code = call(r, port);
    const char *text = heard();
    if (r->expects_difference ? code == CLI_OK : code != CLI_OK)
        breaks(r, "given again on a sound line: exit %d, %.150s", code,
               strstr(text, "plugsmith ") ? strstr(text, "plugsmith ") : text);
    else if (code == CLI_OK)
        judge_success(r);
    t->all.resumed++;
    fault->resumed++;
    task->resumed++;
}

static void note(struct tally *t, struct run *r, const char *port) {
    if (r->hits) {
        t->hits += (unsigned)r->hits;
        t->hit_runs++;
    }
    if (!r->broken[0])
        return;
    snprintf(t->complaints[t->broken % COMPLAINTS], sizeof t->complaints[0],
             "seed %llu (%s, %s, %s): %s", (unsigned long long)r->seed, r->verb,
             chip_names[r->family], strstr(port, "seed="), r->broken);
    t->broken++;
}

static void one_run(struct tally *t, const char *folder, uint64_t seed) {
    const struct task *task = &tasks[seed % TASKS];
    const struct fault_kind *kind = &faults[seed / TASKS % FAULTS];
    char port[1200], fault[64], second[64] = "";
    struct run *r = &run;
    prepare(r, folder, seed, task);
    fault_text(r, kind, fault, sizeof fault);
    if (draw(r, 8) == 0)
        fault_text(r, &faults[draw(r, FAULTS)], second, sizeof second);
    port_text(r, fault, second, port, sizeof port);
    tell_run(r, port);
    struct count *counts[] = {&t->all, &t->by_fault[kind - faults], &t->by_task[task - tasks]};
    alarm(RUN_SECONDS);
    int code = call(r, port);
    const char *text = heard();
    if (r->took_us > LONGEST_US)
        breaks(r, "took %llu s of the chip's time", (unsigned long long)(r->took_us / 1000000));
    bool done = code == CLI_OK;
    if (done)
        judge_success(r);
    else
        judge_failure(r, code, text);
    for (int i = 0; i < 3; i++) {
        counts[i]->runs++;
        *(done ? &counts[i]->finished : &counts[i]->unfinished) += 1;
    }
    if (!done && !r->broken[0])
        resume(r, t, counts[1], counts[2]);
    alarm(0);
    note(t, r, port);
}

/* --- workers --- */

static double seconds_now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void work(struct tally *t, uint64_t first, uint64_t end, uint64_t step, double until) {
    char folder[] = "/tmp/plugsmith-campaign-XXXXXX", shm[] = "/dev/shm/plugsmith-campaign-XXXXXX";
    char *place = mkdtemp(shm), state[300];
    if (!place && !(place = mkdtemp(folder)))
        exit(2);
    snprintf(state, sizeof state, "%s/state", place);
    setenv("XDG_STATE_HOME", state, 1);
    const struct port_watch watch = {on_opened, on_wrote, on_closing, &run};
    port_watch(&watch);
    captured = memfd_create("captured", 0);
    saved_out = dup(1);
    if (captured < 0 || dup2(captured, 1) < 0 || dup2(captured, 2) < 0)
        exit(2);
    for (uint64_t seed = first; seed < end && seconds_now() < until; seed += step) {
        t->seed = seed;
        one_run(t, place, seed);
    }
    t->seed = end;
    char remove[400];
    snprintf(remove, sizeof remove, "rm -rf '%s'", place);
    exit(system(remove) == 0 ? 0 : 2);
}

/* Runs the seeds of one worker; a crash or hang costs the seed, not the campaign. */
static void supervise(struct tally *t, uint64_t first, uint64_t end, uint64_t step, double until) {
    while (first < end) {
        int result;
        pid_t child = fork();
        if (child == 0)
            work(t, first, end, step, until);
        if (child < 0 || waitpid(child, &result, 0) != child)
            exit(2);
        if (WIFEXITED(result) && WEXITSTATUS(result) == 0)
            return;
        snprintf(t->complaints[t->broken % COMPLAINTS], sizeof t->complaints[0], "seed %llu: %s",
                 (unsigned long long)t->seed,
                 WIFSIGNALED(result) && WTERMSIG(result) == SIGALRM ? "HANG" : "CRASH");
        t->broken++;
        first = t->seed + step;
    }
}

static void add(struct count *to, const struct count *from) {
    to->runs += from->runs;
    to->finished += from->finished;
    to->unfinished += from->unfinished;
    to->resumed += from->resumed;
}

static void print_row(const char *name, const struct count *c) {
    printf("  %-12s %6u %9u %11u %8u\n", name, c->runs, c->finished, c->unfinished, c->resumed);
}

static int report(void) {
    struct tally sum = {.broken = 0};
    for (int w = 0; w < WORKERS; w++) {
        for (int i = 0; i < FAULTS; i++)
            add(&sum.by_fault[i], &shared[w].by_fault[i]);
        for (int i = 0; i < TASKS; i++)
            add(&sum.by_task[i], &shared[w].by_task[i]);
        add(&sum.all, &shared[w].all);
        sum.hits += shared[w].hits;
        sum.hit_runs += shared[w].hit_runs;
        sum.broken += shared[w].broken;
        for (unsigned i = 0; i < shared[w].broken && i < COMPLAINTS; i++)
            printf("BROKEN: %s\n", shared[w].complaints[i]);
    }
    printf("  %-12s %6s %9s %11s %8s\n", "", "runs", "finished", "said why", "resumed");
    for (int i = 0; i < FAULTS; i++)
        print_row(faults[i].name, &sum.by_fault[i]);
    puts("");
    for (int i = 0; i < TASKS; i++)
        print_row(tasks[i].name, &sum.by_task[i]);
    print_row("all", &sum.all);
    printf("%u runs hit by damaged requests outside their range (%u operations), all mended or "
           "named; %u rules broken\n",
           sum.hit_runs, sum.hits, sum.broken);
    return sum.broken || !sum.all.finished;
}

/* Waits for the workers; says every ten seconds how far they are, when `runs` is not 0. */
static void await(uint64_t workers, uint64_t runs) {
    unsigned tenths = 0;
    while (waitpid(-1, NULL, WNOHANG) >= 0) { /* -1: the last one has ended */
        nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
        unsigned done = 0;
        for (uint64_t w = 0; w < workers; w++)
            done += shared[w].all.runs;
        if (runs && ++tenths % 100 == 0)
            fprintf(stderr, "%u of %llu runs\n", done, (unsigned long long)runs);
    }
}

int main(int argc, char **argv) {
    const char *soak = getenv("PLUGSMITH_SOAK");
    uint64_t first = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
    uint64_t runs = argc > 2   ? strtoull(argv[2], NULL, 10)
                    : argc > 1 ? 1
                    : soak     ? strtoull(soak, NULL, 10)
                               : SHORT_RUNS;
    double until = argc > 1 || soak ? 1e18 : seconds_now() + short_budget_s;
    loud = argc > 1;
    if (!make_world())
        return 2;
    shared = mmap(NULL, WORKERS * sizeof *shared, PROT_READ | PROT_WRITE,
                  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED)
        return 2;
    uint64_t step = loud ? 1 : WORKERS;
    for (uint64_t w = 0; w < step; w++)
        if (fork() == 0) {
            supervise(&shared[w], first + w, first + runs, step, until);
            exit(0);
        }
    await(step, soak ? runs : 0);
    return report();
}
