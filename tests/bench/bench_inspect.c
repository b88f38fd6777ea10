/* A whole inspection of a 2 MiB dump as a process: time and peak memory, on a synthetic dump that
 * the program builds itself. The limits are what a person does not notice: 30 ms, 16 MiB. */
#include "bench.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { RUNS = 20 };
static const double limit_ms = 30, limit_mib = 16;

/* Runs the program with its output thrown away; seconds, or a negative number. */
static double run(char *const argv[], long *peak_kib) {
    double start = bench_seconds();
    pid_t child = fork();
    if (child == 0) {
        int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
        dup2(null, STDOUT_FILENO);
        execv(argv[0], argv);
        _exit(127);
    }
    int status;
    struct rusage usage;
    if (child < 0 || wait4(child, &status, 0, &usage) != child || status != 0)
        return -1;
    *peak_kib = usage.ru_maxrss;
    return bench_seconds() - start;
}

static void measure(const char *figure, char *const argv[]) {
    double best = 1e9;
    long peak = 0, kib = 0;
    char name[64];
    for (int i = 0; i < RUNS; i++) {
        double took = run(argv, &kib);
        if (took < 0) {
            fprintf(stderr, "bench_inspect: %s failed\n", argv[0]);
            return;
        }
        best = took < best ? took : best;
        peak = kib > peak ? kib : peak;
    }
    bench_row(figure, best * 1e3, "ms", best * 1e3 / limit_ms, "30 ms limit");
    snprintf(name, sizeof name, "%s, peak memory", figure);
    bench_row(name, (double)peak / 1024, "MiB", (double)peak / 1024 / limit_mib, "16 MiB limit");
}

int main(void) {
    char program[512], dump[] = "/tmp/bench-inspect-XXXXXX";
    const char *given = getenv("PLUGSMITH");
    snprintf(program, sizeof program, "%s", given ? given : "build/host/plugsmith");
    int fd = mkstemp(dump);
    if (fd < 0)
        return 1;
    close(fd);
    char *make[] = {program,   "make-dump", "--config", "docs/guide/demo/t34-plug-bl0937.json",
                    "--force", dump,        NULL};
    char *text[] = {program, "inspect", dump, NULL};
    char *json[] = {program, "inspect", "--json", dump, NULL};
    long kib;
    if (run(make, &kib) < 0)
        fprintf(stderr, "bench_inspect: cannot build the dump\n");
    else {
        measure("inspect a 2 MiB dump, report", text);
        measure("inspect a 2 MiB dump, --json", json);
    }
    unlink(dump);
    return 0;
}
