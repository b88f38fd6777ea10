/* The data regions: RF block, key block, values, protected block, user files. Classic stores keep
 * older copies in swap sectors; newer ones write blocks in any order and leave the previous copy of
 * the last one in place. Both are imitated, old secrets included. */
#include "codec/beken/rf.h"
#include "codec/tuya/kv.h"
#include "codec/tuya/protected.h"
#include "codec/tuya/user_files.h"
#include "workbench/dumpbuild/dumpbuild.h"
#include "workbench/host/crypto.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCKS_MAX = 16, GENERATION = 7, ROTATION = 5 };

static const uint8_t storage_key[] = "plugsmith--demo0"; /* plainly fake, as all of it */
static const uint8_t rf_mac[RF_MAC_SIZE] = {0x02, 0x00, 0x00, 0xDE, 0xC0, 0x01};
static const char old_network[] =
    "{\"nc_tp\":9,\"ssid\":\"decoy-earlier\",\"passwd\":\"decoy-old-pass\",\"md\":0,\"stat\":2}";

struct shape {
    int blocks, swap;
    uint32_t magic;
};

static struct shape shape_of(const struct dumpbuild *plan, size_t size) {
    int sectors = (int)((size - plan->chip->key_offset) / TUYA_SECTOR) - 1;
    bool os3 = plan->layout == DUMPBUILD_OS3;
    int swap = os3 ? 1 : sectors >= 20 ? 4 : sectors >= 17 ? 3 : 2;
    int most = os3 || sectors >= 20 ? 16 : 14;
    int blocks = sectors - swap < most ? sectors - swap : most;
    return (struct shape){blocks, swap, os3 ? KV_MAGIC_OS3 : KV_MAGIC_CLASSIC};
}

static void put_sector(uint8_t *image, size_t offset, const uint8_t *plain, const uint8_t *key) {
    aes128_ecb_encrypt(key, plain, image + offset, TUYA_SECTOR);
}

/* An earlier copy of block 0: another network, and no pin configuration yet. */
static bool older_copy(const struct dumpbuild *plan, uint32_t magic, uint32_t generation,
                       uint8_t (*sector)[TUYA_SECTOR]) {
    struct kv_builder builder;
    kv_build_start(&builder, sector, 1, magic, generation);
    const struct dumpbuild_value *licence = dumpbuild_get(plan, "gw_bi");
    bool done = kv_build_add(&builder, "gw_wsm", old_network, sizeof old_network) &&
                (!licence || kv_build_add(&builder, "gw_bi", licence->value, licence->length));
    kv_build_finish(&builder);
    return done;
}

static bool put_values(const struct dumpbuild *plan, uint8_t *image, size_t size,
                       const uint8_t *key) {
    struct shape shape = shape_of(plan, size);
    uint8_t(*sector)[TUYA_SECTOR] = malloc((BLOCKS_MAX + 1) * sizeof *sector);
    struct kv_builder builder;
    bool done = sector && shape.blocks > 0;
    if (done)
        kv_build_start(&builder, sector, shape.blocks, shape.magic, GENERATION);
    for (int i = 0; done && i < plan->count; i++)
        done = kv_build_add(&builder, plan->value[i].name, plan->value[i].value,
                            plan->value[i].length);
    if (done)
        kv_build_finish(&builder);
    bool os3 = plan->layout == DUMPBUILD_OS3;
    int places = shape.blocks + (os3 ? 1 : 0);
    size_t first = plan->chip->key_offset + TUYA_SECTOR;
    for (int i = 0; done && i < shape.blocks; i++) {
        int place = os3 ? (i + ROTATION) % places : i;
        put_sector(image, first + (size_t)place * TUYA_SECTOR, sector[i], key);
    }
    for (int i = 0; done && i < shape.swap; i++) {
        int place = os3 ? (shape.blocks + ROTATION) % places : shape.blocks + i;
        done = older_copy(plan, shape.magic, GENERATION - 1 - (uint32_t)i, &sector[BLOCKS_MAX]);
        put_sector(image, first + (size_t)place * TUYA_SECTOR, sector[BLOCKS_MAX], key);
    }
    free(sector);
    return done;
}

static bool put_protected(const struct dumpbuild *plan, uint8_t *image, const uint8_t *key) {
    static const char *const names[] = {"gw_bi", "gw_wsm"};
    uint8_t plain[TUYA_SECTOR], *area = plain + PROTECTED_AREA_AT;
    struct protected_header header = {.counter = 0xFFFFFFFFu};
    size_t at = 0, room = TUYA_SECTOR - PROTECTED_AREA_AT;
    memset(plain, 0xFF, sizeof plain);
    for (int i = 0; i < 2; i++) {
        const struct dumpbuild_value *v = dumpbuild_get(plan, names[i]);
        if (v && !protected_put(area, room, &at, v->name, v->value, (uint32_t)v->length))
            return false;
    }
    header.length = (uint32_t)at;
    memcpy(header.key, storage_key, STORAGE_KEY_SIZE);
    aes128_ecb_encrypt(key, area, area, (at + 15) / 16 * 16);
    protected_encode(&header, plain);
    put_sector(image, plan->chip->key_offset - TUYA_SECTOR, plain, key_block_master);
    return true;
}

static bool put_files(const struct dumpbuild *plan, uint8_t *image, size_t base) {
    const struct dumpbuild_value *param = dumpbuild_get(plan, "user_param_key");
    static const char log[] = "decoy event: joined decoy-network\n";
    struct user_files files = {.generation = 3, .count = 2};
    if (!param)
        return true;
    if (param->length > TUYA_SECTOR)
        return false;
    files.file[0] =
        (struct user_file){.name = "oem_cfg", .size = (uint32_t)param->length, .block = 2};
    files.file[1] = (struct user_file){.name = "logseq0", .size = sizeof log - 1, .block = 3};
    for (uint32_t copy = 0; copy < 2; copy++, files.generation--)
        user_files_encode(&files, image + base + copy * TUYA_SECTOR);
    memcpy(image + base + 2 * TUYA_SECTOR, param->value, param->length);
    memcpy(image + base + 3 * TUYA_SECTOR, log, sizeof log - 1);
    return true;
}

bool dumpbuild_storage(const struct dumpbuild *plan, uint8_t *image, size_t size) {
    const struct beken_chip *chip = plan->chip;
    uint8_t plain[TUYA_SECTOR], key[STORAGE_KEY_SIZE];
    bool rom = strcmp(chip->family, "rom") == 0 && chip->rf_offset == 0x1D0000;
    data_key_derive(data_key_variant_find(chip->key_offset == 0x397000 ? "P2P2" : "8710_2M"),
                    storage_key, key);
    key_block_encode(storage_key, plain, sizeof plain);
    put_sector(image, chip->key_offset, plain, key_block_master);
    rf_encode(rf_mac, image + (chip->rf_offset_tuya ? chip->rf_offset_tuya : chip->rf_offset));
    return put_values(plan, image, size, key) && (!rom || put_protected(plan, image, key)) &&
           put_files(plan, image, rom || chip->rf_offset_tuya == 0x1E3000 ? 0x1D2000 : 0x1E3000);
}

uint8_t *dumpbuild_make(const struct dumpbuild *plan, size_t *size, char *why, size_t why_size) {
    *size = (size_t)2 << 20;
    while (*size <= plan->chip->key_offset)
        *size *= 2;
    uint8_t *image = malloc(*size);
    if (!image || plan->chip->app_size == 0) {
        snprintf(why, why_size, image ? "%s: its code layout is not known" : "%s: out of memory",
                 plan->chip->name);
        free(image);
        return NULL;
    }
    memset(image, 0xFF, *size);
    dumpbuild_code(plan->chip, image);
    if (dumpbuild_storage(plan, image, *size))
        return image;
    snprintf(why, why_size, "the values do not fit into the storage of %s", plan->chip->name);
    free(image);
    return NULL;
}
