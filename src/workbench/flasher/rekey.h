/* The application of an image encrypted anew for the key that a chip holds: for images of another
 * key, and for plain code. Only where the image's key is known for sure. */
#ifndef WORKBENCH_FLASHER_REKEY_H
#define WORKBENCH_FLASHER_REKEY_H
#include "codec/beken/cipher.h"
#include "workbench/host/file.h"

/* Makes a UA image (application alone, with checksums and, where there was one, a header that fits)
 * in *out, to be released with file_free. False with the reason in `why`: no application, its key
 * not known, its blocks damaged, or code that is not the application's. */
bool rekey_image(const uint8_t *data, size_t size, const struct beken_key *to, struct file *out,
                 char *why, size_t why_size);
#endif
