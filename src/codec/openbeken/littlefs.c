/* Directories are pairs of blocks of which the newer one counts; see littlefs.h. */
#include "codec/openbeken/littlefs.h"

#include "base/bytes.h"
#include "base/crc.h"

enum {
    ENTRIES = 96, /* of one directory block pair */
    DEPTH = 6,
    TAG_LENGTH_DELETED = 0x3FF,
    NAME_FILE = 0x001,
    NAME_FOLDER = 0x002,
    STRUCT_FOLDER = 0x200,
    STRUCT_INLINE = 0x201,
    STRUCT_BLOCKS = 0x202,
    SPLICE_CREATE = 0x401,
    SPLICE_DELETE = 0x4FF,
    TAIL_HARD = 0x601,
};

struct tag {
    uint16_t type, id, length;
    size_t data; /* place of its data in the block */
};

struct entry {
    uint16_t name_type, struct_type;
    uint8_t name_length;
    uint16_t struct_length;
    const uint8_t *name, *contents;
};

/* One directory, or one block pair of it. */
struct folder {
    struct entry entry[ENTRIES];
    int count;
    bool more; /* the directory goes on in `next` */
    uint32_t next[2];
};

struct listing {
    const uint8_t *data;
    size_t blocks;
    struct littlefs_file *out;
    size_t max, count;
    size_t visits; /* pairs read so far: a loop in the volume ends */
};

bool littlefs_is_volume(const uint8_t *block, size_t size) {
    return size >= LITTLEFS_BLOCK && memcmp(block + 8, "littlefs", 8) == 0;
}

/* Reads the tag at *at; `*before` is the tag in front, with which it is mixed. False at the end. */
static bool next_tag(const uint8_t *block, size_t *at, uint32_t *before, struct tag *tag,
                     uint32_t *raw) {
    if (*at + 4 > LITTLEFS_BLOCK)
        return false;
    *raw = load_be32(block + *at) ^ *before;
    *tag = (struct tag){(uint16_t)(*raw >> 20 & 0x7FF), (uint16_t)(*raw >> 10 & 0x3FF),
                        (uint16_t)(*raw & 0x3FF), *at + 4};
    if (*raw >> 31)
        return false;
    size_t length = tag->length == TAG_LENGTH_DELETED ? 0 : tag->length;
    if (tag->data + length > LITTLEFS_BLOCK)
        return false;
    *before = *raw;
    *at = tag->data + length;
    return true;
}

static bool is_crc(const struct tag *tag) {
    return (tag->type & 0x7FE) == 0x500; /* 0x5FF is the hint for the next commit */
}

/* End of the last commit whose CRC is right; 0: none is. */
static size_t good_end(const uint8_t *block) {
    uint32_t before = UINT32_MAX, raw;
    size_t at = 4, start = 0, end = 0;
    struct tag tag;
    while (next_tag(block, &at, &before, &tag, &raw)) {
        if (!is_crc(&tag))
            continue;
        if (tag.length < 4 || (crc32_update(0, block + start, tag.data - start) ^ UINT32_MAX) !=
                                  load_le32(block + tag.data))
            break;
        end = start = at;
        before ^= (uint32_t)(tag.type & 1) << 31;
    }
    return end;
}

static void splice(struct folder *f, const struct tag *tag) {
    if (tag->type == SPLICE_CREATE && f->count < ENTRIES && tag->id <= f->count) {
        memmove(f->entry + tag->id + 1, f->entry + tag->id,
                (size_t)(f->count - tag->id) * sizeof *f->entry);
        f->entry[tag->id] = (struct entry){0};
        f->count++;
    } else if (tag->type == SPLICE_DELETE && tag->id < f->count) {
        f->count--;
        memmove(f->entry + tag->id, f->entry + tag->id + 1,
                (size_t)(f->count - tag->id) * sizeof *f->entry);
    }
}

static void apply(struct folder *f, const uint8_t *block, const struct tag *tag) {
    struct entry *e = tag->id < ENTRIES ? &f->entry[tag->id] : NULL;
    unsigned kind = tag->type >> 8;
    if (kind == 4) {
        splice(f, tag);
    } else if (kind == 0 && e) {
        if (tag->id >= f->count)
            f->count = tag->id + 1; /* the superblock's name comes without a create tag */
        e->name_type = tag->type;
        e->name = block + tag->data;
        e->name_length = (uint8_t)(tag->length < LITTLEFS_NAME ? tag->length : LITTLEFS_NAME);
    } else if (kind == 2 && e && tag->id < f->count) {
        e->struct_type = tag->type;
        e->contents = block + tag->data;
        e->struct_length = tag->length == TAG_LENGTH_DELETED ? 0 : tag->length;
    } else if (kind == 6 && tag->length == 8) {
        f->more = tag->type == TAIL_HARD;
        f->next[0] = load_le32(block + tag->data);
        f->next[1] = load_le32(block + tag->data + 4);
    }
}

static void read_block(const uint8_t *block, size_t end, struct folder *f) {
    uint32_t before = UINT32_MAX, raw;
    size_t at = 4;
    struct tag tag;
    while (at < end && next_tag(block, &at, &before, &tag, &raw)) {
        if (is_crc(&tag))
            before ^= (uint32_t)(tag.type & 1) << 31;
        else
            apply(f, block, &tag);
    }
}

/* Reads the newer good block of a pair. */
static bool read_pair(struct listing *l, const uint32_t pair[2], struct folder *f) {
    const uint8_t *best = NULL;
    size_t best_end = 0;
    for (int i = 0; i < 2; i++) {
        if (pair[i] >= l->blocks)
            continue;
        const uint8_t *block = l->data + (size_t)pair[i] * LITTLEFS_BLOCK;
        size_t end = good_end(block);
        if (end && (!best || (int32_t)(load_le32(block) - load_le32(best)) > 0)) {
            best = block;
            best_end = end;
        }
    }
    memset(f, 0, sizeof *f);
    if (!best || l->visits++ > 2 * l->blocks)
        return false;
    read_block(best, best_end, f);
    return true;
}

static void put_path(char *out, const char *folder, const struct entry *e) {
    size_t length = strlen(folder), room = LITTLEFS_PATH - 1;
    memcpy(out, folder, length);
    if (length && length < room)
        out[length++] = '/';
    for (size_t i = 0; i < e->name_length && length < room; i++)
        out[length++] = e->name[i] >= ' ' && e->name[i] < 0x7F ? (char)e->name[i] : '?';
    out[length] = '\0';
}

static void list_folder(struct listing *l, const uint32_t pair[2], const char *path, int depth);

static void list_entry(struct listing *l, const struct entry *e, const char *path, int depth) {
    bool folder = e->name_type == NAME_FOLDER;
    if ((!folder && e->name_type != NAME_FILE) || !e->contents || l->count == l->max)
        return;
    struct littlefs_file *file = &l->out[l->count++];
    *file = (struct littlefs_file){.folder = folder};
    put_path(file->path, path, e);
    if (folder && e->struct_type == STRUCT_FOLDER && e->struct_length == 8) {
        uint32_t pair[2] = {load_le32(e->contents), load_le32(e->contents + 4)};
        list_folder(l, pair, file->path, depth + 1);
    } else if (e->struct_type == STRUCT_INLINE) {
        file->small = e->contents;
        file->size = e->struct_length;
    } else if (e->struct_type == STRUCT_BLOCKS && e->struct_length == 8) {
        file->head = load_le32(e->contents);
        file->size = load_le32(e->contents + 4);
    }
}

static void list_folder(struct listing *l, const uint32_t pair[2], const char *path, int depth) {
    struct folder folder;
    uint32_t at[2] = {pair[0], pair[1]};
    if (depth > DEPTH)
        return;
    while (read_pair(l, at, &folder)) {
        for (int i = 0; i < folder.count; i++)
            list_entry(l, &folder.entry[i], path, depth);
        if (!folder.more)
            return;
        memcpy(at, folder.next, sizeof at);
    }
}

size_t littlefs_list(const uint8_t *data, size_t size, struct littlefs_file *out, size_t max) {
    static const uint32_t root[2] = {0, 1};
    struct listing l = {.data = data, .blocks = size / LITTLEFS_BLOCK, .out = out, .max = max};
    list_folder(&l, root, "", 0);
    return l.count;
}

static unsigned ones(uint32_t x) {
    unsigned count = 0;
    for (; x; x &= x - 1)
        count++;
    return count;
}

static unsigned zeros_below(uint32_t x) {
    unsigned count = 0;
    for (; x && !(x & 1); x >>= 1)
        count++;
    return count;
}

/* Number of the block of a file that holds byte `at`: blocks begin with 1, 2 or more pointers to
 * earlier ones, the first block with none. */
static uint32_t block_number(uint32_t at) {
    uint32_t number = at / (LITTLEFS_BLOCK - 8);
    return number ? (at - 4 * (ones(number - 1) + 2)) / (LITTLEFS_BLOCK - 8) : 0;
}

/* First byte of the file in block `number`. */
static uint32_t block_start(uint32_t number) {
    uint32_t begin = (LITTLEFS_BLOCK - 8) * number + 4 * ones(number);
    return begin + (number ? 4 * (zeros_below(number) + 1) : 0);
}

size_t littlefs_read(const uint8_t *data, size_t size, const struct littlefs_file *file,
                     uint8_t *out, size_t room) {
    size_t blocks = size / LITTLEFS_BLOCK;
    if (file->folder || file->size == 0 || file->size > size)
        return 0;
    if (file->small) {
        size_t length = file->size < room ? file->size : room;
        memcpy(out, file->small, length);
        return length;
    }
    uint32_t block = file->head, number = block_number(file->size - 1);
    size_t end = file->size, read = 0;
    for (;; number--) {
        uint32_t start = block_start(number);
        if (block >= blocks || start >= end)
            return 0;
        const uint8_t *from = data + (size_t)block * LITTLEFS_BLOCK;
        uint32_t skip = number ? 4 * (zeros_below(number) + 1) : 0;
        size_t length = end - start;
        if (skip + length > LITTLEFS_BLOCK)
            return 0;
        if (start < room) {
            size_t fits = room - start < length ? room - start : length;
            memcpy(out + start, from + skip, fits);
            read += fits;
        }
        if (number == 0)
            return read;
        end = start;
        block = load_le32(from);
    }
}
