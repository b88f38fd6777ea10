/* DNS messages, as unicast (asking for an address) and as multicast DNS (being found by name).
 * Source: RFC 1035, RFC 6762, RFC 6763. */
#ifndef CODEC_NET_DNS_H
#define CODEC_NET_DNS_H
#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

enum { DNS_PORT = 53, MDNS_PORT = 5353, DNS_NAME = 128, DNS_MESSAGE = 512 };
#define MDNS_GROUP 0xE00000FBu /* 224.0.0.251 */

enum dns_type { DNS_A = 1, DNS_PTR = 12, DNS_TXT = 16, DNS_AAAA = 28, DNS_SRV = 33, DNS_ANY = 255 };

struct dns_head {
    uint16_t id, questions, answers;
    bool response;
    uint8_t code; /* 0: no error */
};

/* A question, or the head of a record with its data. */
struct dns_entry {
    char name[DNS_NAME]; /* dotted, lower case, without final dot */
    uint16_t type;
    bool unicast; /* question: an answer to the asker alone is enough */
    uint32_t ttl_s;
    const uint8_t *data; /* of a record */
    uint16_t data_size;
};

/* TRUNCATED when shorter than a header. *at becomes the offset of the first entry. */
enum status dns_read(const uint8_t *message, size_t size, struct dns_head *head, size_t *at,
                     struct fault *fault);
/* The next question or record from *at. Names may point backwards only, so they end. */
enum status dns_next(const uint8_t *message, size_t size, size_t *at, bool question,
                     struct dns_entry *out, struct fault *fault);
/* The first address in an answer to question `id`: NOT_FOUND when it says there is none. */
enum status dns_address(const uint8_t *message, size_t size, uint16_t id, uint32_t *address,
                        uint32_t *ttl_s, struct fault *fault);

/* Building: start, entries, finish (0 when it did not fit). */
struct dns_message {
    uint8_t *data;
    size_t size, at;
    bool bad;
};
struct dns_message dns_start(uint8_t *buffer, size_t size, uint16_t id, bool response);
void dns_question(struct dns_message *m, const char *name, enum dns_type type);
/* One record; `flush`: the only one of its kind (multicast). Data in wire form. */
void dns_record(struct dns_message *m, const char *name, enum dns_type type, bool flush,
                uint32_t ttl_s, const void *data, size_t size);
/* Records whose data holds a name. */
void dns_pointer(struct dns_message *m, const char *name, uint32_t ttl_s, const char *target);
void dns_service(struct dns_message *m, const char *name, uint32_t ttl_s, uint16_t port,
                 const char *target);
size_t dns_finish(const struct dns_message *m);
#endif
