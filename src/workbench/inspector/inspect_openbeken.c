/* What OpenBeken left in the flash: its configuration block in a sector of its own or as a value of
 * an EasyFlash store, its counters, its files. */
#include "workbench/inspector/inspection.h"

static enum obk_group group_of(const struct inspection *in) {
    const struct obk_chip *chip =
        obk_chip_find(in->survey.chip ? in->survey.chip->name : "BK7231N");
    return chip ? chip->group : OBK_GROUP_D;
}

static bool decode(struct inspection *in, const uint8_t *block, size_t size) {
    in->openbeken_found =
        obk_config_decode(block, size, group_of(in), &in->openbeken, NULL) == STATUS_OK;
    if (in->openbeken_found)
        in->openbeken_offset = (size_t)(block - in->data);
    return in->openbeken_found;
}

static void read_counters(struct inspection *in, const uint8_t *area, size_t size) {
    struct easyflash_node node;
    if (!in->counters_found && easyflash_get(area, size, "OBK_FV", &node))
        in->counters_found =
            obk_counters_decode(node.value, node.length, &in->counters) == STATUS_OK;
}

static void read_easyflash(struct inspection *in, const struct storage_easyflash *store) {
    static const char *const names[] = {"ObkCfg", "mY0bcFg"};
    const uint8_t *area = in->data + store->offset;
    struct easyflash_node node;
    read_counters(in, area, store->size);
    for (int i = 0; i < 2 && !in->openbeken_found; i++)
        if (easyflash_get(area, store->size, names[i], &node))
            in->openbeken_in_easyflash = decode(in, node.value, node.length);
}

static void read_files(struct inspection *in) {
    const struct survey *s = &in->survey;
    size_t there = in->size - s->lfs_offset;
    if (s->lfs_found)
        in->file_count =
            littlefs_list(in->data + s->lfs_offset, there < s->lfs_size ? there : s->lfs_size,
                          in->file, LITTLEFS_FILES);
}

void inspection_read_openbeken(struct inspection *in) {
    const struct survey *s = &in->survey;
    if (s->config_found)
        decode(in, in->data + s->config_offset, in->size - s->config_offset);
    for (int i = 0; i < in->storage.easyflash_count; i++)
        read_easyflash(in, &in->storage.easyflash[i]);
    read_files(in);
}
