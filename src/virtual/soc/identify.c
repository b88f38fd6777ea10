/* Recognition by the exception vectors: a bootloader and an application both start with a branch
 * followed by `ldr pc` words, E59FF014; under the right key and at the right address they appear.
 */
#include "virtual/soc/identify.h"

#include "base/bytes.h"
#include "codec/beken/bootloaders.h"
#include "codec/beken/cipher.h"

#include <stdlib.h>
#include <string.h>

enum {
    BOOT_SIZE = 0x11000,
    BOOT_SECTOR = 0x1000,
    APP_LOGICAL = 0x10000,
    MARKER = 0x110,
    PHYSICAL_BLOCK = 34,
    LOGICAL_BLOCK = 32
};
#define LDR_PC 0xE59FF014u

static const uint32_t keys[][4] = {
    {0x510FB093, 0xA3CBEADC, 0x5993A17E, 0xC7ADEB03},
    {0, 0, 0, 0},
};

/* Does the word at `data + 4` decrypt to a vector when it stands at logical `address`? */
static bool vectors_at(const uint8_t *data, uint32_t address, const uint32_t key[4]) {
    uint8_t word[4];
    struct beken_key k;
    memcpy(word, data + 4, 4);
    memcpy(k.k, key, sizeof k.k);
    beken_crypt(&k, address + 4, word, 4);
    return load_le32(word) == LDR_PC;
}

/* Moves the last BOOT_SIZE bytes to the front, in place, by three reversals. */
static void reverse(uint8_t *from, size_t size) {
    for (size_t i = 0; i < size / 2; i++) {
        uint8_t t = from[i];
        from[i] = from[size - 1 - i];
        from[size - 1 - i] = t;
    }
}

static void turn(uint8_t *data, size_t size) {
    reverse(data, size);
    reverse(data, BOOT_SIZE);
    reverse(data + BOOT_SIZE, size - BOOT_SIZE);
}

/* The stored first word of the bootloaders without a readable marker. */
static const struct {
    uint32_t first_word;
    const char *chip;
} boot_words[] = {
    {0x96B50943, "bk7231t"},
    {0xEA00001C, "bk7231q"},
    {0xEA001C68, "bk7231q"},
    {0xEA0000CA, "bk7231u"},
    {0, NULL},
};

/* Names that OpenBeken programs carry, the longer of two that begin alike first. The M shows the
 * name of the N; its code is plain. */
static const struct {
    const char *name, *chip, *plain_chip;
} programs[] = {
    {"OpenBK7252N_", "bk7252n", "bk7252n"}, {"OpenBK7252_", "bk7252", "bk7252"},
    {"OpenBK7238_", "bk7238", "bk7238"},    {"OpenBK7231U_", "bk7231u", "bk7231u"},
    {"OpenBK7231M_", "bk7231m", "bk7231m"}, {"OpenBK7231N_", "bk7231n", "bk7231m"},
    {"OpenBK7231T_", "bk7231t", "bk7231t"}, {0},
};

static size_t occurrences(const uint8_t *code, size_t size, const void *what, size_t length) {
    size_t count = 0;
    for (const uint8_t *at = code; (at = memmem(at, (size_t)(code + size - at), what, length));
         at++)
        count++;
    return count;
}

/* By the name that occurs most often in a program; NULL: none. */
static const char *program_of(const uint8_t *code, size_t size, bool plain) {
    const char *found = NULL;
    size_t most = 0;
    for (int i = 0; programs[i].name; i++) {
        size_t count = occurrences(code, size, programs[i].name, strlen(programs[i].name));
        if (count > most)
            found = plain ? programs[i].plain_chip : programs[i].chip;
        most = count > most ? count : most;
    }
    return found;
}

/* By what an application holds: *named by its name, *compared by the chip id that it compares. */
static void chip_by_code(const uint8_t *data, size_t size, const uint32_t key[4],
                         const char **named, const char **compared) {
    static const uint8_t id_n[] = {0x1C, 0x23, 0x07, 0x00};
    size_t blocks = size / PHYSICAL_BLOCK, length = blocks * LOGICAL_BLOCK;
    uint8_t *code = malloc(length);
    struct beken_key k;
    if (!code)
        return;
    memcpy(k.k, key, sizeof k.k);
    for (size_t i = 0; i < blocks; i++)
        memcpy(code + i * LOGICAL_BLOCK, data + i * PHYSICAL_BLOCK, LOGICAL_BLOCK);
    beken_crypt(&k, 0, code, length);
    *named = program_of(code, length, key[3] == 0);
    if (occurrences(code, length, id_n, sizeof id_n))
        *compared = key[3] ? "bk7231n" : "bk7231m";
    free(code);
}

static const char *chip_by_bootloader(const uint8_t *data, bool plain) {
    const struct beken_bootloader *known = beken_bootloader_match(data, BEKEN_BOOT_SIZE);
    if (plain && known && soc_chip_find(known->chip))
        return known->chip;
    if (memcmp(data + MARKER, "BK7231\0\0", 8) == 0)
        return plain ? "bk7231m" : "bk7231n";
    if (memcmp(data + MARKER, "BK7238\0\0", 8) == 0)
        return "bk7238";
    for (int i = 0; boot_words[i].chip; i++)
        if (load_le32(data) == boot_words[i].first_word)
            return boot_words[i].chip;
    return NULL;
}

/* A bootloader under a key tells the chip; a plain one is shared by several. */
static const struct soc_chip *chip_of(const uint8_t *data, size_t size, const uint32_t key[4],
                                      bool app_only) {
    bool plain = key[3] == 0;
    const char *boot = app_only ? NULL : chip_by_bootloader(data, plain);
    const char *named = NULL, *compared = NULL;
    if (!boot || plain)
        chip_by_code(data, size, key, &named, &compared);
    const char *name = named ? named : boot ? boot : compared;
    return soc_chip_find(name ? name : plain ? "bk7231u" : "bk7231t");
}

enum status soc_identify(uint8_t *data, size_t size, struct soc_identity *out) {
    if (size < 2 * BOOT_SIZE)
        return STATUS_TRUNCATED;
    for (unsigned i = 0; i < sizeof keys / sizeof *keys; i++) {
        bool normal = vectors_at(data + BOOT_SIZE, APP_LOGICAL, keys[i]);
        bool turned = !normal && keys[i][3] && vectors_at(data, APP_LOGICAL, keys[i]) &&
                      vectors_at(data + size - BOOT_SIZE, 0, keys[i]);
        if (!normal && !turned)
            continue;
        if (turned)
            turn(data, size);
        memcpy(out->key, keys[i], sizeof out->key);
        out->turned = turned;
        out->app_only = bytes_all(data, BOOT_SECTOR, 0xFF);
        out->chip = chip_of(data, size, keys[i], out->app_only);
        return STATUS_OK;
    }
    return STATUS_BAD_MAGIC;
}
