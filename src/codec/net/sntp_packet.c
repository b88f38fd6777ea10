/* SNTP packets; see sntp_packet.h. */
#include "codec/net/sntp_packet.h"

#include "base/bytes.h"

#define SECONDS_1900_1970 2208988800LL

enum { MODE_CLIENT = 3, MODE_SERVER = 4, VERSION = 4, ORIGINATE = 24, RECEIVE = 32, TRANSMIT = 40 };

size_t sntp_ask(uint64_t cookie, uint8_t *buffer, size_t size) {
    if (size < SNTP_SIZE)
        return 0;
    memset(buffer, 0, SNTP_SIZE);
    buffer[0] = VERSION << 3 | MODE_CLIENT;
    store_be32(buffer + TRANSMIT, (uint32_t)(cookie >> 32));
    store_be32(buffer + TRANSMIT + 4, (uint32_t)cookie);
    return SNTP_SIZE;
}

enum status sntp_read(const uint8_t *data, size_t size, uint64_t cookie, struct sntp_answer *out,
                      struct fault *fault) {
    if (size < SNTP_SIZE)
        return fault_at(fault, STATUS_TRUNCATED, size, "48 bytes");
    if ((data[0] & 7) != MODE_SERVER)
        return fault_at(fault, STATUS_BAD_VALUE, 0, "a server's answer");
    if (data[0] >> 6 == 3 || data[1] == 0 || data[1] > 15)
        return fault_at(fault, STATUS_BAD_VALUE, 1, "a server that has the time itself");
    uint64_t back = (uint64_t)load_be32(data + ORIGINATE) << 32 | load_be32(data + ORIGINATE + 4);
    if (back != cookie)
        return fault_at(fault, STATUS_PROTOCOL, ORIGINATE, "the time stamp of the question");
    uint32_t seconds = load_be32(data + TRANSMIT), fraction = load_be32(data + TRANSMIT + 4);
    if (!seconds)
        return fault_at(fault, STATUS_BAD_VALUE, TRANSMIT, "a time");
    out->epoch = (int64_t)seconds - SECONDS_1900_1970 + (fraction >> 31);
    if (!(seconds & 0x80000000u))
        out->epoch += 1LL << 32; /* the second era began in 2036 */
    out->stratum = data[1];
    return STATUS_OK;
}

size_t sntp_answer_encode(const uint8_t *question, size_t question_size, int64_t epoch,
                          uint8_t stratum, uint8_t *buffer, size_t size) {
    if (size < SNTP_SIZE || question_size < SNTP_SIZE)
        return 0;
    memset(buffer, 0, SNTP_SIZE);
    buffer[0] = VERSION << 3 | MODE_SERVER;
    buffer[1] = stratum;
    memcpy(buffer + ORIGINATE, question + TRANSMIT, 8);
    store_be32(buffer + RECEIVE, (uint32_t)(epoch + SECONDS_1900_1970));
    store_be32(buffer + TRANSMIT, (uint32_t)(epoch + SECONDS_1900_1970));
    return SNTP_SIZE;
}
