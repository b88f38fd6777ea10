/* The OpenBeken roles and start-up command as the GUI flash tool would write them. */
#include "codec/openbeken/roles.h"
#include "codec/tuya/describe.h"
#include "codec/tuya/keys.h"
#include "codec/tuya/loose.h"
#include "codec/tuya/pin_rows.h"
#include <string.h>

/* Number of a value made of digits only, -1 otherwise. */
static int32_t plain_number(const char *value) {
    int32_t number = 0;
    if (!value || !*value || strlen(value) > 8)
        return -1;
    for (; *value; value++) {
        if (!text_is_digit(*value))
            return -1;
        number = number * 10 + *value - '0';
    }
    return number;
}

static void role_set(struct tuya_gui_roles *out, const char *value, uint8_t role, int channel) {
    int32_t gpio = plain_number(value);
    if (gpio < 0 || gpio >= TUYA_GUI_PINS)
        return;
    out->role[gpio] = role;
    if (channel >= 0)
        out->channel[gpio] = (uint8_t)channel;
}

/* "NAME a b" with missing ones as 1; nothing when one is no number. */
static void current_command(struct text *out, const char *name, const char *a, const char *b) {
    int32_t first = a ? plain_number(a) : 1, second = b ? plain_number(b) : 1;
    if (first < 0 || second < 0)
        return;
    text_add(out, name);
    text_add(out, "_Current ");
    text_int(out, first);
    text_char(out, ' ');
    text_int(out, second);
    text_add(out, "\r\n");
}

static const char *larger(const char *a, const char *b) {
    return plain_number(a) >= plain_number(b) ? a : b;
}

static void driver_set(const struct tuya_config *config, struct tuya_gui_roles *out,
                       struct text *startup) {
    struct tuya_driver driver = tuya_driver_find(config);
    if (!driver.name)
        return;
    char name[24];
    struct text role = text_start(name, sizeof name);
    text_add(&role, driver.name);
    size_t type = role.length;
    text_add(&role, "DAT");
    int data = obk_role_find(name);
    role.length = type;
    text_add(&role, "CLK");
    int clock = obk_role_find(name);
    if (data > 0 && clock > 0) {
        role_set(out, driver.data, (uint8_t)data, -1);
        role_set(out, driver.clock, (uint8_t)clock, -1);
        name[type - (name[type - 1] == '_')] = '\0';
        bool bp5758d = strcmp(name, "BP5758D") == 0;
        current_command(startup, name, driver.colour,
                        bp5758d ? larger(driver.warm, driver.cold) : driver.warm);
    }
    text_add(startup, "LED_Map");
    for (int i = 0; i < 5; i++) {
        text_char(startup, ' ');
        text_int(startup, driver.map[i]);
    }
    text_add(startup, "\r\n");
}

void tuya_gui_roles(const struct tuya_config *config, struct tuya_gui_roles *out) {
    memset(out, 0, sizeof *out);
    struct text startup = text_start(out->startup, sizeof out->startup);
    for (size_t i = 0; i < config->member_count; i++) {
        const struct tuya_member *member = &config->members[i];
        const struct pin_row *row = pin_row_find(member->key);
        if (row && row->gui_role)
            role_set(out, member->value, row->gui_role,
                     row->gui_channel == ROW_KEY_NUMBER ? tuya_key_number(member->key)
                                                        : row->gui_channel);
        if (strcmp(member->key, "pwmhz") == 0) {
            text_add(&startup, "PWMFrequency ");
            text_add(&startup, member->value);
            text_add(&startup, "\r\n");
        }
    }
    driver_set(config, out, &startup);
}
