/* Running a command line, as the core and the other rooms see it. */
#ifndef DEVICE_COMMAND_H
#define DEVICE_COMMAND_H

struct device;

enum command_result {
    COMMAND_OK,
    COMMAND_UNKNOWN,
    COMMAND_MISSING_ARGUMENT,
    COMMAND_EMPTY,
    COMMAND_BAD_ARGUMENT,
    COMMAND_ERROR,
};

/* Who asks: a bit mask that travels with the command. */
enum {
    COMMAND_FROM_CONSOLE = 1,
    COMMAND_FROM_SCRIPT = 2,
    COMMAND_FROM_MQTT = 4,
    COMMAND_FROM_HTTP = 8,
    COMMAND_FROM_TCP = 16,
    COMMAND_FROM_IR = 32,
    COMMAND_FROM_TELE = 64,
};

/* Runs one line at once. */
enum command_result command_run(struct device *d, const char *line, unsigned source);
/* Forgets aliases and whatever else commands keep. */
void command_init(struct device *d);
#endif
