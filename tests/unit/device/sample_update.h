/* An update as it is sent: the header of our own, and content that no flash holds by chance. */
#ifndef TESTS_UNIT_DEVICE_SAMPLE_UPDATE_H
#define TESTS_UNIT_DEVICE_SAMPLE_UPDATE_H
#include "device/service/update/update.h"

#include <stdio.h>

static void sample_update(uint8_t *image, uint32_t content, const char *chip, const char *version) {
    struct update_image i = {.content = content};
    struct sha256 hash;
    snprintf(i.chip, sizeof i.chip, "%s", chip);
    snprintf(i.version, sizeof i.version, "%s", version);
    for (unsigned k = 0; k < content; k++)
        image[UPDATE_HEADER_OWN + k] = (uint8_t)(k * 7 + k / 256);
    sha256_start(&hash);
    sha256_add(&hash, image + UPDATE_HEADER_OWN, content);
    sha256_end(&hash, i.digest);
    update_image_write(&i, image);
}
#endif
