/* DNS, SNTP and SSDP on any bytes; the first byte chooses. */
#include "codec/net/dns.h"
#include "codec/net/sntp_packet.h"
#include "codec/net/ssdp.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void walk(const uint8_t *data, size_t size) {
    struct dns_head head;
    struct dns_entry entry;
    size_t at;
    uint32_t address, ttl;
    if (dns_read(data, size, &head, &at, NULL) != STATUS_OK)
        return;
    for (unsigned i = 0; i < head.questions + head.answers; i++) {
        size_t before = at;
        if (dns_next(data, size, &at, i < head.questions, &entry, NULL) != STATUS_OK)
            break;
        if (at <= before || at > size)
            abort();
    }
    dns_address(data, size, head.id, &address, &ttl, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct sntp_answer answer;
    if (!size)
        return 0;
    if (data[0] % 3 == 0)
        walk(data + 1, size - 1);
    else if (data[0] % 3 == 1)
        sntp_read(data + 1, size - 1, 1, &answer, NULL);
    else
        ssdp_read((const char *)data + 1, size - 1);
    return 0;
}
