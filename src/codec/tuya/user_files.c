/* Directory of the user-file partition and where its blocks stand. */
#include "codec/tuya/user_files.h"

#include "base/bytes.h"

enum { SUM_AT = 4, LIST_AT = 16, SIZE_AT = 32, BLOCK_AT = 36 };

/* BK7231T's partition is three pieces; the key block follows 0xB000 after its start. Others are
 * one piece. */
static const struct user_files_piece split_layout[] = {
    {0x00, 0x0B, 0}, {0x0B, 0x08, -0xB000}, {0x13, 0x08, -0xB9000}};
enum { SPLIT_BEFORE_KEY = 0xB000 };

static void read_entry(const uint8_t *p, struct user_file *out) {
    memcpy(out->name, p, USER_FILES_NAME);
    out->name[USER_FILES_NAME] = '\0';
    out->size = load_le32(p + SIZE_AT);
    out->block = p[BLOCK_AT];
}

enum status user_files_decode(const uint8_t *sector, size_t size, struct user_files *out,
                              struct fault *fault) {
    out->count = 0;
    if (size < TUYA_SECTOR)
        return fault_at(fault, STATUS_TRUNCATED, size, "a directory sector");
    if (load_le32(sector) != USER_FILES_MAGIC)
        return fault_at(fault, STATUS_BAD_MAGIC, 0, "user file magic");
    if (load_le32(sector + SUM_AT) != tuya_sum(sector + 8, TUYA_SECTOR - 8))
        return fault_at(fault, STATUS_BAD_CHECKSUM, SUM_AT, "the sum of the directory");
    out->generation = load_le32(sector + 8);
    for (const uint8_t *p = sector + LIST_AT; out->count < USER_FILES_MAX; p += USER_FILES_ENTRY) {
        if (*p == 0 || *p == 0xFF)
            break;
        read_entry(p, &out->file[out->count++]);
    }
    return STATUS_OK;
}

void user_files_encode(const struct user_files *files, uint8_t sector[TUYA_SECTOR]) {
    memset(sector, 0xFF, TUYA_SECTOR);
    store_le32(sector, USER_FILES_MAGIC);
    store_le32(sector + 8, files->generation);
    store_le16(sector + 12, 0);
    store_le16(sector + 14, (uint16_t)files->count);
    uint8_t *p = sector + LIST_AT;
    for (int i = 0; i < files->count; i++, p += USER_FILES_ENTRY) {
        memset(p, 0, USER_FILES_ENTRY);
        memcpy(p, files->file[i].name, strlen(files->file[i].name));
        store_le32(p + SIZE_AT, files->file[i].size);
        p[BLOCK_AT] = (uint8_t)files->file[i].block;
    }
    store_le32(sector + SUM_AT, tuya_sum(sector + 8, TUYA_SECTOR - 8));
}

int32_t user_files_block_offset(uint32_t block, uint32_t before_key) {
    int32_t offset = (int32_t)(block * TUYA_SECTOR);
    if (before_key != SPLIT_BEFORE_KEY)
        return offset;
    for (size_t i = 0; i < sizeof split_layout / sizeof *split_layout; i++) {
        const struct user_files_piece *piece = &split_layout[i];
        if (block >= piece->first_block && block < piece->first_block + piece->blocks)
            return piece->offset + (int32_t)((block - piece->first_block) * TUYA_SECTOR);
    }
    return offset;
}

size_t user_files_text_length(const uint8_t *data, size_t size) {
    int depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < size && data[i] != 0 && data[i] != 0xFF; i++) {
        quoted ^= data[i] == '"';
        if (quoted)
            continue;
        depth += (data[i] == '{') - (data[i] == '}');
        if (data[i] == '}' && depth == 0)
            return i + 1;
    }
    size_t end = 0;
    while (end < size && data[end] != 0 && data[end] != 0xFF)
        end++;
    return end;
}
