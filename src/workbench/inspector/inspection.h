/* Everything that one file tells, assembled: survey (code regions), storage (stores),
 * configuration in words, module, secrets, health, and what helps next. This is what reports and
 * other subcommands read; nothing here prints. */
#ifndef WORKBENCH_INSPECTOR_INSPECTION_H
#define WORKBENCH_INSPECTOR_INSPECTION_H
#include "codec/openbeken/littlefs.h"
#include "codec/openbeken/obk_config.h"
#include "codec/openbeken/obk_counters.h"
#include "codec/tuya/config.h"
#include "codec/tuya/measure_coe.h"
#include "codec/tuya/schema.h"
#include "codec/tuya/secrets.h"
#include "workbench/inspector/storage.h"
#include "workbench/inspector/survey.h"
#include "workbench/inspector/textsource.h"
#include "workbench/modules/module_draw.h"

/* A list of lines in one growing buffer. */
struct lines {
    char **line;
    size_t count, room;
};
/* Adds a line; drops it when memory runs out. */
void lines_add(struct lines *lines, const char *format, ...) __attribute__((format(printf, 2, 3)));
void lines_free(struct lines *lines);

/* What kind of device the file came from. */
enum device_class {
    DEVICE_UNKNOWN,
    DEVICE_PINS,      /* stock firmware with its pin configuration */
    DEVICE_TUYA_MCU,  /* the work is done by a second microcontroller behind a UART */
    DEVICE_CUSTOM,    /* stock storage without a pin configuration and without a UART speed */
    DEVICE_OPENBEKEN, /* already free */
    DEVICE_NONE,      /* an image for flashing, not read from a device */
};

enum health { HEALTH_UNCHECKED, HEALTH_GOOD, HEALTH_DAMAGED };
const char *health_name(enum health health); /* "healthy", "damaged", "cannot be checked" */

enum region_kind {
    REGION_DATA,
    REGION_FREE,
    REGION_ZERO,
    REGION_BOOT,
    REGION_APP,
    REGION_UPDATE,
    REGION_RF,
    REGION_CONFIG,
    REGION_FILES,
    REGION_USER_FILES,
    REGION_PROTECTED,
    REGION_KEY,
    REGION_STORE,
    REGION_EASYFLASH,
    REGION_PSM,
    REGION_KIND_COUNT
};
struct region_row {
    char mark;         /* in the map */
    const char *name;  /* for programs */
    const char *words; /* for people */
};
extern const struct region_row region_rows[REGION_KIND_COUNT];

struct region {
    enum region_kind kind;
    size_t offset, size; /* bytes in the file */
    size_t erased;       /* bytes in sectors of FF */
    uint32_t bad_blocks;
};

enum { INSPECTION_REGIONS_MAX = 64, INSPECTION_SECRETS_MAX = 192, INSPECTION_DIFFERENCES_MAX = 64 };

/* One secret value that the file holds. */
struct secret {
    enum secret_kind kind;
    const char *where; /* stored key, "OpenBeken configuration", "RF block" */
    char member[24];   /* JSON member or field, "" for the whole value */
    size_t offset_in_value, length;
    const uint8_t *value; /* `length` bytes */
};

struct inspection {
    const uint8_t *data; /* as the flash has it: see `turned_by` */
    size_t size;
    /* The bytes as they were given; more than `size` when the file repeats itself. */
    const uint8_t *file_data;
    size_t file_size;
    /* The file wraps in the middle of the flash: it was turned, `data` is a copy that begins at
     * flash address 0, and all offsets are those of the copy. */
    int64_t turned_by; /* flash address of the file's first byte; 0: not turned */
    uint8_t *turned;   /* the copy */
    struct survey survey;
    struct storage storage;

    bool config_found;         /* `config` has members or pins */
    const char *config_source; /* "kv", "uf", "app", "raw", "text", "openbeken" or "" */
    struct tuya_config config;
    bool meter_calibrated; /* by the factory, and plausible */
    struct tuya_meter_factors meter_factors;
    bool text_found;
    struct text_finding text;
    bool openbeken_found; /* its configuration block decodes */
    size_t openbeken_offset;
    bool openbeken_in_easyflash; /* the block is a value of an EasyFlash store */
    struct obk_config openbeken;
    bool counters_found;
    struct obk_counters counters;
    struct littlefs_file file[LITTLEFS_FILES]; /* of the file system at survey.lfs_offset */
    size_t file_count;
    const char *chip;       /* best answer of all evidence, or NULL */
    char chip_evidence[80]; /* what the stores add to the survey's evidence, or "" */

    enum device_class device;
    const struct module *module; /* NULL: not known */
    const char *module_name, *module_source;
    struct pin_uses uses;

    struct schema_datapoint schema[SCHEMA_DATAPOINTS_MAX];
    size_t schema_count;
    const char *schema_key;

    struct region region[INSPECTION_REGIONS_MAX];
    int region_count;
    uint8_t *sector_kind; /* enum region_kind per sector of the file */
    size_t sector_count;

    struct secret secret[INSPECTION_SECRETS_MAX];
    int secret_count;

    bool reference; /* the bootloader was compared with a good one: */
    struct span difference[INSPECTION_DIFFERENCES_MAX]; /* stretches of `data` that differ */
    int difference_count;

    enum health health;
    char verdict[160]; /* one line */
    struct lines damage, repair;
    struct lines description, details; /* compatible lines, and what they do not say */
    struct lines why;                  /* reasons for the device class */
    struct lines next, warnings;

    struct recovery *recovery; /* what booting it told (workbench/emulator), or NULL */
    struct lines booted;       /* the same in words */
};

/* Inspects a file's bytes, which must stay until inspection_free. NULL only without memory. */
struct inspection *inspection_make(const uint8_t *data, size_t size);
/* The same, and boots the dump in software: always, or if no configuration text was found; or
 * blind, as if there were no text in it, to see what watching its pins alone can tell. `progress`
 * may be NULL. */
enum inspection_boot {
    INSPECTION_BOOT_NEVER,
    INSPECTION_BOOT_IF_NEEDED,
    INSPECTION_BOOT_ALWAYS,
    INSPECTION_BOOT_BLIND
};
struct recovery_progress;
struct inspection *inspection_make_booted(const uint8_t *data, size_t size,
                                          enum inspection_boot when,
                                          const struct recovery_progress *progress);
void inspection_free(struct inspection *inspection);
/* Tells to the byte where the bootloader differs from that of a good file of the same version.
 * Returns NULL, or why the two cannot be compared. */
const char *inspection_compare_boot(struct inspection *inspection, const struct inspection *good);

/* One line that says what the file is: "BK7231N flash dump, 2 MiB: plug with 1 relay, …". */
void inspection_headline(const struct inspection *inspection, struct text *out);
/* "2 MiB", "1.16 MiB", "300 bytes". */
void inspection_size_words(size_t size, struct text *out);
/* Writes the value of a secret: masked, or as it is (binary as hex). */
void inspection_secret_text(const struct secret *secret, bool reveal, struct text *out);

/* Steps of inspection_make, one file each. */
void inspection_read_regions(struct inspection *inspection);
void inspection_judge_health(struct inspection *inspection);
void inspection_read_openbeken(struct inspection *inspection);
void inspection_find_meter(struct inspection *inspection);
void inspection_find_secrets(struct inspection *inspection);
void inspection_advise(struct inspection *inspection);
void inspection_emulate(struct inspection *inspection, enum inspection_boot when,
                        const struct recovery_progress *progress);
#endif
