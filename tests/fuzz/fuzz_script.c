/* Runs whatever the fuzzer makes as autoexec.bat on a virtual plug, for three seconds, and as one
 * command. The plug must go on switching. */
#include "device/command/command.h"
#include "device/store/files.h"
#include "virtual/plug/plug.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct plug *plug = calloc(1, sizeof *plug);
    char line[600] = {0};
    if (!plug || size > FILE_SIZE_MAX || !plug_init(plug, "BK7231N")) {
        free(plug);
        return 0;
    }
    store_file_write(&plug->device.store, "autoexec.bat", data, size);
    plug_restart(plug, HAL_RESET_POWER);
    plug_run_ms(plug, 3000);
    memcpy(line, data, size < sizeof line - 1 ? size : sizeof line - 1);
    command_run(&plug->device, line, COMMAND_FROM_CONSOLE);
    plug_run_ms(plug, 100);
    channel_set(&plug->device, 63, 1, 0);
    plug_free(plug);
    free(plug);
    return 0;
}
