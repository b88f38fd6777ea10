/* SNTP: the question and the answer of a time server.
 * Source: RFC 4330, RFC 5905. */
#ifndef CODEC_NET_SNTP_PACKET_H
#define CODEC_NET_SNTP_PACKET_H
#include "base/status.h"

#include <stdint.h>

enum { SNTP_SIZE = 48, SNTP_PORT = 123 };

struct sntp_answer {
    int64_t epoch; /* UTC seconds since 1970, rounded */
    uint8_t stratum;
};

/* A question that carries `cookie`; the answer must bring it back. Returns SNTP_SIZE, or 0 when the
 * buffer is too small. */
size_t sntp_ask(uint64_t cookie, uint8_t *buffer, size_t size);
/* TRUNCATED, BAD_VALUE: no server's answer, or from one that has no time itself ("kiss of death",
 * not synchronised, zero); PROTOCOL: the answer to somebody else's question. Times before 2036 and
 * from then on are told apart by their first bit. */
enum status sntp_read(const uint8_t *data, size_t size, uint64_t cookie, struct sntp_answer *out,
                      struct fault *fault);
/* The answer of a server, for tests and virtual networks. */
size_t sntp_answer_encode(const uint8_t *question, size_t question_size, int64_t epoch,
                          uint8_t stratum, uint8_t *buffer, size_t size);
#endif
