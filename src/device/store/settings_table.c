/* The table of settings, made of the rows in settings_rows.h. */
#include "device/store/settings.h"

#include "codec/openbeken/obk_config.h"

const struct setting settings_table[] = {
#define SETTING(name, type, field, key, low, high, secret, help)                                   \
    {name,                                                                                         \
     SETTING_##type,                                                                               \
     offsetof(struct obk_config, field),                                                           \
     sizeof(((struct obk_config *)0)->field),                                                      \
     key,                                                                                          \
     low,                                                                                          \
     high,                                                                                         \
     secret},
#include "device/store/settings_rows.h"
#undef SETTING
};
const size_t settings_count = sizeof settings_table / sizeof *settings_table;
