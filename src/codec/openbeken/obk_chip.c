/* Chips that run OpenBeken: pin-table group, CRC variant, GPIOs, place of the block. */
#include "codec/openbeken/obk_config.h"

#include "base/text.h"

#define S OBK_CRC_SIGNED
#define U OBK_CRC_UNSIGNED
static const struct obk_chip chips[] = {
    {"BK7231T", OBK_GROUP_D, S, 29, 0x1E1000},
    {"BK7231N", OBK_GROUP_D, S, 29, 0x1D1000},
    {"BK7231U", OBK_GROUP_D, S, 29, 0x1E1000},
    {"BK7231M", OBK_GROUP_D, S, 29, 0x1D1000},
    {"BK7238", OBK_GROUP_D, S, 29, 0x1E1000},
    {"BK7252", OBK_GROUP_A, S, 40, 0x1E1000},
    {"BK7252N", OBK_GROUP_A, S, 40, 0x1E1000},
    {"BL602", OBK_GROUP_D, U, 24, 0},
    {"BL616", OBK_GROUP_A, U, 35, 0},
    {"LN882H", OBK_GROUP_D, U, 26, 0x1FF000},
    {"LN8825", OBK_GROUP_D, U, 26, 0x1FF000},
    {"W600", OBK_GROUP_D, U, 17, 0xF0000},
    {"W800", OBK_GROUP_A, U, 44, 0x1F0303},
    {"XR809", OBK_GROUP_D, U, 24, 0},
    {"XR806", OBK_GROUP_D, U, 24, 0},
    {"XR872", OBK_GROUP_A, U, 24, 0},
    {"RTL8710B", OBK_GROUP_D, S, 17, 0},
    {"RTL87X0C", OBK_GROUP_D, S, 24, 0},
    {"RTL8720D", OBK_GROUP_C, U, 64, 0},
    {"RTL8720E", OBK_GROUP_C, U, 64, 0},
    {"RTL8721DA", OBK_GROUP_C, U, 64, 0},
    {"ECR6600", OBK_GROUP_D, S, 27, 0},
    {"TR6260", OBK_GROUP_D, S, 25, 0},
    {"RDA5981", OBK_GROUP_D, U, 29, 0},
    {"GD32VW553", OBK_GROUP_A, S, 44, 0x3F1000},
    {"ESP8266", OBK_GROUP_D, S, 14, 0},
    {"ESP32", OBK_GROUP_B, S, 50, 0},
};

const struct obk_chip *obk_chip_find(const char *name) {
    for (size_t i = 0; i < sizeof chips / sizeof *chips; i++)
        if (text_same(chips[i].name, name))
            return &chips[i];
    return NULL;
}
