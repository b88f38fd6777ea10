/* What an image is by its code regions: which kind of file, which chip it belongs to and why, how
 * its bytes lie in the flash, whether bootloader and application are whole, and what they call
 * themselves. Stores are storage.h's. Nothing is taken from the file's name.
 *
 * Layouts: vendor SDK partition tables, tuya-cloudcutter/bk7231tools (analysis), libretiny-eu. */
#ifndef WORKBENCH_INSPECTOR_SURVEY_H
#define WORKBENCH_INSPECTOR_SURVEY_H
#include "base/bytes.h"
#include "codec/beken/bootloaders.h"
#include "codec/beken/chips.h"
#include "codec/beken/fal.h"
#include "codec/beken/keys.h"
#include "codec/beken/rbl.h"
#include "codec/beken/rf.h"
#include "codec/beken/stripe.h"
#include "codec/beken/ug.h"

enum image_kind {
    IMAGE_UNKNOWN,    /* nothing that is known */
    IMAGE_FOREIGN,    /* a known format that is no flash image: `foreign` names it */
    IMAGE_BLANK,      /* one byte value throughout */
    IMAGE_TEXT,       /* printable text */
    IMAGE_DUMP,       /* flash contents: code and data regions */
    IMAGE_QIO,        /* bootloader and application, nothing behind them */
    IMAGE_UA,         /* application alone */
    IMAGE_BOOTLOADER, /* bootloader alone */
    IMAGE_RBL,        /* packed update */
    IMAGE_UG,         /* Tuya's package around a packed update */
    IMAGE_PIECE,      /* from the middle of the application on */
    IMAGE_RAW_CODE,   /* code without checksums: not to be flashed */
    IMAGE_DATA,       /* a piece of flash without code regions */
    IMAGE_KIND_COUNT
};
const char *image_kind_name(enum image_kind kind);  /* "dump", for programs */
const char *image_kind_words(enum image_kind kind); /* "flash dump" */

enum survey_check { CHECK_NONE, CHECK_GOOD, CHECK_BAD };

enum {
    SURVEY_BAD_MAX = 64,
    SURVEY_EVIDENCE_MAX = 12,
    SURVEY_TEXT = 96,
    SURVEY_MAP_SECTOR = 0x1000,
};

/* A striped region: the bootloader or the application. */
struct survey_code {
    bool found;
    size_t offset, size; /* in the file; size: the part of its slot that the file holds */
    size_t used;         /* bytes up to the last block that is not erased */
    size_t missing;      /* bytes of the slot before or behind the file */
    struct beken_stripe_count blocks;
    bool cut; /* the file ends in the middle of its code */
    bool rbl_found;
    size_t rbl_offset;
    struct rbl_header rbl;
    enum survey_check payload;         /* what the header says of the payload */
    const struct beken_known_key *key; /* NULL: not recognised */
};

/* A run of bad blocks. */
struct survey_bad {
    size_t offset, size; /* in the file */
    uint32_t blocks;
    bool bootloader;
};

/* A packed update: a file of its own, or what the download slot holds. */
struct survey_update {
    bool found;
    size_t offset; /* of its header in the file */
    struct rbl_header rbl;
    enum survey_check package, unpacked; /* CRC-32 of the package, FNV-1a of the code in it */
    enum survey_check installed;         /* is its code the installed application? */
    char app[SURVEY_TEXT];               /* what the code in it calls itself */
    bool ug;
    struct ug_header ug_header;
};

struct survey_app {
    char name[SURVEY_TEXT]; /* "oem_bk7231n_plug", "OpenBK7231N" */
    char version[40];       /* "1.17.551" */
    char build[40];         /* "2022_04_21_00_35_16", or the compiler's date */
    char sdk[SURVEY_TEXT];  /* "TUYA IOT SDK 2.3.3" */
    bool openbeken, tuya;
};

struct survey {
    enum image_kind kind;
    const char *foreign; /* "a JPEG picture" */
    uint8_t blank;       /* the value of a blank image */
    /* Flash address of the file's first byte. Negative: that many foreign bytes stand in front.
     * `turned`: addresses wrap at the file's size, as when reading began behind the bootloader. */
    int64_t origin;
    bool turned;
    bool doubled; /* the second half repeats the first: more was read than the flash holds */

    const struct beken_chip *chip; /* NULL: not known */
    char evidence[SURVEY_EVIDENCE_MAX][SURVEY_TEXT];
    int evidence_count;

    struct survey_code boot, app;
    /* Coefficients of no table, found by known code; `key` of boot or app points here then. When
     * not `key_literal`, they decrypt this code but are not the chip's own words. */
    struct beken_known_key recovered;
    bool key_literal;
    const struct beken_bootloader *bootloader; /* which version it is, damaged or not */
    bool bootloader_known_good;                /* its bytes hash to that version's */
    bool bootloader_exact;  /* the hash covers all common 64 KiB, not only the first sector */
    bool bootloader_proved; /* by the payload CRC of its own header */
    struct fal_table fal;
    struct survey_bad bad[SURVEY_BAD_MAX];
    int bad_count;
    uint32_t bad_runs; /* also those that did not fit */

    struct survey_app program;
    bool rf_found;
    size_t rf_offset;
    struct rf_block rf;
    struct survey_update update;
    bool config_found; /* OpenBeken configuration block, by its magic */
    size_t config_offset;
    bool lfs_found;
    size_t lfs_offset, lfs_size;

    struct span code; /* the application without checksums, decrypted; owned */
    uint8_t *memory;
};

/* Surveys an image. False only when memory runs out. */
bool survey_image(const uint8_t *data, size_t size, struct survey *out);
void survey_free(struct survey *survey);

/* Place in the file of a flash address, or SIZE_MAX when the file does not hold it. */
size_t survey_place(const struct survey *survey, size_t size, uint32_t address);
/* Flash address of a place in the file. */
int64_t survey_address(const struct survey *survey, size_t size, size_t place);

void survey_note(struct survey *survey, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Fills `out` from the strings of decrypted code. */
void survey_read_program(struct span code, struct survey_app *out);
/* Reads the packed update whose header stands at `offset`, and compares it with the installed code
 * (empty: there is none). False when there is none. */
bool survey_read_update(const uint8_t *data, size_t size, size_t offset, struct span installed,
                        struct survey_update *out);
/* The format of a file that is no flash image, by its first bytes; NULL: none known. */
const char *survey_foreign(const uint8_t *data, size_t size);
#endif
