/* plugsmith reboot: let the chip run its application. */
#include "cli/chip_job.h"
#include "cli/commands.h"
#include "workbench/flasher/bus.h"
#include "workbench/flasher/driver.h"

static enum cli_exit run(const struct cli_args *args) {
    struct chip_job job = {.prefix = NULL};
    enum cli_exit code = chip_job_open(&job, args, cli_get(args, "port"));
    if (code != CLI_OK)
        return code;
    uint8_t frame[8];
    size_t size = beken_reboot(frame, sizeof frame);
    enum status status = session_link_up(&job.session);
    for (int i = 0; status == STATUS_OK && i < 3; i++) { /* as other tools do: it is not answered */
        status = session_send(&job.session, frame, size);
        if (status == STATUS_OK)
            status = session_pause(&job.session, 10000);
    }
    if (status == STATUS_OK)
        chip_job_say(&job, "reboot", NULL, "rebooted");
    return chip_job_end(&job, status);
}

static const struct cli_option options[] = {CHIP_JOB_OPTIONS, {0}};
static const struct cli_example examples[] = {
    {"reboot -p /dev/ttyUSB0", "leave the loader and start the application"},
    {0},
};
const struct cli_command cmd_reboot = {
    .name = "reboot",
    .face = CLI_WORKBENCH,
    .summary = "restart a chip that waits in its loader",
    .arguments = "",
    .description = "Gets on the bus and tells the chip to reboot, so that its application runs.",
    .options = options,
    .examples = examples,
    .run = run,
};
