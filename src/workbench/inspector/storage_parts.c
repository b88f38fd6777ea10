/* The stores beside the key-value store: protected blocks, user files, EasyFlash. */
#include "codec/tuya/crc7.h"
#include "workbench/host/crypto.h"
#include "workbench/inspector/storage_private.h"

/* Reads the records that one derivation gives; false when they make no sense. */
static bool read_records(struct storage_protected *block, const uint8_t *area) {
    struct protected_record record;
    enum status status;
    size_t at = 0;
    block->record_count = 0;
    while ((status = protected_next(area, block->length, &at, &record, NULL)) == STATUS_OK) {
        if (block->record_count >= STORAGE_RECORDS_MAX || record.name[0] < ' ')
            return false;
        int n = block->record_count++;
        memcpy(block->record[n].name, record.name, sizeof record.name);
        block->record[n].value = record.value;
        block->record[n].length = record.length;
    }
    return status == STATUS_NOT_FOUND;
}

/* Copies the values so that a NUL stands behind each. */
static bool keep_records(struct storage *out, struct storage_protected *block) {
    for (int i = 0; i < block->record_count; i++) {
        uint32_t length = block->record[i].length;
        uint8_t *copy = storage_allocate(out, (size_t)length + 1);
        if (!copy)
            return false;
        memcpy(copy, block->record[i].value, length);
        copy[length] = 0;
        block->record[i].value = copy;
    }
    return true;
}

void storage_read_protected(struct storage_search *s, size_t offset) {
    struct storage *out = s->out;
    uint8_t plain[TUYA_SECTOR], area[TUYA_SECTOR], key[STORAGE_KEY_SIZE];
    struct protected_header header;
    if (out->protected_count >= STORAGE_PROTECTED_MAX ||
        !bytes_inside(s->size, offset, TUYA_SECTOR))
        return;
    aes128_ecb_decrypt(key_block_master, s->data + offset, plain, TUYA_SECTOR);
    struct storage_protected *block = &out->protected_block[out->protected_count++];
    if (protected_decode(plain, sizeof plain, &header, NULL) != STATUS_OK) {
        storage_damaged(out, offset, "protected block: wrong sum");
        memcpy(header.key, plain + 8, STORAGE_KEY_SIZE);
        header.length = load_le32(plain + 24);
        header.counter = load_le32(plain + 28);
    }
    *block = (struct storage_protected){
        .offset = offset, .counter = header.counter, .length = header.length};
    for (const struct data_key_variant *v = data_key_variants; v->name; v++) {
        data_key_derive(v, header.key, key);
        aes128_ecb_decrypt(key, plain + PROTECTED_AREA_AT, area, TUYA_SECTOR - PROTECTED_AREA_AT);
        if (read_records(block, area)) {
            block->key_variant = v->name;
            break;
        }
    }
    if (!keep_records(out, block))
        block->record_count = 0;
}

/* Distances from a partition's start to the key block, as the known layouts have them. */
static const uint32_t known_distances[] = {0x1C000, 0xB000, 0x8000};

static bool plausible_config(const struct storage_search *s, size_t base, size_t block,
                             uint32_t size) {
    size_t at = base + block * TUYA_SECTOR;
    return bytes_inside(s->size, at, size) &&
           tuya_crc7_check((const char *)s->data + at,
                           user_files_text_length(s->data + at, size)) == TUYA_CRC_GOOD;
}

/* One directory copy alone: is it the first or the second? */
static bool is_second_copy(const struct storage_search *s, size_t at,
                           const struct user_files *files) {
    size_t before = s->out->found && s->out->offset > at ? s->out->offset - at : 0;
    if (at < TUYA_SECTOR)
        return false;
    for (size_t i = 0; i < sizeof known_distances / sizeof *known_distances; i++) {
        if (before == known_distances[i])
            return false;
        if (before + TUYA_SECTOR == known_distances[i])
            return true;
    }
    for (int i = 0; i < files->count; i++) {
        const struct user_file *f = &files->file[i];
        if (plausible_config(s, at - TUYA_SECTOR, f->block, f->size))
            return true;
    }
    return false;
}

static void locate_files(struct storage_search *s, struct storage_uf *uf) {
    uint32_t before =
        s->out->found && s->out->offset > uf->base ? (uint32_t)(s->out->offset - uf->base) : 0;
    for (int i = 0; i < uf->files.count; i++) {
        const struct user_file *f = &uf->files.file[i];
        int64_t at = (int64_t)uf->base + user_files_block_offset(f->block, before);
        if (f->size && f->block && at >= 0 && bytes_inside(s->size, (size_t)at, f->size))
            uf->data[i] = (struct span){s->data + at, f->size};
    }
}

static void scan_directories(struct storage_search *s, size_t phase, struct storage_uf *uf) {
    struct user_files files;
    for (size_t at = phase; bytes_inside(s->size, at, TUYA_SECTOR); at += TUYA_SECTOR) {
        if (load_le32(s->data + at) != USER_FILES_MAGIC)
            continue;
        if (user_files_decode(s->data + at, TUYA_SECTOR, &files, NULL) != STATUS_OK) {
            storage_damaged(s->out, at, "user file directory: wrong sum");
            continue;
        }
        if (uf->header_count < 2)
            uf->header[uf->header_count++] = at;
        if (!uf->found || files.generation > uf->files.generation)
            uf->files = files;
        uf->found = true;
    }
}

void storage_find_uf(struct storage_search *s) {
    struct storage_uf *uf = &s->out->uf;
    scan_directories(s, 0, uf);
    size_t phase = s->out->found ? s->out->offset % TUYA_SECTOR : 0;
    if (!uf->found && phase)
        scan_directories(s, phase, uf);
    if (!uf->found)
        return;
    uf->base = uf->header[0];
    if (uf->header_count == 1 && is_second_copy(s, uf->base, &uf->files))
        uf->base -= TUYA_SECTOR;
    locate_files(s, uf);
}

void storage_find_easyflash(struct storage_search *s) {
    struct storage *out = s->out;
    for (size_t at = 0; bytes_inside(s->size, at, EASYFLASH_SECTOR); at += EASYFLASH_SECTOR) {
        const struct easyflash_layout *layout = easyflash_recognise(s->data + at, s->size - at);
        if (!layout)
            continue;
        struct storage_easyflash *last =
            out->easyflash_count ? &out->easyflash[out->easyflash_count - 1] : NULL;
        if (last && last->layout == layout && last->offset + last->size == at)
            last->size += EASYFLASH_SECTOR;
        else if (out->easyflash_count < STORAGE_EASYFLASH_MAX)
            out->easyflash[out->easyflash_count++] =
                (struct storage_easyflash){at, EASYFLASH_SECTOR, layout};
    }
}
