/* What the files of the storage finder share: the image, its sector heads and the steps in the
 * order that storage_find takes them. */
#ifndef WORKBENCH_INSPECTOR_STORAGE_PRIVATE_H
#define WORKBENCH_INSPECTOR_STORAGE_PRIVATE_H
#include "workbench/inspector/storage.h"

enum { STORAGE_KEYS_TRIED_MAX = 16 };

/* A storage key that may be the right one. */
struct storage_candidate {
    uint8_t key[STORAGE_KEY_SIZE];
    size_t offset; /* of the block it was read from */
    bool from_protected;
};

struct storage_search {
    const uint8_t *data;
    size_t size;
    struct storage *out;
    struct storage_candidate candidate[STORAGE_KEYS_TRIED_MAX];
    int candidate_count;
    /* data sectors of the chosen store */
    size_t sector[KV_SECTORS_MAX];
    int sector_count;
    size_t key_offset;
};

/* Memory that storage_free releases; NULL when there is none. */
void *storage_allocate(struct storage *storage, size_t size);
void storage_damaged(struct storage *storage, size_t offset, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

void storage_find_keys(struct storage_search *search);
void storage_choose_store(struct storage_search *search);
bool storage_load_kv(struct storage_search *search);
void storage_read_protected(struct storage_search *search, size_t offset);
void storage_find_uf(struct storage_search *search);
void storage_find_easyflash(struct storage_search *search);
void storage_find_psm(struct storage_search *search);
void storage_choose_param(struct storage_search *search);
#endif
