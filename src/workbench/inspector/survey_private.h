/* What the files of the survey share, in the order that survey_image takes the steps. */
#ifndef WORKBENCH_INSPECTOR_SURVEY_PRIVATE_H
#define WORKBENCH_INSPECTOR_SURVEY_PRIVATE_H
#include "workbench/inspector/survey.h"

/* The image under survey. */
struct survey_image {
    const uint8_t *data;
    size_t size;
    struct survey *out;
};

/* Where the file's bytes lie in the flash. */
void survey_find_origin(struct survey_image *image);
/* The same for a piece without the application's first block; 0 when nothing tells. */
int64_t survey_origin_of_piece(const struct survey_image *image);
/* Are most of the blocks from `place` on good ones? */
bool survey_is_code(const uint8_t *data, size_t size, size_t place);
/* Bootloader: version, partition table, damage. */
void survey_read_boot(struct survey_image *image);
/* Which chip; called after the bootloader and again after the application was read. */
void survey_choose_chip(struct survey_image *image);
/* Application: extent, header, key, damage, what it calls itself. False without memory. */
bool survey_read_app(struct survey_image *image);
/* After the application: a bootloader of which nothing is left is damage, not absence. */
void survey_note_lost_boot(struct survey_image *image);
/* RF block, OpenBeken's configuration and file system, by content. */
void survey_find_data(struct survey_image *image);
#endif
