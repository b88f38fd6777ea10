/* Placeholder until the command room is filled: no command is known. */
#include "device/command/command.h"

#include "device/device.h"

enum command_result command_run(struct device *d, const char *line, unsigned source) {
    (void)source;
    (void)d;
    return *line ? COMMAND_UNKNOWN : COMMAND_EMPTY;
}

void command_init(struct device *d) {
    d->command = (struct command_state){0};
}
