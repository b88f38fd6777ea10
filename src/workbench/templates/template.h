/* Writers of a configuration for other firmware: OpenBeken JSON template, ESPHome YAML, Tasmota
 * template. Each gives a text and a list of warnings about what is uncertain. */
#ifndef WORKBENCH_TEMPLATES_TEMPLATE_H
#define WORKBENCH_TEMPLATES_TEMPLATE_H
#include "base/status.h"
#include "base/text.h"
#include "codec/tuya/config.h"
#include "codec/tuya/measure_coe.h"
#include "codec/tuya/schema.h"

#define TEMPLATE_WARNINGS_MAX 32
#define TEMPLATE_TEXT_SIZE    65536

/* Placeholders that the person who publishes a template fills in. */
#define TEMPLATE_IMAGE "https://obrazki.elektroda.pl/YOUR_IMAGE.jpg"
#define TEMPLATE_WIKI  "https://www.elektroda.com/rtvforum/topic_YOUR_TOPIC.html"

/* What goes in beside the configuration. */
struct template_input {
    const struct tuya_config *config;
    const char *name;                      /* of the device, or NULL */
    const char *chip;                      /* what the file's code says it is, or NULL */
    const struct schema_datapoint *schema; /* or NULL */
    size_t schema_count;
    const struct tuya_meter_factors *factors; /* of the factory's calibration, or NULL */
};

struct template_output {
    struct text text; /* over a buffer of the caller: template_start */
    char warnings[TEMPLATE_WARNINGS_MAX][160];
    size_t warning_count;
};

enum template_kind { TEMPLATE_OBK, TEMPLATE_ESPHOME, TEMPLATE_TASMOTA, TEMPLATE_KIND_COUNT };
/* Kind of "obk", "esphome", "tasmota"; -1 for anything else. */
int template_kind_find(const char *name);
const char *template_kind_name(enum template_kind kind);

void template_start(struct template_output *out, char *buffer, size_t size);
void template_warn(struct template_output *out, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* NOT_FOUND when there is nothing to write (no pins and no TuyaMCU): one warning says why. */
enum status template_write(enum template_kind kind, const struct template_input *in,
                           struct template_output *out);
enum status template_obk(const struct template_input *in, struct template_output *out);
enum status template_esphome(const struct template_input *in, struct template_output *out);
enum status template_tasmota(const struct template_input *in, struct template_output *out);
#endif
