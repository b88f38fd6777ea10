/* Which serial LED driver a light uses: decided by which of its current keys is there first. */
#include "codec/tuya/describe.h"

static const char *filled(const struct tuya_config *config, const char *key) {
    const char *value = tuya_config_get(config, key);
    return value && *value ? value : NULL;
}

struct driver_row {
    const char *name, *marker; /* the key that tells the driver */
    const char *colour[3];     /* its colour current, by preference */
    const char *white[3];      /* its (warm) white current */
    const char *cold;          /* a cold white current of its own */
};
static const struct driver_row drivers[] = {
    {"SM2135", "ehccur", {"ehccur", "iicccur", "campere"}, {"ehwcur", "iicwcur", "wampere"}, NULL},
    {"SM2135", "wampere", {"ehccur", "iicccur", "campere"}, {"ehwcur", "iicwcur", "wampere"}, NULL},
    {"SM2135", "iicccur", {"ehccur", "iicccur", "campere"}, {"ehwcur", "iicwcur", "wampere"}, NULL},
    {"BP5758D_", "dccur", {"drgbcur"}, {"dwcur"}, "dccur"},
    {"BP1658CJ_", "cjwcur", {"cjccur"}, {"cjwcur"}, NULL},
    {"SM2235", "2235ccur", {"2235ccur"}, {"2235wcur"}, NULL},
    {"KP18058_", "kp58wcur", {"kp58ccur"}, {"kp58wcur"}, NULL},
};

static const char *first_of(const struct tuya_config *config, const char *const keys[3]) {
    for (int i = 0; i < 3 && keys[i]; i++) {
        const char *value = filled(config, keys[i]);
        if (value)
            return value;
    }
    return NULL;
}

struct tuya_driver tuya_driver_find(const struct tuya_config *config) {
    static const char *const maps[5] = {"iicr", "iicg", "iicb", "iicc", "iicw"};
    struct tuya_driver driver = {.data = filled(config, "iicsda"),
                                 .clock = filled(config, "iicscl")};
    if (!driver.data || !driver.clock)
        return driver;
    driver.name = "Unknown";
    for (int i = 0; i < 5; i++)
        driver.map[i] = (int)tuya_config_number(config, maps[i], -1);
    for (size_t i = 0; i < sizeof drivers / sizeof *drivers; i++) {
        const struct driver_row *row = &drivers[i];
        if (!filled(config, row->marker))
            continue;
        driver.name = row->name;
        driver.colour = first_of(config, row->colour);
        driver.warm = first_of(config, row->white);
        driver.cold = row->cold ? filled(config, row->cold) : NULL;
        break;
    }
    return driver;
}
