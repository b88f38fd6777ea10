/* Lockstep over two pipes: a command line out, records in up to the line that acknowledges it. */
#include "workbench/emulator/soc_live.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { LINE_SIZE = 16384, SEND_MAX = 2048, FLASH_FD = 3, FREE_FD = 10 };

struct soc_live {
    struct soc_live_options options;
    pid_t pid;
    FILE *commands, *lines;
    int flash_fd;
    uint64_t us;
    bool ended; /* by itself: the core stopped */
    char line[LINE_SIZE];
};

static void close_all(const int *fds, int count) {
    for (int i = 0; i < count; i++)
        if (fds[i] >= 0)
            close(fds[i]);
}

static bool spawn(struct soc_live *live, const char *program, size_t size) {
    char bytes[24], ticks[16];
    snprintf(bytes, sizeof bytes, "%zu", size);
    snprintf(ticks, sizeof ticks, "%u",
             live->options.ticks_per_us ? live->options.ticks_per_us : 60);
    const char *arguments[12] = {program,          "--control", "--image-bytes", bytes, "--events",
                                 "--ticks-per-us", ticks};
    int count = 7, in[2], out[2], flash[2];
    if (live->options.chip) {
        arguments[count++] = "--chip";
        arguments[count++] = live->options.chip;
    }
    if (live->options.save)
        arguments[count++] = "--save";
    if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC) || pipe2(flash, O_CLOEXEC))
        return false;
    int flash_out = fcntl(flash[1], F_DUPFD_CLOEXEC, FREE_FD);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, flash_out, FLASH_FD);
    bool ok = posix_spawn(&live->pid, program, &actions, NULL, (char **)(uintptr_t)arguments,
                          environ) == 0;
    posix_spawn_file_actions_destroy(&actions);
    const int theirs[] = {in[0], out[1], flash[1], flash_out};
    close_all(theirs, 4);
    live->commands = fdopen(in[1], "w");
    live->lines = fdopen(out[0], "r");
    live->flash_fd = flash[0];
    return ok && live->commands && live->lines;
}

/* Hands out records up to the acknowledgement. */
static bool wait_for(struct soc_live *live) {
    while (fgets(live->line, sizeof live->line, live->lines)) {
        struct soc_record record;
        live->line[strcspn(live->line, "\n")] = '\0';
        if (!soc_parse_line(live->line, &record))
            continue;
        if (record.kind == SOC_AT) {
            live->us = record.us;
            return true;
        }
        live->ended |= record.kind == SOC_END;
        if (live->options.on)
            live->options.on(live->options.context, &record);
        if (live->ended)
            return false;
    }
    return false;
}

static bool command(struct soc_live *live) {
    return !live->ended && fflush(live->commands) == 0 && wait_for(live);
}

struct soc_live *soc_live_start(const struct soc_live_options *options, const uint8_t *image,
                                size_t size, char *why, size_t why_size) {
    char program[4096 + 64];
    struct soc_live *live = calloc(1, sizeof *live);
    if (!live || !soc_program(program, sizeof program)) {
        snprintf(why, why_size, "plugsmith-soc is not beside this program; build or install it");
        free(live);
        return NULL;
    }
    live->options = *options;
    signal(SIGPIPE, SIG_IGN);
    if (!spawn(live, program, size)) {
        snprintf(why, why_size, "%s: cannot be started", program);
        free(live);
        return NULL;
    }
    if (fwrite(image, 1, size, live->commands) != size || !command(live)) {
        snprintf(why, why_size, "the emulator gave up: no image that it can boot");
        soc_live_end(live, NULL, 0);
        return NULL;
    }
    return live;
}

bool soc_live_run(struct soc_live *live, uint64_t us) {
    fprintf(live->commands, "run %" PRIu64 "\n", us);
    return command(live);
}

bool soc_live_send(struct soc_live *live, int uart, const uint8_t *bytes, size_t size) {
    for (size_t at = 0; at < size; at += SEND_MAX) {
        fprintf(live->commands, "send %d ", uart);
        for (size_t i = at; i < size && i < at + SEND_MAX; i++)
            fprintf(live->commands, "%02X", bytes[i]);
        fputc('\n', live->commands);
        if (!command(live))
            return false;
    }
    return true;
}

bool soc_live_drive(struct soc_live *live, int pin, int level) {
    fprintf(live->commands, "drive %d %d\n", pin, level);
    return command(live);
}

bool soc_live_flash_status(struct soc_live *live, unsigned status) {
    fprintf(live->commands, "status %X\n", status);
    return command(live);
}

bool soc_live_power(struct soc_live *live) {
    fputs("power\n", live->commands);
    return command(live);
}

uint64_t soc_live_us(const struct soc_live *live) {
    return live->us;
}

static size_t read_flash(int fd, uint8_t *flash, size_t size) {
    size_t have = 0;
    while (have < size) {
        ssize_t got = read(fd, flash + have, size - have);
        if (got <= 0 && errno != EINTR)
            break;
        have += got > 0 ? (size_t)got : 0;
    }
    return have;
}

size_t soc_live_end(struct soc_live *live, uint8_t *flash, size_t size) {
    int state;
    fputs("quit\n", live->commands);
    fclose(live->commands);
    while (!live->ended && fgets(live->line, sizeof live->line, live->lines))
        if (strncmp(live->line, "end ", 4) == 0)
            break;
    size_t have = flash ? read_flash(live->flash_fd, flash, size) : 0;
    fclose(live->lines);
    close(live->flash_fd);
    waitpid(live->pid, &state, 0);
    free(live);
    return have;
}
