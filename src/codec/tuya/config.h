/* What the stock firmware of a plug knows about its hardware, from whatever source it was
 * recovered: the ordered members of `user_param_key`, and what follows from them (module, chip,
 * pins with roles and levels, protections). One description that every writer (description,
 * OpenBeken, ESPHome, Tasmota, drawing) starts from. No heap: texts live in the struct, so it must
 * not be copied by value. */
#ifndef CODEC_TUYA_CONFIG_H
#define CODEC_TUYA_CONFIG_H
#include "base/status.h"
#include "base/text.h"
#include "codec/tuya/crc7.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TUYA_MEMBERS_MAX 320
#define TUYA_TEXT_MAX    16384
#define TUYA_PINS_MAX    64
#define TUYA_NODES_MAX   2048

enum tuya_value_kind { TUYA_NUMBER, TUYA_STRING, TUYA_NESTED };

/* One member in stored order. `value` is the text of a number or string, or strict JSON for
 * TUYA_NESTED. */
struct tuya_member {
    const char *key, *value;
    enum tuya_value_kind kind;
};

enum tuya_certainty { TUYA_SURE, TUYA_LIKELY, TUYA_GUESS };

/* One used GPIO. `role` is an OpenBeken role id (codec/openbeken/roles.h), the better choice with
 * the level taken into account; 0 when there is none for it. */
struct tuya_pin {
    uint8_t gpio;
    const char *key;      /* the Tuya key that says so */
    const char *function; /* words: "relay", "Wi-Fi LED", "BL0937 CF" */
    uint8_t role;
    uint8_t channel; /* relays from 1, lights 1..5 */
    int8_t level;    /* 1 active high, 0 active low, -1 not said */
    enum tuya_certainty certainty;
};

/* Thresholds in real units; 0 means not set. */
struct tuya_protections {
    int32_t over_current_ma, over_voltage_v, under_voltage_v;
    int32_t working_voltage_v;
    int32_t battery_max_mv, battery_min_mv;
};

struct tuya_config {
    struct tuya_member members[TUYA_MEMBERS_MAX];
    size_t member_count;
    enum tuya_crc_state crc;
    bool truncated;       /* the text ended early, or did not fit */
    const char *module;   /* as stored, or NULL */
    const char *baud;     /* as stored, or NULL: a TuyaMCU device or a UART meter */
    const char *platform; /* em_sys_env, or NULL */
    const char *chip;     /* best answer from module and platform, or NULL */
    struct tuya_protections protections;
    struct tuya_pin pins[TUYA_PINS_MAX];
    size_t pin_count;
    char text[TUYA_TEXT_MAX];
    size_t text_used;
};

/* Empties the struct. */
void tuya_config_start(struct tuya_config *config);

/* Reads a `user_param_key` text of any generation (bare, JSON, nested `sw`, everything quoted,
 * truncated) and adds its members. `nodes` is scratch of TUYA_NODES_MAX entries. Duplicates: the
 * first one stays. NOT_FOUND when the text holds no object. */
struct loose_node;
enum status tuya_config_read(struct tuya_config *config, const char *text, size_t size,
                             struct loose_node *nodes, struct fault *fault);

/* Adds one member (ignored when the key is there already). False when full. */
bool tuya_config_add(struct tuya_config *config, const char *key, size_t key_size,
                     const char *value, size_t value_size, enum tuya_value_kind kind);
/* Reads `{"baud":9600}` or `{"uart_baud":9600,…}`. */
void tuya_config_read_baud(struct tuya_config *config, const char *text, size_t size,
                           struct loose_node *nodes);
void tuya_config_set_baud(struct tuya_config *config, const char *baud);
void tuya_config_set_platform(struct tuya_config *config, const char *platform);
void tuya_config_set_module(struct tuya_config *config, const char *module);

/* Derives module, chip, protections and pins from the members; call it after the last addition. */
void tuya_config_finish(struct tuya_config *config);

/* Value of a key or NULL; number of a key, or `otherwise` when absent or no number. */
const char *tuya_config_get(const struct tuya_config *config, const char *key);
int32_t tuya_config_number(const struct tuya_config *config, const char *key, int32_t otherwise);
/* printf-free lookup of a numbered key: pattern "rl#_lv" with n = 2 reads "rl2_lv". */
int32_t tuya_config_indexed(const struct tuya_config *config, const char *pattern, int n,
                            int32_t otherwise);

/* The members as JSON object: stored order, numbers bare. */
void tuya_config_json(const struct tuya_config *config, struct text *out);
#endif
