/* The OpenBeken block: any bytes decode or are refused, and what decodes encodes and decodes to
 * itself again. The checksum is made right first, else the fuzzer would stand before that door. */
#include "codec/openbeken/obk_config.h"
#include "codec/openbeken/obk_describe.h"
#include <stdlib.h>
#include <string.h>

static void swallow(void *context, const char *text) {
    *(size_t *)context += strlen(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static uint8_t block[OBK_CONFIG_SIZE], again[OBK_CONFIG_SIZE];
    static struct obk_config config, second;
    struct fault fault;
    if (!size)
        return 0;
    enum obk_group group = (enum obk_group)(data[0] & 3);
    (void)obk_config_decode(data, size, group, &config, &fault);
    memset(block, 0, sizeof block);
    memcpy(block, data, size < sizeof block ? size : sizeof block);
    memcpy(block, "CFG", 3);
    size_t length = block[4] <= 3 ? OBK_CONFIG_SIZE_OLD : OBK_CONFIG_SIZE;
    block[3] = obk_crc8(OBK_CRC_SIGNED, block + 4, length - 4);
    if (obk_config_decode(block, sizeof block, group, &config, &fault) != STATUS_OK)
        return 0;
    size_t said = 0;
    obk_config_describe(&config, true, swallow, &said);
    config.version = 5;
    if (!obk_config_encode(&config, again, sizeof again) ||
        obk_config_decode(again, sizeof again, group, &second, &fault) != STATUS_OK ||
        memcmp(config.pins, second.pins, sizeof config.pins) != 0 ||
        strcmp(config.startup, second.startup) != 0)
        abort();
    return 0;
}
