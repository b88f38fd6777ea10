/* Code format and containers on arbitrary bytes: stripe, cipher, RBL, UG, FAL, RF, packages. What
 * can be converted must come back as it was. */
#include "codec/beken/bootloaders.h"
#include "codec/beken/fal.h"
#include "codec/beken/rbl.h"
#include "codec/beken/rf.h"
#include "codec/beken/ug.h"
#include "workbench/image/code_form.h"
#include "workbench/image/package.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void there_and_back(const uint8_t *data, size_t size) {
    uint8_t *physical = malloc((size + 31) / 32 * 34 + 1), *back = malloc(size + 64);
    struct code_notes notes;
    struct beken_key key;
    uint32_t address;
    if (!physical || !back)
        abort();
    size_t length = code_to_physical(data, size, CODE_PADDING_ERASED, physical);
    code_to_logical(physical, length, back, &notes);
    if (memcmp(back, data, size) != 0 || notes.blocks.bad)
        abort();
    memcpy(key.k, "0123456789ABCDEF", sizeof key.k);
    memcpy(key.k, data, size < sizeof key.k ? size : sizeof key.k);
    beken_crypt(&key, 0x10000, back, size);
    beken_crypt(&key, 0x10000, back, size);
    if (memcmp(back, data, size) != 0)
        abort();
    (void)code_recognise(data, size, &key, &address);
    (void)beken_stripe_grid(data, size);
    free(physical);
    free(back);
}

static void containers(const uint8_t *data, size_t size) {
    struct rbl_header rbl;
    struct ug_header ug;
    struct fal_table fal;
    struct rf_block rf;
    struct fault fault;
    (void)ug_decode(data, size, &ug, &fault);
    (void)fal_find(data, size, &fal);
    (void)rf_decode(data, size, &rf, &fault);
    (void)rbl_decode_installed(data, size, &rbl, &fault);
    (void)beken_bootloader_match(data, size);
    if (size < RBL_HEADER_SIZE)
        return;
    /* give arbitrary fields a right header CRC, so that the package behind them is reached */
    uint8_t header[RBL_HEADER_SIZE];
    rbl = (struct rbl_header){.encryption = data[4] & 3,
                              .compression = data[5] & 1,
                              .raw_size = (uint32_t)data[6] << 4,
                              .package_size = (uint32_t)(size - RBL_HEADER_SIZE) / 16 * 16};
    rbl_encode(&rbl, header);
    if (rbl_decode(header, sizeof header, &rbl, &fault) != STATUS_OK)
        abort();
    uint8_t *code;
    size_t length;
    (void)package_unpack(&rbl, data + RBL_HEADER_SIZE, size - RBL_HEADER_SIZE,
                         &package_default_keys, &code, &length);
    free(code);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0 || size > 65536)
        return 0;
    there_and_back(data, size);
    containers(data, size);
    return 0;
}
