/* plugsmith-soc as a child process with three pipes: image and commands in, lines out, flash out.
 */
#ifndef WORKBENCH_EMULATOR_SOC_PROCESS_H
#define WORKBENCH_EMULATOR_SOC_PROCESS_H
#include "workbench/emulator/soc_client.h"

#include <sys/types.h>

struct soc_process {
    pid_t pid;
    int in, lines, flash; /* -1: closed */
};

/* Starts the emulator as `request` asks. `led`: commands follow an image of `size` bytes. False
 * with one line in `why`. */
bool soc_process_start(struct soc_process *process, const struct soc_request *request, bool led,
                       size_t size, char *why, size_t why_size);
#endif
