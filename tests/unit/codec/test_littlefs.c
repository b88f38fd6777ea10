/* LittleFS is read from volumes that a small writer below lays out by the format's specification:
 * one commit with a superblock, an inline file, a folder with a file in it, and a file of several
 * blocks. */
#include "base/bytes.h"
#include "base/crc.h"
#include "check.h"
#include "codec/openbeken/littlefs.h"

enum { BLOCKS = 12, LARGE = 9000 };
static uint8_t volume[BLOCKS * LITTLEFS_BLOCK];

struct log {
    uint8_t *block;
    size_t at, start;
    uint32_t before;
};

static struct log begin(unsigned block, uint32_t revision) {
    uint8_t *to = volume + block * LITTLEFS_BLOCK;
    memset(to, 0xFF, LITTLEFS_BLOCK);
    store_le32(to, revision);
    return (struct log){to, 4, 0, UINT32_MAX};
}

static void put(struct log *l, uint32_t type, uint32_t id, const void *data, size_t size) {
    uint32_t tag = type << 20 | id << 10 | (uint32_t)size, mixed = tag ^ l->before;
    for (int i = 0; i < 4; i++)
        l->block[l->at + (size_t)i] = (uint8_t)(mixed >> (24 - 8 * i));
    if (size && data)
        memcpy(l->block + l->at + 4, data, size);
    l->at += 4 + size;
    l->before = tag;
}

static void commit(struct log *l) {
    uint8_t sum[12];
    size_t tag_at = l->at;
    memset(sum, 0xFF, sizeof sum);
    put(l, 0x500, 0x3FF, sum, sizeof sum); /* the sum and eight bytes of padding */
    store_le32(l->block + tag_at + 4,
               crc32_update(0, l->block + l->start, tag_at + 4 - l->start) ^ UINT32_MAX);
    l->start = l->at;
}

static void put_file(struct log *l, uint32_t id, const char *name, const char *text) {
    put(l, 0x401, id, NULL, 0);
    put(l, 0x001, id, name, strlen(name));
    put(l, 0x201, id, text, strlen(text));
}

static void put_pair(struct log *l, uint32_t type, uint32_t id, uint32_t a, uint32_t b) {
    uint8_t pair[8];
    store_le32(pair, a);
    store_le32(pair + 4, b);
    put(l, type, id, pair, 8);
}

static uint8_t large_byte(size_t i) {
    return (uint8_t)(i * 7 + (i >> 8));
}

/* A file of three blocks: 4096, 4092 - 4 and the rest; each points to those before it. */
static void put_large(void) {
    static const unsigned block[3] = {6, 7, 8};
    size_t at = 0;
    for (unsigned n = 0; n < 3; n++) {
        uint8_t *to = volume + block[n] * LITTLEFS_BLOCK;
        size_t skip = n == 0 ? 0 : n == 1 ? 4 : 8;
        memset(to, 0xFF, LITTLEFS_BLOCK);
        if (n >= 1)
            store_le32(to, block[n - 1]);
        if (n == 2)
            store_le32(to + 4, block[0]);
        for (size_t i = skip; i < LITTLEFS_BLOCK && at < LARGE; i++)
            to[i] = large_byte(at++);
    }
    assert_int_equal(at, LARGE);
}

static void build(void) {
    memset(volume, 0xFF, sizeof volume);
    struct log old = begin(1, 1), root = begin(0, 2), sub = begin(4, 1);
    put(&old, 0x0FF, 0, "littlefs", 8);
    commit(&old);
    put(&root, 0x0FF, 0, "littlefs", 8);
    put_file(&root, 1, "autoexec.bat", "startDriver NTP");
    commit(&root);
    put_file(&root, 1, "a.txt", "first"); /* the one before moves on */
    put(&root, 0x401, 3, NULL, 0);
    put(&root, 0x002, 3, "web", 3);
    put_pair(&root, 0x200, 3, 4, 5);
    put(&root, 0x401, 4, NULL, 0);
    put(&root, 0x001, 4, "large.bin", 9);
    put_pair(&root, 0x202, 4, 8, LARGE);
    put(&root, 0x201, 1, "second", 6); /* newer contents */
    put_file(&root, 5, "gone", "x");
    put(&root, 0x4FF, 5, NULL, 0);
    commit(&root);
    put_file(&root, 1, "torn", "not committed");
    put_file(&sub, 0, "index.html", "<p>");
    commit(&sub);
    put_large();
}

static void files_and_folders_are_listed(void **state) {
    (void)state;
    struct littlefs_file f[LITTLEFS_FILES];
    build();
    assert_true(littlefs_is_volume(volume, sizeof volume));
    assert_int_equal(littlefs_list(volume, sizeof volume, f, LITTLEFS_FILES), 5);
    assert_string_equal(f[0].path, "a.txt");
    assert_int_equal(f[0].size, 6);
    assert_string_equal(f[1].path, "autoexec.bat");
    assert_string_equal(f[2].path, "web");
    assert_true(f[2].folder);
    assert_string_equal(f[3].path, "web/index.html");
    assert_string_equal(f[4].path, "large.bin");
    assert_int_equal(f[4].size, LARGE);
}

static void contents_are_read(void **state) {
    (void)state;
    static uint8_t out[LARGE];
    struct littlefs_file f[LITTLEFS_FILES];
    build();
    littlefs_list(volume, sizeof volume, f, LITTLEFS_FILES);
    assert_int_equal(littlefs_read(volume, sizeof volume, &f[1], out, sizeof out), 15);
    assert_memory_equal(out, "startDriver NTP", 15);
    assert_int_equal(littlefs_read(volume, sizeof volume, &f[4], out, sizeof out), LARGE);
    for (size_t i = 0; i < LARGE; i++)
        assert_int_equal(out[i], large_byte(i));
    assert_int_equal(littlefs_read(volume, sizeof volume, &f[4], out, 100), 100);
}

static void damage_is_left_out_and_never_followed(void **state) {
    (void)state;
    static uint8_t out[LARGE];
    struct littlefs_file f[LITTLEFS_FILES];
    build();
    volume[4 * LITTLEFS_BLOCK + 10] ^= 1; /* the folder's only block */
    assert_int_equal(littlefs_list(volume, sizeof volume, f, LITTLEFS_FILES), 4);
    build();
    store_le32(volume + 8 * LITTLEFS_BLOCK, 0xFFFFFFF0); /* a pointer out of the volume */
    littlefs_list(volume, sizeof volume, f, LITTLEFS_FILES);
    assert_int_equal(littlefs_read(volume, sizeof volume, &f[4], out, sizeof out), 0);
    uint32_t x = 1;
    for (int round = 0; round < 2000; round++) {
        build();
        for (int i = 0; i < 8; i++) {
            x = x * 1664525 + 1013904223;
            volume[(x >> 8) % sizeof volume] = (uint8_t)x;
        }
        size_t n = littlefs_list(volume, sizeof volume, f, LITTLEFS_FILES);
        for (size_t i = 0; i < n; i++)
            littlefs_read(volume, sizeof volume, &f[i], out, sizeof out);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_and_folders_are_listed),
        cmocka_unit_test(contents_are_read),
        cmocka_unit_test(damage_is_left_out_and_never_followed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
