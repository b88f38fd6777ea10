/* Runs whatever the fuzzer makes as autoexec.bat on a virtual plug, for a quarter of a second and
 * then for ten seconds in steps, and its beginning as one command. The plug must go on switching.
 */
#include "device/script/command.h"
#include "device/script/script.h"
#include "device/store/files.h"
#include "plug_snapshot.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct plug_snapshot *started(void) {
    static struct plug_snapshot *s;
    if (s)
        return s;
    s = calloc(1, sizeof *s);
    if (!s || !plug_init(&s->plug, "BK7231N"))
        abort();
    board_set_role(&s->plug.device, 26, OBK_ROLE_RELAY);
    board_set_channel(&s->plug.device, 26, 1);
    plug_run_ms(&s->plug, 100);
    snapshot_take(s);
    return s;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct plug_snapshot *s = started();
    struct device *d = &s->plug.device;
    char line[600] = {0};
    if (size > 4096)
        return 0;
    store_file_write(&d->store, "autoexec.bat", data, size);
    script_boot(d);
    plug_run_fast(&s->plug, 250);
    for (int i = 0; i < 10; i++)
        plug_run_ms(&s->plug, 10), device_tick(d, 1000), device_second(d);
    memcpy(line, data, size < sizeof line - 1 ? size : sizeof line - 1);
    command_run(d, line, COMMAND_FROM_CONSOLE);
    plug_run_ms(&s->plug, 20);
    board_set_role(d, 26, OBK_ROLE_RELAY);
    board_set_channel(d, 26, 63);
    channel_set(d, 63, 0, CHANNEL_FORCE);
    if (virtual_pin_level(&s->plug.chip, 26))
        abort();
    snapshot_restore(s);
    return 0;
}
