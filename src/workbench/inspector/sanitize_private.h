/* What the files of the sanitizer share. */
#ifndef WORKBENCH_INSPECTOR_SANITIZE_PRIVATE_H
#define WORKBENCH_INSPECTOR_SANITIZE_PRIVATE_H
#include "codec/tuya/secrets.h"
#include "workbench/inspector/sanitize.h"

enum { SANITIZE_RANGES_MAX = 64, SANITIZE_SEARCH_LEAST = 8 };

void sanitize_count(struct sanitize *report, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Remembers a removed text; short or uniform ones are not worth a search. */
void sanitize_remember(struct sanitize *report, const uint8_t *secret, size_t length);
/* Overwrites a stretch with a placeholder of the same length and kind. */
void sanitize_blank(uint8_t *data, size_t length, bool quoted);
/* Blanks the sensitive stretches of a value in place. Returns how many. */
int sanitize_value(struct sanitize *report, const char *where, const char *key, uint8_t *value,
                   size_t length);
/* Blanks what is left of remembered texts in plain bytes. Returns how many. */
int sanitize_search(const struct sanitize *report, uint8_t *data, size_t size);
bool sanitize_remembers(const struct sanitize *report, const uint8_t *data, size_t size);

bool sanitize_kv(uint8_t *image, size_t size, const struct storage *storage,
                 struct sanitize *report);
void sanitize_protected(uint8_t *image, const struct storage *storage, struct sanitize *report);
void sanitize_files(uint8_t *image, size_t size, const struct storage *storage,
                    struct sanitize *report);
void sanitize_rf(uint8_t *image, size_t size, struct sanitize *report);
void sanitize_openbeken(uint8_t *image, size_t size, struct sanitize *report);
void sanitize_easyflash_note(const uint8_t *image, const struct storage *storage,
                             struct sanitize *report);
void sanitize_easyflash(uint8_t *image, const struct storage *storage, struct sanitize *report);
void sanitize_psm(uint8_t *image, const struct storage *storage, struct sanitize *report);
void sanitize_littlefs(uint8_t *image, size_t size, struct sanitize *report);
/* Data sectors that another key opens. */
void sanitize_other_stores(uint8_t *image, size_t size, const struct storage *storage,
                           struct sanitize *report);
#endif
