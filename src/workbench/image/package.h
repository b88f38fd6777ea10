/* Packing and unpacking the code inside an RBL container: gzip, then AES-256-CBC with the padding
 * that bootloaders expect. The header's own form is codec/beken/rbl.h. */
#ifndef WORKBENCH_IMAGE_PACKAGE_H
#define WORKBENCH_IMAGE_PACKAGE_H
#include "codec/beken/rbl.h"

/* The largest code that is unpacked: no chip of the family holds more. */
enum { PACKAGE_CODE_LIMIT = 8 << 20 };

struct package_keys {
    uint8_t key[32], iv[16];
};
/* The key and vector of every known vendor. */
extern const struct package_keys package_default_keys;

/* Unpacks the package that stands behind header `rbl`; *code is malloc'd. UNSUPPORTED when the
 * packing is not known, BAD_CHECKSUM when CRC or hash do not match (*code is then still given when
 * it could be unpacked), BAD_LENGTH, TRUNCATED. */
enum status package_unpack(const struct rbl_header *rbl, const uint8_t *package, size_t size,
                           const struct package_keys *keys, uint8_t **code, size_t *code_size);

/* Packs `code` the way `rbl` asks (encryption, compression) and fills its sizes and sums; *package
 * is malloc'd. */
enum status package_pack(struct rbl_header *rbl, const uint8_t *code, size_t code_size,
                         const struct package_keys *keys, uint8_t **package, size_t *size);
#endif
