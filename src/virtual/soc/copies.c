/* A copy reports into a piece of memory that it shares with the process it was copied from. */
#include "virtual/soc/copies.h"

#include "virtual/soc/report.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { COPIES_MAX = 4 };

struct copy {
    pid_t pid;
    struct report_aside *aside;
};

static void start(struct copy *copy, struct session *s, const struct trial *trial) {
    memset(copy->aside, 0, offsetof(struct report_aside, text));
    copy->pid = fork();
    if (copy->pid != 0)
        return;
    report_aside(copy->aside);
    trial->run(s, trial->pin);
    _exit(0);
}

static void finish(const struct copy *copy) {
    if (copy->pid > 0)
        waitpid(copy->pid, NULL, 0);
    report_take(copy->aside);
}

void copies_run(struct session *s, const struct trial *trials, int count) {
    struct copy copy[COPIES_MAX];
    int wanted = s->processors < COPIES_MAX ? s->processors : COPIES_MAX, started = 0;
    size_t size = sizeof *copy[0].aside;
    wanted = wanted < 1 ? 1 : wanted;
    uint8_t *memory = mmap(NULL, (size_t)wanted * size, PROT_READ | PROT_WRITE,
                           MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        return;
    for (int i = 0; i < wanted; i++)
        copy[i].aside = (struct report_aside *)(void *)(memory + (size_t)i * size);
    report_flush();
    for (int done = 0; done < count; done++) {
        for (; started < count && started < done + wanted; started++)
            start(&copy[started % wanted], s, &trials[started]);
        finish(&copy[done % wanted]);
        report_flush();
    }
    munmap(memory, (size_t)wanted * size);
}
