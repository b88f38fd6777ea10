/* Which stored values are secret or identify a household, as data: masking in reports and blanking
 * in published copies read the same rows. Adding one: a row in secrets.c. */
#ifndef CODEC_TUYA_SECRETS_H
#define CODEC_TUYA_SECRETS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum secret_kind {
    SECRET_WIFI_NAME,
    SECRET_WIFI_PASSWORD,
    SECRET_CLOUD_KEY, /* licence, authentication and session keys */
    SECRET_DEVICE_ID, /* uuid, device id, pin, MAC address */
    SECRET_TOKEN,     /* pairing token, server data of the account */
};

/* One rule. `key` is the stored name; `member` is the JSON member at any depth, "*" all members
 * that `except` (blank-separated) does not name, or NULL: the whole value. */
struct secret_rule {
    const char *key, *member, *except;
    enum secret_kind kind;
    bool suffix_only; /* only what follows the last '-' or '_' (part of the MAC address) */
};
/* Ends with a NULL key. */
extern const struct secret_rule secret_rules[];
const char *secret_kind_name(enum secret_kind kind);

/* Has this stored key any rule? */
bool secret_key_known(const char *key);
/* User files that may hold network events. */
bool secret_file_is_log(const char *name);

/* A sensitive stretch of a value: empty, null, true and false are none. */
struct secret_range {
    size_t offset, length; /* bytes in the value */
    enum secret_kind kind;
    char member[24]; /* "" for the whole value */
};
/* Finds the sensitive stretches of a value that is stored under `key`, in order. Text that is no
 * JSON (cut, damaged) counts as one stretch. Returns how many, at most `max`. */
size_t secrets_find(const char *key, const uint8_t *value, size_t size, struct secret_range *out,
                    size_t max);
#endif
