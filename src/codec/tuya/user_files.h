/* The user-file partition ("UF"): plain text, a directory in two copies and one flash block for
 * each file. The firmware keeps a second copy of the pin configuration there. Measured on public
 * dumps. */
#ifndef CODEC_TUYA_USER_FILES_H
#define CODEC_TUYA_USER_FILES_H
#include "codec/tuya/key_block.h"

#include <stdbool.h>

#define USER_FILES_MAGIC 0x98764321u

enum {
    USER_FILES_ENTRY = 100,
    USER_FILES_NAME = 32,
    USER_FILES_MAX = (TUYA_SECTOR - 16) / USER_FILES_ENTRY,
};

struct user_file {
    char name[USER_FILES_NAME + 1];
    uint32_t size;  /* bytes */
    uint32_t block; /* number of its first flash block; 0: no data */
};

struct user_files {
    uint32_t generation;
    int count;
    struct user_file file[USER_FILES_MAX];
};
/* Decodes one directory copy; the sum must match. */
enum status user_files_decode(const uint8_t *sector, size_t size, struct user_files *out,
                              struct fault *fault);
void user_files_encode(const struct user_files *files, uint8_t sector[TUYA_SECTOR]);

/* The pieces that a partition is made of, by their distance from the directory. */
struct user_files_piece {
    uint32_t first_block, blocks;
    int32_t offset; /* from the partition's start, bytes */
};
/* Offset of a block relative to the partition's start. `before_key`: bytes between that start and
 * the key block (it tells the layout), 0 when unknown. */
int32_t user_files_block_offset(uint32_t block, uint32_t before_key);
/* Length of the leading text of a file: to the matching brace when it starts with one, else to the
 * first NUL or FF. */
size_t user_files_text_length(const uint8_t *data, size_t size);
#endif
