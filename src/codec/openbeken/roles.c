/* The role table and its spellings. */
#include "codec/openbeken/roles.h"

#include "base/text.h"
#include <string.h>

static const struct obk_role_row rows[] = {
#define OBK_ROLE_ROW(id, symbol, name, channels, what) [id] = {name, channels},
    OBK_ROLE_LIST(OBK_ROLE_ROW)
#undef OBK_ROLE_ROW
};

/* Older names and spellings of the public template database. */
static const struct {
    const char *name;
    uint8_t id;
} others[] = {
    {"Button", OBK_ROLE_BUTTON},
    {"Button_n", OBK_ROLE_BUTTON_N},
    {"Relay", OBK_ROLE_RELAY},
    {"Relay_n", OBK_ROLE_RELAY_N},
    {"SM2135_DAT", OBK_ROLE_SM2135DAT},
    {"SM2135_CLK", OBK_ROLE_SM2135CLK},
    {"SM2235_DAT", OBK_ROLE_SM2235DAT},
    {"SM2235_CLK", OBK_ROLE_SM2235CLK},
    {"BP5758_DAT", OBK_ROLE_BP5758D_DAT},
    {"BP5758_CLK", OBK_ROLE_BP5758D_CLK},
    {"WiFi_LED", OBK_ROLE_WIFI_LED},
    {"WiFi_LED_n", OBK_ROLE_WIFI_LED_N},
    {"Btn_NextColour", OBK_ROLE_BTN_NEXT_COLOR},
    {"Btn_NextColour_n", OBK_ROLE_BTN_NEXT_COLOR_N},
};

const struct obk_role_row *obk_role_row(unsigned id) {
    return id < OBK_ROLE_COUNT ? &rows[id] : NULL;
}

const char *obk_role_name(unsigned id) {
    return id < OBK_ROLE_COUNT ? rows[id].name : NULL;
}

int obk_role_find(const char *name) {
    char trimmed[32];
    struct text text = text_start(trimmed, sizeof trimmed);
    while (text_is_space(*name))
        name++;
    size_t size = strlen(name);
    while (size && text_is_space(name[size - 1]))
        size--;
    text_add_n(&text, name, size);
    if (text.truncated)
        return -1;
    for (unsigned id = 0; id < OBK_ROLE_COUNT; id++)
        if (text_same(rows[id].name, trimmed))
            return (int)id;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (text_same(others[i].name, trimmed))
            return others[i].id;
    return size == 0 ? OBK_ROLE_NONE : -1;
}
