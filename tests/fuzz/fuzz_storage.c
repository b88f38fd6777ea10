/* The storage finder and the sanitizer on arbitrary bytes. Random bytes never decrypt to anything,
 * so the input is also laid into a store as plain text: its first byte says how. */
#include "codec/tuya/kv.h"
#include "codec/tuya/protected.h"
#include "codec/tuya/psm.h"
#include "codec/tuya/user_files.h"
#include "workbench/host/crypto.h"
#include "workbench/inspector/sanitize.h"
#include "workbench/inspector/storage.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint8_t storage_key[16] = "fuzzing--fuzzing";
enum { PLACES = 6 };

/* Sector 0: protected, 1: key block, 2..: data sectors or user files, filled from the input. */
static size_t lay_out(const uint8_t *data, size_t size, uint8_t *image) {
    uint8_t key[16], plain[TUYA_SECTOR];
    size_t used = 1;
    data_key_derive(data_key_variant_find("8710_2M"), storage_key, key);
    for (int place = 0; place < PLACES; place++) {
        size_t room = size > used ? size - used : 0;
        size_t piece = room < TUYA_SECTOR ? room : TUYA_SECTOR;
        memset(plain, 0xFF, sizeof plain);
        memcpy(plain, data + used, piece);
        used += piece;
        if (place == 0) {
            struct protected_header header = {.length = load_le32(plain + 24) % 4100};
            memcpy(header.key, storage_key, 16);
            aes128_ecb_encrypt(key, plain + 32, plain + 32, TUYA_SECTOR - 32);
            protected_encode(&header, plain);
            aes128_ecb_encrypt(key_block_master, plain, image, TUYA_SECTOR);
        } else if (place == 1) {
            key_block_encode(storage_key, plain, sizeof plain);
            aes128_ecb_encrypt(key_block_master, plain, image + TUYA_SECTOR, TUYA_SECTOR);
            used -= piece;
        } else {
            if (data[0] & 1)
                store_le32(plain, data[0] & 2 ? KV_MAGIC_CLASSIC : KV_MAGIC_OS3);
            if (data[0] & 4)
                store_le32(plain + 4, kv_sector_sum(plain));
            aes128_ecb_encrypt(key, plain, image + (size_t)place * TUYA_SECTOR, TUYA_SECTOR);
        }
    }
    return PLACES * TUYA_SECTOR;
}

static void look(const uint8_t *data, size_t size) {
    static struct storage storage;
    static struct sanitize report;
    char why[256];
    uint8_t *copy = malloc(size + 1);
    if (!copy)
        return;
    memcpy(copy, data, size);
    storage_find(data, size, &storage);
    storage_find_in_code(&storage, (struct span){data, size});
    storage_free(&storage);
    if (sanitize_image(copy, size, &report, why, sizeof why))
        sanitize_verify(data, copy, size, &report, why, sizeof why);
    sanitize_free(&report);
    free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static uint8_t image[PLACES * TUYA_SECTOR];
    struct psm_pair pair;
    struct user_files files;
    for (size_t at = 0; psm_next(data, size, &at, &pair);)
        psm_name_known(pair.key, pair.key_size);
    user_files_decode(data, size, &files, NULL);
    for (const struct easyflash_layout *l = easyflash_layouts; l->bits; l++) {
        struct easyflash_node node;
        for (size_t at = 0; easyflash_next(data, size, l, &at, &node);)
            continue;
    }
    look(data, size);
    if (size > 1)
        look(image, lay_out(data, size, image));
    return 0;
}
