/* Tables from names and places to chips. */
#include "codec/tuya/platform.h"

#include "base/text.h"
#include <stddef.h>
#include <string.h>

struct pair {
    const char *name, *chip;
};

/* Prefix rules of the GUI flash tool, tried in order; W modules depend on their third letter. */
static const struct pair letters[] = {
    {"CB", "BK7231N"}, {"CR", "RTL87X0C"}, {"T34", "BK7231N"}, {"T1", "BK7238"}, {"T2", "BK7231N"},
    {"T3", "BK7236"},  {"T4", "BK7252N"},  {"T5", "BK7258"},   {"X", "XR809"},
};

/* Modules whose name lies, and families the letters do not know. Longest names first. */
static const struct pair exceptions[] = {
    {"WB2L-M1", "BK7231N"},   {"WB2L_M1", "BK7231N"}, {"WB02A", "LN882H"},
    {"WL2S", "LN882H"},       {"WL2H-U", "LN882H"},   {"LN-", "LN882H"},
    {"WBR", "RTL87X0C"},      {"WR", "RTL8710B"},     {"WA2", "BK7231Q"},
    {"TYWE", "ESP8266"},      {"XH-WB3S", "BK7238"},  {"LSC-LMA35-T", "BK7231T"},
    {"LSC-LMA35", "BK7231N"},
};

static const struct pair platforms[] = {
    {"eswin_ecr6600", "ECR6600"},
    {"LN882X_2M", "LN8825"},
    {"ln882h", "LN882H"},
    {"bk7231n", "BK7231N"},
    {"BK7231NL", "BK7231N"},
    {"bk7231nl", "BK7231N"},
    {"t2", "BK7231N"},
    {"bk7231t", "BK7231T"},
    {"bk7231", "BK7231Q"},
    {"rtl8720cf_ameba", "RTL87X0C"},
    {"rtl8720cm_ameba", "RTL87X0C"},
    {"rtl8720dn", "RTL8720D"},
    {"rtl8721cs", "RTL8720D"},
    {"test_rtl8720dn", "RTL8720D"},
    {"rtl8711daf", "RTL8721DA"},
    {"T1", "BK7238"},
    {"bk7238", "BK7238"},
    {"T3", "BK7236"},
    {"T5", "BK7258"},
    {"bk7258", "BK7258"},
    {"TR6260_1M", "TR6260"},
    {"rtl8711am_zb_gw_ame", "RTL8711AM"},
    {"rtl8711am", "RTL8711AM"},
    {"RTL8710BN_2M", "RTL8710B"},
    {"rtl8710bn", "RTL8710B"},
    {"bl602", "BL602"},
    {"bl616", "BL616"},
    {"bl618", "BL616"},
    {"esp8266", "ESP8266"},
    {"esp8285", "ESP8266"},
    {"w800", "W800"},
    {"w803", "W800"},
    {"xr806", "XR806"},
    {"xr809", "XR809"},
};

static const struct tuya_place places[] = {
    {0x1EE000, ""},
    {0x1F5000, "T1/XR806 and some T34/BK7231N"},
    {0x1D5000, "RTL8720C and ECR6600"},
    {0x1EB000, "RTL8710B/XR809/BK7231Q/RDA5981"},
    {0x3D0000, "T3/BK7236"},
    {0x7DD000, "T5/BK7258"},
    {0x3B6000, "4MB RTL8720D"},
    {0x7D7000, "8MB RTL8720D/WBRG1"},
    {0x1EC000, "LN882H"},
    {0x0D2000, "TR6260"},
    {0x1C0000, "W800"},
    {0x1E7000, "LN8825B"},
    {0x377000, "RTL8720CM"},
    {0x397000, "BK7252"},
    {0x07B000, "ESP8266"},
};

static const char *prefix_find(const struct pair *pairs, size_t count, const char *name) {
    for (size_t i = 0; i < count; i++)
        if (text_starts(name, pairs[i].name))
            return pairs[i].chip;
    return NULL;
}

const char *tuya_chip_by_letters(const char *module) {
    if (!module || strlen(module) < 3)
        return NULL;
    if (text_lower(module[0]) != 'w')
        return prefix_find(letters, sizeof letters / sizeof *letters, module);
    char third = text_lower(module[2]);
    return third == 'r' ? "RTL87X0C" : third == 'd' ? "RDA5981" : "BK7231T";
}

const char *tuya_chip_of_module(const char *module) {
    if (!module)
        return NULL;
    const char *chip = prefix_find(exceptions, sizeof exceptions / sizeof *exceptions, module);
    return chip ? chip : tuya_chip_by_letters(module);
}

const char *tuya_chip_of_platform_listed(const char *platform) {
    if (!platform)
        return NULL;
    for (size_t i = 0; i < sizeof platforms / sizeof *platforms; i++)
        if (strcmp(platforms[i].name, platform) == 0)
            return platforms[i].chip;
    return text_starts(platform, "esp32") ? "ESP32" : NULL;
}

const char *tuya_chip_of_platform(const char *platform) {
    if (platform && text_starts(platform, "BK7231S"))
        return "BK7231T";
    return tuya_chip_of_platform_listed(platform);
}

const struct tuya_place *tuya_place_find(uint32_t offset) {
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (places[i].offset == offset)
            return &places[i];
    return NULL;
}
