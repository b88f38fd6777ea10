/* Finding the program, building its command line, starting it. */
#include "workbench/emulator/soc_process.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

extern char **environ;

enum {
    ARGUMENTS_MAX = 2 * SOC_PRESSES_MAX + 32,
    FLASH_FD = 3, /* where the emulator writes the flash */
    FREE_FD = 10, /* descriptors from here on are nobody's */
};

bool soc_program(char *path, size_t size) {
    static const char *const places[] = {"plugsmith-soc", "../libexec/plugsmith/plugsmith-soc",
                                         "../plugsmith-soc"};
    char self[4096];
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    if (length <= 0)
        return false;
    self[length] = '\0';
    char *slash = strrchr(self, '/');
    *slash = '\0';
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        int n = snprintf(path, size, "%s/%s", self, places[i]);
        if (n > 0 && (size_t)n < size && access(path, X_OK) == 0)
            return true;
    }
    return false;
}

struct arguments {
    char *list[ARGUMENTS_MAX];
    int count;
    char numbers[4][24];
    int number_count;
};

static void add(struct arguments *a, const char *text) {
    a->list[a->count++] = (char *)(uintptr_t)text;
}

static void add_number(struct arguments *a, const char *option, size_t value) {
    if (!value)
        return;
    char *text = a->numbers[a->number_count++];
    snprintf(text, sizeof a->numbers[0], "%zu", value);
    add(a, option);
    add(a, text);
}

static void add_text(struct arguments *a, const char *option, const char *value) {
    if (!value)
        return;
    add(a, option);
    add(a, value);
}

static void add_flag(struct arguments *a, const char *option, bool wanted) {
    if (wanted)
        add(a, option);
}

static void build(struct arguments *a, const struct soc_request *r, bool led, size_t size) {
    add_number(a, "--for-ms", r->for_ms);
    add_number(a, "--ticks-per-us", r->ticks_per_us);
    add_number(a, "--enough", r->enough_ms);
    add_text(a, "--chip", r->chip);
    add_text(a, "--mcu", r->mcu);
    add_text(a, "--until", r->until);
    for (int i = 0; i < r->press_count; i++)
        add_text(a, "--press", r->press[i]);
    add_flag(a, "--events", r->events);
    add_flag(a, "--experiment", r->experiment);
    add_flag(a, "--memory", r->memory);
    add_flag(a, "--raw-uart1", r->raw_uart1);
    add_flag(a, "--save", r->save || r->saved);
    add_flag(a, "--control", led);
    add_flag(a, "--trials", r->more != NULL && !led);
    if (led || r->more)
        add_number(a, "--image-bytes", size);
}

static void close_all(const int *fds, int count) {
    for (int i = 0; i < count; i++)
        if (fds[i] >= 0)
            close(fds[i]);
}

/* The child's ends of the pipes are closed here in any case. */
static bool spawn(struct soc_process *p, const char *program, char *const *arguments) {
    int in[2], out[2], flash[2];
    if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC) || pipe2(flash, O_CLOEXEC))
        return false;
    /* a descriptor that already is 3 keeps close-on-exec through dup2, so move it away first */
    int flash_out = fcntl(flash[1], F_DUPFD_CLOEXEC, FREE_FD);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, flash_out, FLASH_FD);
    bool ok = posix_spawn(&p->pid, program, &actions, NULL, arguments, environ) == 0;
    posix_spawn_file_actions_destroy(&actions);
    const int theirs[] = {in[0], out[1], flash[1], flash_out};
    close_all(theirs, 4);
    p->in = in[1];
    p->lines = out[0];
    p->flash = flash[0];
    if (ok)
        return true;
    const int ours[] = {p->in, p->lines, p->flash};
    close_all(ours, 3);
    p->in = p->lines = p->flash = -1;
    return false;
}

bool soc_process_start(struct soc_process *process, const struct soc_request *request, bool led,
                       size_t size, char *why, size_t why_size) {
    char program[4096 + 64];
    struct arguments arguments = {.count = 0};
    *process = (struct soc_process){.in = -1, .lines = -1, .flash = -1};
    if (!soc_program(program, sizeof program)) {
        snprintf(why, why_size, "plugsmith-soc is not beside this program; build or install it");
        return false;
    }
    add(&arguments, program);
    build(&arguments, request, led, size);
    if (spawn(process, program, arguments.list))
        return true;
    snprintf(why, why_size, "%s: cannot be started", program);
    return false;
}
