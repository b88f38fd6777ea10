/* The coded regions: bootloader and application in the shape of real ones (vectors, partition
 * table, RBL headers, encryption, CRC-16 stripe) around our own instructions, which loop. */
#include "workbench/dumpbuild/dumpbuild.h"

#include "base/bytes.h"
#include "base/crc.h"
#include "codec/beken/bootloaders.h"
#include "codec/beken/cipher.h"
#include "codec/beken/fal.h"
#include "codec/beken/keys.h"
#include "codec/beken/rbl.h"
#include "codec/beken/stripe.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#define ARM_LOAD_PC 0xE59FF014u /* ldr pc, [pc, #20]: the vector's address, 32 bytes on */
#define ARM_LOOP    0xEAFFFFFEu /* b . */
#define ARM_NOP     0xE1A00000u /* mov r0, r0 */
#define TIMESTAMP   0x65000000u /* fixed: the same plan gives the same image */
#define CHIP_WORD   0x0007231Cu /* a constant that only N applications hold */

enum {
    VECTORS = 8,
    MARKER_AT = 0x100,
    BOOT_LOGICAL = 0x10000,
    BOOT_TABLE_AT = 0xE800,
    APP_PAYLOAD = 0x30000,
    TEXT_AT = 0x200,
    PADDING = 16, /* counted in an RBL package behind the code */
};

/* First instruction of a bootloader, which tells chips apart: a branch to its reset code. */
struct boot_shape {
    const char *chip;
    uint32_t first_word;
    const char *marker;  /* 8 readable bytes at logical 0x100, or NULL */
    uint32_t app_length; /* logical, as its partition table says */
};
static const struct boot_shape shapes[] = {
    {"BK7231N", 0xEA000B48, "BK7231", 0x108700}, {"BK7231M", 0xEA000B48, "BK7231", 0x108700},
    {"BK7231T", 0xEA000E62, NULL, 0x108700},     {"BL2028N", 0xEA0000AA, "BK7231", 0x110000},
    {"BK7231U", 0xEA0000CA, NULL, 0x110000},     {"BK7231Q", 0xEA001C68, NULL, 0x110000},
    {"BK7238", 0xEA0000AC, "BK7238", 0x110000},  {"BK7252", 0xEA0000CA, NULL, 0x110000},
    {"BK7252N", 0xEA0000AC, "BK7238", 0x110000},
};

static const struct boot_shape *shape_of(const struct beken_chip *chip) {
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        if (strcmp(shapes[i].chip, chip->name) == 0)
            return &shapes[i];
    return &shapes[0];
}

static const struct beken_key *key_of(const struct beken_chip *chip) {
    for (const struct beken_bootloader *b = beken_bootloaders; b->name; b++)
        if (strcmp(b->chip, chip->name) == 0)
            for (const struct beken_known_key *k = beken_known_keys; k->name; k++)
                if (strcmp(k->name, b->key) == 0)
                    return &k->key;
    return &beken_known_keys[1].key;
}

/* Vectors, then no-operations, each handler an endless loop; a text says what this is. */
static void fill_code(uint8_t *code, size_t size, uint32_t base, uint32_t first_word,
                      const char *text) {
    for (size_t at = 0; at < size; at += 4)
        store_le32(code + at, at % 256 == 252 ? ARM_LOOP : ARM_NOP);
    store_le32(code, first_word);
    for (uint32_t v = 1; v < VECTORS; v++)
        store_le32(code + 4 * v, ARM_LOAD_PC);
    for (uint32_t v = 0; v < VECTORS; v++)
        store_le32(code + 4 * (VECTORS + v), base + 0x400 + 0x100 * v);
    memcpy(code + TEXT_AT, text, strlen(text) + 1);
}

static void installed_header(const uint8_t *stored, const char *name, const char *version,
                             uint32_t raw, uint8_t *at) {
    struct rbl_header header = {.timestamp = TIMESTAMP,
                                .raw_size = raw,
                                .package_size = raw + PADDING,
                                .raw_hash = fnv1a_update(FNV1A_START, stored, raw)};
    snprintf(header.name, sizeof header.name, "%s", name);
    snprintf(header.version, sizeof header.version, "%s", version);
    memset(header.serial, '0', sizeof header.serial - 2);
    header.package_crc = rbl_installed_crc(&header, stored);
    rbl_encode_installed(&header, at);
}

static void put_table(const struct beken_chip *chip, const struct boot_shape *shape, uint8_t *at) {
    const struct fal_partition table[] = {
        {.name = "bootloader", .logical = true, .offset = 0, .length = BOOT_LOGICAL},
        {.name = "app", .logical = true, .offset = BEKEN_APP_LOGICAL, .length = shape->app_length},
        {.name = "download", .offset = chip->download_offset, .length = chip->download_size},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        fal_encode(&table[i], shape->app_length == 0x110000, at + i * FAL_ENTRY_SIZE);
}

static void put_bootloader(const struct beken_chip *chip, uint8_t *image, uint8_t *code) {
    const struct boot_shape *shape = shape_of(chip);
    char text[128];
    snprintf(text, sizeof text, "Plugsmith synthetic bootloader for %s: not for flashing",
             chip->name);
    fill_code(code, BOOT_TABLE_AT, 0, shape->first_word, text);
    beken_crypt(key_of(chip), 0, code, BOOT_TABLE_AT);
    if (shape->marker) {
        memset(code + MARKER_AT, 0, 8);
        memcpy(code + MARKER_AT, shape->marker, strlen(shape->marker));
    }
    put_table(chip, shape, code + BOOT_TABLE_AT);
    uint32_t raw = BOOT_TABLE_AT + 3 * FAL_ENTRY_SIZE;
    beken_stripe(code, raw, image);
    installed_header(code, "bootloader", "0.0.0", raw,
                     image + BEKEN_BOOT_SIZE - RBL_INSTALLED_SIZE);
}

static void put_app(const struct beken_chip *chip, uint8_t *image, uint8_t *code) {
    const struct boot_shape *shape = shape_of(chip);
    char text[128];
    snprintf(text, sizeof text, "Plugsmith synthetic application 1.0.0 for %s: not for flashing",
             chip->name);
    fill_code(code, APP_PAYLOAD, BEKEN_APP_LOGICAL, 0xEA00000E, text);
    if (shape->marker && strcmp(shape->marker, "BK7231") == 0)
        store_le32(code + TEXT_AT + 128, CHIP_WORD);
    beken_crypt(key_of(chip), BEKEN_APP_LOGICAL, code, APP_PAYLOAD);
    uint8_t *slot = image + BEKEN_APP_OFFSET;
    beken_stripe(code, APP_PAYLOAD, slot);
    installed_header(code, "app", "1.0.0", APP_PAYLOAD,
                     slot + beken_to_physical(shape->app_length) - RBL_INSTALLED_SIZE);
}

void dumpbuild_code(const struct beken_chip *chip, uint8_t *image) {
    static_assert(APP_PAYLOAD > BOOT_LOGICAL, "one buffer serves both");
    uint8_t *code = malloc(APP_PAYLOAD);
    if (!code)
        return;
    put_bootloader(chip, image, code);
    put_app(chip, image, code);
    free(code);
}
