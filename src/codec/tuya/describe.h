/* The configuration in words. First the lines that the GUI flash tool prints, byte for byte, so
 * that people recognise them; then the lines it lacks: further pins, levels, protections in real
 * units, pairing, channel count, LED logic, unknown keys.
 * Compatible lines: openshwprojects/BK7231GUIFlashTool: TuyaConfig.cs. */
#ifndef CODEC_TUYA_DESCRIBE_H
#define CODEC_TUYA_DESCRIBE_H
#include "codec/tuya/config.h"

struct line_sink {
    void (*line)(void *context, const char *text);
    void *context;
};

/* The GUI-compatible lines in order. `storage_offset`: of the key block, -1 when unknown (0 and
 * 0x1000 print no line either). */
void tuya_describe(const struct tuya_config *config, int64_t storage_offset,
                   const struct line_sink *sink);
/* What the compatible lines do not say. */
void tuya_describe_more(const struct tuya_config *config, const struct line_sink *sink);

/* Pin roles and start-up command that the GUI flash tool writes into an OpenBeken configuration
 * (light channels from 0, levels ignored). Fills role[gpio] and channel[gpio] for gpio 0..32. */
#define TUYA_GUI_PINS 33
struct tuya_gui_roles {
    uint8_t role[TUYA_GUI_PINS], channel[TUYA_GUI_PINS];
    char startup[512];
};
void tuya_gui_roles(const struct tuya_config *config, struct tuya_gui_roles *out);

/* The serial LED driver of a light. */
struct tuya_driver {
    const char *name;   /* "SM2135", "BP5758D_", … or "Unknown"; NULL when there is none */
    const char *colour; /* current texts as stored; NULL when missing */
    const char *warm, *cold;
    int map[5]; /* r g b c w; -1 missing */
    const char *data, *clock;
};
struct tuya_driver tuya_driver_find(const struct tuya_config *config);
#endif
