/* plugsmith ports: which serial ports are there. */
#include "cli/command.h"
#include "cli/commands.h"
#include "workbench/flasher/state_folder.h"
#include "workbench/link/ports.h"

#include <jansson.h>

static void show(void *context, const struct port_info *port) {
    json_t *list = context;
    uint32_t rate = rates_recall(port->usb[0] ? port->usb : port->path);
    if (list) {
        json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:i}", "path", port->path,
                                              "description", port->description, "usb", port->usb,
                                              "best_baud", (int)rate));
        return;
    }
    printf("%-16s %s%s%s", port->path, port->description, port->usb[0] ? "  " : "", port->usb);
    if (rate)
        printf("  (proven at %u baud)", (unsigned)rate);
    putchar('\n');
}

static enum cli_exit run(const struct cli_args *args) {
    json_t *list = cli_has(args, "json") ? json_array() : NULL;
    int count = ports_list(show, list);
    if (list) {
        json_dumpf(list, stdout, JSON_INDENT(2));
        putchar('\n');
        json_decref(list);
    }
    if (count < 0)
        return cli_fail(args, CLI_FAILED, "the system does not list its serial ports");
    if (count == 0 && !list)
        puts("No serial port. Plug the adapter in; virtual:bk7231n,flash=FILE needs none.");
    return CLI_OK;
}

static const struct cli_option options[] = {
    {"json", 0, NULL, "a JSON array", NULL, false},
    {0},
};
static const struct cli_example examples[] = {
    {"ports", "every port with its adapter's names and the rate it was proven at"},
    {0},
};
const struct cli_command cmd_ports = {
    .name = "ports",
    .face = CLI_WORKBENCH,
    .summary = "list the serial ports and their adapters",
    .arguments = "",
    .description = "Lists serial ports with the names that USB adapters give themselves and the "
                   "best rate each was proven at by earlier jobs.",
    .options = options,
    .examples = examples,
    .run = run,
};
