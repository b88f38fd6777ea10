/* What the settings are for: a file of its own, so that firmware without pages does not carry the
 * texts. */
#include "device/store/settings.h"

const char *setting_help(const struct setting *s) {
    static const char *const texts[] = {
#define SETTING(name, type, field, key, low, high, secret, help) help,
#include "device/store/settings_rows.h"
#undef SETTING
    };
    return texts[s - settings_table];
}
