/* The verbs of `plugsmith image`, in groups: what one call is given, and what each group offers.
 * Every verb takes the whole input and gives a whole output file, so that nothing is ever
 * half-written. */
#ifndef CLI_IMAGE_JOB_H
#define CLI_IMAGE_JOB_H
#include "cli/command.h"
#include "workbench/host/file.h"

/* One call: what is read, where the result goes. */
struct image_job {
    const struct cli_args *args;
    const char *in, *out;
    struct file file;
};

/* Writes `size` bytes to `path` ("-" is standard output) and says so. */
enum cli_exit image_write(const struct image_job *job, const char *path, const void *data,
                          size_t size);
/* Room for a result of the caller's to free; NULL with a message when there is none. */
uint8_t *image_room(const struct image_job *job, size_t size);

/* image_code.c: blocks with CRC, and the cipher. */
enum cli_exit image_to_logical(struct image_job *job);
enum cli_exit image_to_physical(struct image_job *job);
enum cli_exit image_decrypt(struct image_job *job);
enum cli_exit image_encrypt(struct image_job *job);
enum cli_exit image_decode(struct image_job *job);
enum cli_exit image_encode(struct image_job *job);

/* image_package.c: containers of updates. */
enum cli_exit image_rbl_unpack(struct image_job *job);
enum cli_exit image_rbl_pack(struct image_job *job);
enum cli_exit image_ug_unpack(struct image_job *job);
enum cli_exit image_ug_pack(struct image_job *job);

/* image_pieces.c: parts of a file, by address. */
enum cli_exit image_cut(struct image_job *job);
enum cli_exit image_split(struct image_job *job);
enum cli_exit image_join(struct image_job *job);
#endif
