/* Which chip a module name, a platform string or a storage position points to. The module rule is
 * the one public tools apply (by letters, wrong for a few names); `tuya_chip_of_module` knows the
 * exceptions. Source: openshwprojects/BK7231GUIFlashTool, libretiny-eu/libretiny. */
#ifndef CODEC_TUYA_PLATFORM_H
#define CODEC_TUYA_PLATFORM_H
#include <stdint.h>

/* Chip by the letters of the module's name as the GUI flash tool answers, or NULL. */
const char *tuya_chip_by_letters(const char *module);
/* The same with the known exceptions put right, or NULL. */
const char *tuya_chip_of_module(const char *module);
/* Chip of an em_sys_env string as the GUI flash tool answers, or NULL (also for BK7231S_2M). */
const char *tuya_chip_of_platform_listed(const char *platform);
/* The same with BK7231S_2M known. */
const char *tuya_chip_of_platform(const char *platform);

struct tuya_place {
    uint32_t offset;   /* of the key block */
    const char *chips; /* as the description line names them; "" for the usual place */
};
/* Row of a key-block offset, or NULL when it is uncommon. */
const struct tuya_place *tuya_place_find(uint32_t offset);
#endif
