/* What follows from the members: module and chip, protections, and one entry per used GPIO. */
#include "codec/openbeken/roles.h"
#include "codec/tuya/config.h"
#include "codec/tuya/describe.h"
#include "codec/tuya/keys.h"
#include "codec/tuya/loose.h"
#include "codec/tuya/pin_rows.h"
#include "codec/tuya/platform.h"
#include <string.h>

#define GPIO_MAX 63

/* GPIO number of a value, -1 when it is none. */
static int gpio_of(const struct tuya_member *member) {
    size_t size = strlen(member->value);
    if (member->kind == TUYA_NESTED || !size || size > 2)
        return -1;
    int gpio = 0;
    for (size_t i = 0; i < size; i++) {
        if (!text_is_digit(member->value[i]))
            return -1;
        gpio = gpio * 10 + member->value[i] - '0';
    }
    return gpio <= GPIO_MAX ? gpio : -1;
}

static struct tuya_pin *pin_new(struct tuya_config *config) {
    return config->pin_count < TUYA_PINS_MAX ? &config->pins[config->pin_count++] : NULL;
}

static void pin_add(struct tuya_config *config, const struct tuya_member *member,
                    const struct pin_row *row, int gpio) {
    int n = tuya_key_number(member->key);
    int32_t level = row->level ? tuya_config_indexed(config, row->level, n, -1) : -1;
    struct tuya_pin *pin = pin_new(config);
    if (!pin)
        return;
    *pin = (struct tuya_pin){
        .gpio = (uint8_t)gpio,
        .key = member->key,
        .function = row->function,
        .level = (int8_t)(level == 0 || level == 1 ? level : -1),
        .certainty = row->certainty,
        .channel = (uint8_t)(row->channel >= 0                ? row->channel
                             : row->channel == ROW_KEY_NUMBER ? n
                                                              : 0),
    };
    pin->role = (pin->level < 0 ? row->usual : pin->level) ? row->high : row->low;
    if (pin->role == OBK_ROLE_BL0937SEL_N)
        pin->certainty = TUYA_GUESS; /* no public device confirms this polarity */
}

/* A key that ends like a pin but has no row: say so rather than drop it. */
static void unknown_pin_add(struct tuya_config *config, const struct tuya_member *member) {
    size_t size = strlen(member->key);
    int gpio = gpio_of(member);
    if (gpio < 0 || size < 5 || strcmp(member->key + size - 4, "_pin") != 0)
        return;
    struct tuya_pin *pin = pin_new(config);
    if (pin)
        *pin = (struct tuya_pin){.gpio = (uint8_t)gpio,
                                 .key = member->key,
                                 .function = "unknown",
                                 .level = -1,
                                 .certainty = TUYA_GUESS};
}

struct driver_roles {
    const char *type;
    uint8_t data, clock;
};
static const struct driver_roles driver_roles[] = {
    {"SM2135", OBK_ROLE_SM2135DAT, OBK_ROLE_SM2135CLK},
    {"BP5758D_", OBK_ROLE_BP5758D_DAT, OBK_ROLE_BP5758D_CLK},
    {"BP1658CJ_", OBK_ROLE_BP1658CJ_DAT, OBK_ROLE_BP1658CJ_CLK},
    {"SM2235", OBK_ROLE_SM2235DAT, OBK_ROLE_SM2235CLK},
    {"KP18058_", OBK_ROLE_KP18058_DAT, OBK_ROLE_KP18058_CLK},
};

static void driver_pin_add(struct tuya_config *config, const struct tuya_driver *driver,
                           bool data) {
    const char *key = data ? "iicsda" : "iicscl";
    int32_t gpio = tuya_config_number(config, key, -1);
    struct tuya_pin *pin = gpio >= 0 && gpio <= GPIO_MAX ? pin_new(config) : NULL;
    if (!pin)
        return;
    *pin = (struct tuya_pin){.gpio = (uint8_t)gpio,
                             .key = key,
                             .function = data ? "LED driver data" : "LED driver clock",
                             .level = -1,
                             .certainty = TUYA_GUESS};
    for (size_t i = 0; i < sizeof driver_roles / sizeof *driver_roles; i++)
        if (strcmp(driver->name, driver_roles[i].type) == 0) {
            pin->role = data ? driver_roles[i].data : driver_roles[i].clock;
            pin->certainty = TUYA_SURE;
        }
}

static bool is_first_pin_of_gpio(const struct tuya_config *config, size_t number) {
    for (size_t i = 0; i < number; i++)
        if (config->pins[i].gpio == config->pins[number].gpio)
            return false;
    return true;
}

/* Sensors get the channels after those that relays, buttons and lights use. */
static void sensor_channels(struct tuya_config *config) {
    uint8_t next = 1;
    for (size_t i = 0; i < config->pin_count; i++)
        if (config->pins[i].channel >= next && config->pins[i].channel < 60)
            next = (uint8_t)(config->pins[i].channel + 1);
    for (size_t i = 0; i < config->pin_count; i++) {
        const struct pin_row *row = pin_row_find(config->pins[i].key);
        if (row && row->channel == ROW_SENSOR && config->pins[i].role &&
            is_first_pin_of_gpio(config, i) && next < 64)
            config->pins[i].channel = next++;
    }
}

static void pins_find(struct tuya_config *config) {
    config->pin_count = 0;
    for (size_t i = 0; i < config->member_count; i++) {
        const struct tuya_member *member = &config->members[i];
        const struct pin_row *row = pin_row_find(member->key);
        int gpio = gpio_of(member);
        if (row && row->function && gpio >= 0)
            pin_add(config, member, row, gpio);
        else if (!row)
            unknown_pin_add(config, member);
    }
    struct tuya_driver driver = tuya_driver_find(config);
    if (driver.name) {
        driver_pin_add(config, &driver, true);
        driver_pin_add(config, &driver, false);
    }
    sensor_channels(config);
}

static void module_find_in(struct tuya_config *config) {
    const char *module = tuya_config_get(config, "module");
    for (size_t i = 0; i < config->member_count && !module; i++)
        if (strstr(config->members[i].key, "module") && config->members[i].kind != TUYA_NESTED)
            module = config->members[i].value;
    if (module && *module)
        config->module = module;
}

static int32_t positive(const struct tuya_config *config, const char *key) {
    int32_t value = tuya_config_number(config, key, 0);
    return value > 0 ? value : 0;
}

void tuya_config_finish(struct tuya_config *config) {
    module_find_in(config);
    config->chip = tuya_chip_of_platform(config->platform);
    if (!config->chip)
        config->chip = tuya_chip_of_module(config->module);
    config->protections = (struct tuya_protections){
        .over_current_ma = positive(config, "over_cur"),
        .over_voltage_v = positive(config, "over_vol"),
        .under_voltage_v = positive(config, "lose_vol"),
        .working_voltage_v = positive(config, "work_voltage"),
        .battery_max_mv = positive(config, "max_V"),
        .battery_min_mv = positive(config, "min_V"),
    };
    pins_find(config);
}
