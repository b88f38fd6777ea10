/* A backup as it is restored: whatever the document says, checking it changes nothing, and what was
 * found good can be applied. */
#include "device/store/files.h"
#include "device/store/restore.h"
#include "virtual/plug/plug.h"

#include <stdlib.h>

static struct plug plug;

static void fresh(void) {
    if (plug.chip.hal.context)
        plug_free(&plug);
    if (!plug_init(&plug, "BK7231N"))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct restore_report report;
    if (size < 1 || size > FILE_SIZE_MAX)
        return 0;
    enum restore_kind kind = data[0] == 'C' ? RESTORE_BLOCK : RESTORE_BACKUP;
    fresh();
    if (store_file_write(&plug.device.store, RESTORE_FILE, data, size) != STATUS_OK)
        return 0;
    uint32_t before = plug.chip.flash_steps;
    bool good = restore_check(&plug.device, kind, &report) == STATUS_OK;
    if (plug.chip.flash_steps != before || (good && report.wrong))
        abort();
    if (good && restore_want(&plug.device, kind) == STATUS_OK)
        plug_restart(&plug, HAL_RESET_SOFTWARE);
    return 0;
}
