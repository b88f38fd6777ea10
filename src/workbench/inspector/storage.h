/* Everything that an image says in its stores: Tuya's key-value store with its key block, the
 * protected blocks, user files, the pin configuration wherever it stands, PSM of ESP8266 devices
 * and EasyFlash. One call finds it all; nothing is taken for granted about where it stands, how it
 * is aligned or whether it is whole. Values point into memory that `storage_free` releases or into
 * the image, which must stay. */
#ifndef WORKBENCH_INSPECTOR_STORAGE_H
#define WORKBENCH_INSPECTOR_STORAGE_H
#include "base/bytes.h"
#include "codec/openbeken/easyflash.h"
#include "codec/tuya/kv.h"
#include "codec/tuya/protected.h"
#include "codec/tuya/user_files.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    STORAGE_PROTECTED_MAX = 4,
    STORAGE_RECORDS_MAX = 16,
    STORAGE_KEY_BLOCKS_MAX = 8,
    STORAGE_DAMAGE_MAX = 32,
    STORAGE_EASYFLASH_MAX = 4,
    STORAGE_KEYS_MAX = 512,
    STORAGE_PAIRS_MAX = 128,
};

/* One value of the key-value store. */
struct storage_key {
    char name[KV_NAME_MAX + 1];
    uint32_t length;      /* bytes as stored, a counted NUL included */
    const uint8_t *value; /* one NUL stands behind it */
    bool checksum_ok;
    bool newest; /* false: recovered from an older copy of its block */
    uint16_t block;
    uint8_t page;
    uint32_t generation;
    size_t sector_offset; /* of the index page's sector in the image */
};

struct storage_sector {
    size_t offset;
    uint16_t block;
    uint32_t generation;
    bool sum_ok, newest, header_lost;
};

struct storage_protected {
    size_t offset;
    const char *key_variant; /* derivation of the inner key; NULL: the records are unreadable */
    uint32_t counter, length;
    int record_count;
    struct {
        char name[PROTECTED_NAME_SIZE + 1];
        const uint8_t *value; /* one NUL stands behind it */
        uint32_t length;
    } record[STORAGE_RECORDS_MAX];
};

struct storage_uf {
    bool found;
    size_t base;      /* start of the partition */
    size_t header[2]; /* readable directory copies */
    int header_count;
    struct user_files files;
    struct span data[USER_FILES_MAX]; /* contents; NULL data: none, or outside the image */
};

enum storage_source {
    STORAGE_SOURCE_NONE,
    STORAGE_SOURCE_KV,
    STORAGE_SOURCE_UF,   /* the user file named in `where` */
    STORAGE_SOURCE_CODE, /* compiled into the application */
    STORAGE_SOURCE_RAW,  /* found as text in the image, proved by its CRC-7 */
};
const char *storage_source_name(enum storage_source source); /* "kv", "uf", "app", "raw" */

/* The pin configuration. */
struct storage_param {
    enum storage_source source;
    const char *where; /* key or file name; "" */
    const char *text;  /* not necessarily terminated */
    size_t length;     /* without a counted NUL */
    size_t offset;     /* in the image (raw) or the logical application (code); else 0 */
    bool crc_good;     /* its CRC-7 proves it complete */
    bool damaged;      /* value checksum wrong and no better copy */
};

struct storage_damage {
    size_t offset; /* in the image */
    char what[96];
};

struct storage_psm {
    bool found;
    size_t offset, size;
    bool encrypted;
    uint8_t key[STORAGE_KEY_SIZE]; /* when encrypted */
    int count;
    struct {
        const char *key, *value; /* terminated */
    } pair[STORAGE_PAIRS_MAX];
};

struct storage_easyflash {
    size_t offset, size;
    const struct easyflash_layout *layout;
};

struct storage {
    bool found;          /* the storage key is known and at least one data sector reads */
    size_t offset;       /* of the key block (or where it should be) */
    bool key_block_lost; /* the key was taken from a protected block */
    const char *key_variant;
    uint8_t storage_key[STORAGE_KEY_SIZE], data_key[STORAGE_KEY_SIZE];
    size_t key_block[STORAGE_KEY_BLOCKS_MAX]; /* every key block met */
    int key_block_count;

    uint32_t data_magic;
    int data_sectors, logical_blocks;
    struct storage_sector sector[KV_SECTORS_MAX];
    int sector_count; /* salvaged ones included */

    struct storage_key *key; /* in block and page order */
    int key_count;
    struct storage_protected protected_block[STORAGE_PROTECTED_MAX];
    int protected_count;
    struct storage_uf uf;
    struct storage_param param;
    struct storage_psm psm;
    struct storage_easyflash easyflash[STORAGE_EASYFLASH_MAX];
    int easyflash_count;
    struct storage_damage damage[STORAGE_DAMAGE_MAX];
    int damage_count;

    struct kv_store kv; /* the decrypted sectors themselves */
    void *memory;       /* list of what storage_free releases */
};

/* Looks for everything except the application code. Returns false only when memory runs out. */
bool storage_find(const uint8_t *data, size_t size, struct storage *out);
/* Second step, for dumps whose configuration is compiled into the application: searches `code`,
 * which is the application CRC-stripped and decrypted. Does nothing when a configuration is known.
 */
void storage_find_in_code(struct storage *storage, struct span code);
void storage_free(struct storage *storage);

/* Live value by name, or NULL. */
const struct storage_key *storage_get(const struct storage *storage, const char *name);
/* Index in uf.files, or -1. */
int storage_uf_find(const struct storage *storage, const char *name);
/* Length of a value as text: trailing NUL and FF dropped; SIZE_MAX when it is no text. */
size_t storage_text_length(const uint8_t *value, size_t length);
#endif
