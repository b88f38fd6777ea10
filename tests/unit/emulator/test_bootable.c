/* Every kind of file that firmware is published as, for every chip, boots a guest of our own: its
 * letters appear, and its software interrupt reaches it as the chip's bootloader hands it on. */
#include "bare_run.h"
#include "codec/beken/keys.h"
#include "codec/beken/ug.h"
#include "workbench/emulator/bootable.h"
#include "workbench/image/code_form.h"
#include "workbench/image/package.h"

#include <stdlib.h>

#include "check.h"

enum { APP = 0x10000, APP_OFFSET = 0x11000, CODE = 0x2000, NAME_AT = 0x1000, FILE_MAX = 0x20000 };

/* Prints OK, then executes swi, whose handler prints V when it is reached through the application's
 * vectors, P when through the pointer at 0x400008. */
static const uint32_t guest[] = {
    0xEA00000E, /*      b start */
    0xE59FF014, 0xE59FF014, 0xE59FF014, 0xE59FF014, 0xE59FF014, 0xE59FF014, 0xE59FF014, /*      ldr
                                                                                           pc, [pc,
                                                                                           #20] */
    APP,        0x10074,    APP,        APP,        APP,        APP,        APP,        APP,
    0xE59F4048, /* start: ldr r4, =0x80220C */
    0xE3A0104F, /*      mov r1, #'O' */
    0xE5841000, /*      str r1, [r4] */
    0xE3A0104B, /*      mov r1, #'K' */
    0xE5841000, /*      str r1, [r4] */
    0xE59F0038, /*      ldr r0, =0x10080 */
    0xE3A02501, /*      mov r2, #0x400000 */
    0xE5820008, /*      str r0, [r2, #8] */
    0xE282D902, /*      add sp, r2, #0x8000 */
    0xEF000000, /*      swi 0 */
    0xE3A0100A, /*      mov r1, #10 */
    0xE5841000, /*      str r1, [r4] */
    0xEAFFFFFE, /* end: b end */
    0xE3A01056, /*      mov r1, #'V' */
    0xE5841000, /*      str r1, [r4] */
    0xE1B0F00E, /*      movs pc, lr */
    0xE8BD0003, /*      pop {r0, r1} */
    0xE3A01050, /*      mov r1, #'P' */
    0xE5841000, /*      str r1, [r4] */
    0xE1B0F00E, /*      movs pc, lr */
    0x0080220C, 0x00010080,
};

static const struct {
    const char *chip, *name, *key, *handed_on;
} rows[] = {
    {"bk7231n", "OpenBK7231N_1.18", "tuya", "OKP"}, {"bk7231m", "OpenBK7231N_1.18", "none", "OKP"},
    {"bk7231t", "OpenBK7231T_1.18", "tuya", "OKV"}, {"bk7231u", "OpenBK7231U_1.18", "none", "OKV"},
    {"bk7238", "OpenBK7238_1.18", "none", "OKP"},   {"bk7252", "OpenBK7252_1.18", "none", "OKV"},
    {"bk7252n", "OpenBK7252N_1.18", "none", "OKP"},
};
enum { ROWS = sizeof rows / sizeof *rows };

/* The logical application of a row. */
static void make_code(int row, uint8_t code[CODE]) {
    memset(code, 0xFF, CODE);
    for (size_t i = 0; i < sizeof guest / sizeof *guest; i++)
        store_le32(code + 4 * i, guest[i]);
    memcpy(code + NAME_AT, rows[row].name, strlen(rows[row].name));
}

/* Encrypted as the row's chip has it in flash, with CRCs. */
static size_t make_physical(int row, uint32_t address, uint8_t *out) {
    uint8_t code[CODE];
    struct beken_key key;
    make_code(row, code);
    if (address == 0) { /* a bootloader that does nothing but go on: b APP */
        memset(code, 0xFF, CODE);
        for (uint32_t at = 4; at < 0x20; at += 4)
            store_le32(code + at, 0xE59FF014);
        store_le32(code, 0xEA000000 | (APP - 8) / 4);
    }
    assert_true(beken_key_parse(rows[row].key, &key));
    code_crypt(&key, address, code, CODE);
    return code_to_physical(code, CODE, CODE_PADDING_ERASED, out);
}

static size_t make_rbl(int row, uint8_t *out) {
    struct rbl_header rbl = {.encryption = RBL_AES256, .compression = RBL_GZIP, .name = "app"};
    uint8_t code[CODE], *package;
    size_t size;
    make_code(row, code);
    assert_int_equal(package_pack(&rbl, code, CODE, &package_default_keys, &package, &size), 0);
    rbl_encode(&rbl, out);
    memcpy(out + RBL_HEADER_SIZE, package, size);
    free(package);
    return RBL_HEADER_SIZE + size;
}

enum kind { QIO, UA, LOGICAL, RBL, UG, KINDS };

static size_t make_file(enum kind kind, int row, uint8_t *out) {
    size_t size;
    memset(out, 0xFF, FILE_MAX);
    switch (kind) {
    case QIO:
        make_physical(row, 0, out);
        return APP_OFFSET + make_physical(row, APP, out + APP_OFFSET);
    case UA:
        return make_physical(row, APP, out);
    case RBL:
        return make_rbl(row, out);
    case UG:
        size = make_rbl(row, out + UG_HEADER_SIZE);
        ug_encode("1.0.0", out + UG_HEADER_SIZE, (uint32_t)size, out);
        return UG_HEADER_SIZE + size;
    case LOGICAL:
    case KINDS:
    default:
        make_code(row, out);
        return CODE;
    }
}

static void every_kind_of_file_boots_on_every_chip(void **state) {
    static uint8_t file[FILE_MAX];
    char why[200] = "";
    (void)state;
    for (int row = 0; row < ROWS; row++)
        for (enum kind kind = 0; kind < KINDS; kind++) {
            struct bootable image;
            size_t size = make_file(kind, row, file);
            assert_true(bootable_make(file, size, &image, why, sizeof why));
            assert_int_equal(image.size, 2 << 20);
            assert_non_null(image.from);
            /* plain code does not tell N from M, both name themselves N */
            bool twin = kind >= LOGICAL && strcmp(rows[row].chip, "bk7231n") == 0;
            struct bare_seen seen = bare_run(image.flash, image.size, NULL, 300);
            bootable_free(&image);
            assert_string_equal(seen.chip, twin ? "bk7231m" : rows[row].chip);
            if (kind != QIO) /* whose bootloader hands nothing on */
                assert_string_equal(seen.log, rows[row].handed_on);
            else
                assert_memory_equal(seen.log, "OK", 2);
        }
}

static void a_whole_flash_is_taken_as_it_is(void **state) {
    uint8_t *flash = calloc(1, 4 << 20);
    struct bootable image;
    char why[200];
    (void)state;
    make_physical(0, APP, flash); /* begins with the application, and is to be turned */
    assert_true(bootable_make(flash, 4 << 20, &image, why, sizeof why));
    assert_null(image.from);
    assert_int_equal(image.size, 4 << 20);
    assert_memory_equal(image.flash, flash, image.size);
    bootable_free(&image);
    free(flash);
}

/* Refused with a line, or taken for something that the emulator then refuses; never more. */
static void damaged_files_are_refused_in_a_line(void **state) {
    static uint8_t file[FILE_MAX], damaged[FILE_MAX];
    (void)state;
    for (enum kind kind = RBL; kind <= UG; kind++) {
        size_t size = make_file(kind, 0, file);
        for (size_t at = 0; at < size; at += 7) {
            struct bootable image;
            char why[200] = "";
            memcpy(damaged, file, size);
            damaged[at] ^= 0x10;
            bool ok = bootable_make(damaged, size, &image, why, sizeof why);
            assert_true(ok ? at < 4 && *why == '\0' : *why != '\0');
            bootable_free(&image);
            why[0] = '\0';
            ok = bootable_make(file, at, &image, why, sizeof why);
            assert_true(ok ? at < 4 && *why == '\0' : *why != '\0');
            bootable_free(&image);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_of_file_boots_on_every_chip),
        cmocka_unit_test(a_whole_flash_is_taken_as_it_is),
        cmocka_unit_test(damaged_files_are_refused_in_a_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
