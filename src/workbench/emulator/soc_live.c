/* Lockstep over two pipes: a command line out, records in up to the line that acknowledges it. */
#include "workbench/emulator/soc_live.h"

#include "workbench/emulator/soc_process.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LINE_SIZE = 16384, SEND_MAX = 2048 };

struct soc_live {
    struct soc_live_options options;
    struct soc_process process;
    FILE *commands, *lines;
    uint64_t us;
    bool ended; /* by itself */
    char reason[128];
    char line[LINE_SIZE];
};

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
        if (record.kind == SOC_END) {
            live->ended = true;
            snprintf(live->reason, sizeof live->reason, "%s", record.text);
        }
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
    struct soc_live *live = calloc(1, sizeof *live);
    if (!live)
        return NULL;
    live->options = *options;
    signal(SIGPIPE, SIG_IGN);
    if (!soc_process_start(&live->process, &options->request, true, size, why, why_size)) {
        free(live);
        return NULL;
    }
    live->commands = fdopen(live->process.in, "w");
    live->lines = fdopen(live->process.lines, "r");
    if (fwrite(image, 1, size, live->commands) != size || !command(live)) {
        snprintf(why, why_size, "%s", *live->reason ? live->reason : "the emulator gave up");
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
    size_t have = flash ? read_flash(live->process.flash, flash, size) : 0;
    fclose(live->lines);
    close(live->process.flash);
    waitpid(live->process.pid, &state, 0);
    free(live);
    return have;
}
