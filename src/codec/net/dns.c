/* DNS messages; see dns.h. */
#include "codec/net/dns.h"

#include "base/bytes.h"
#include "base/text.h"

enum { HEADER = 12, LABEL = 63, FLUSH = 0x8000, CLASS_IN = 1 };

enum status dns_read(const uint8_t *message, size_t size, struct dns_head *head, size_t *at,
                     struct fault *fault) {
    *head = (struct dns_head){0};
    *at = HEADER;
    if (size < HEADER)
        return fault_at(fault, STATUS_TRUNCATED, size, "a header of 12 bytes");
    *head = (struct dns_head){.id = load_be16(message),
                              .questions = load_be16(message + 4),
                              .answers = load_be16(message + 6),
                              .response = message[2] >> 7,
                              .code = message[3] & 15};
    return STATUS_OK;
}

/* Reads a name from *at. A pointer must lead to before where the name began, so it ends. */
static enum status read_name(const uint8_t *message, size_t size, size_t *at, char *out,
                             struct fault *fault) {
    struct text t = text_start(out, DNS_NAME);
    size_t from = *at, limit = *at;
    bool jumped = false;
    for (;;) {
        if (from >= size)
            return fault_at(fault, STATUS_TRUNCATED, from, "a name");
        uint8_t length = message[from];
        if (length >= 0xC0) {
            if (from + 1 >= size)
                return fault_at(fault, STATUS_TRUNCATED, from, "a name's pointer");
            size_t target = (size_t)(length & 0x3F) << 8 | message[from + 1];
            if (!jumped)
                *at = from + 2;
            if (target >= limit)
                return fault_at(fault, STATUS_BAD_VALUE, from, "a pointer backwards");
            jumped = true;
            limit = from = target;
            continue;
        }
        if (length > LABEL)
            return fault_at(fault, STATUS_BAD_VALUE, from, "a label of up to 63 characters");
        from++;
        if (!length)
            break;
        if (!bytes_inside(size, from, length))
            return fault_at(fault, STATUS_TRUNCATED, from, "a label");
        if (t.length)
            text_char(&t, '.');
        for (unsigned i = 0; i < length; i++)
            text_char(&t, text_lower(message[from + i] ? (char)message[from + i] : '?'));
        from += length;
    }
    if (!jumped)
        *at = from;
    return t.truncated ? fault_at(fault, STATUS_BAD_LENGTH, from, "a shorter name") : STATUS_OK;
}

enum status dns_next(const uint8_t *message, size_t size, size_t *at, bool question,
                     struct dns_entry *out, struct fault *fault) {
    enum status status = read_name(message, size, at, out->name, fault);
    if (status != STATUS_OK)
        return status;
    if (!bytes_inside(size, *at, question ? 4 : 10))
        return fault_at(fault, STATUS_TRUNCATED, *at, "type and class");
    out->type = load_be16(message + *at);
    out->unicast = load_be16(message + *at + 2) & FLUSH;
    out->ttl_s = 0;
    out->data = NULL;
    out->data_size = 0;
    *at += 4;
    if (question)
        return STATUS_OK;
    out->ttl_s = load_be32(message + *at);
    out->data_size = load_be16(message + *at + 4);
    *at += 6;
    if (!bytes_inside(size, *at, out->data_size))
        return fault_at(fault, STATUS_TRUNCATED, *at, "the data of a record");
    out->data = message + *at;
    *at += out->data_size;
    return STATUS_OK;
}

enum status dns_address(const uint8_t *message, size_t size, uint16_t id, uint32_t *address,
                        uint32_t *ttl_s, struct fault *fault) {
    struct dns_head head;
    struct dns_entry entry;
    size_t at;
    enum status status = dns_read(message, size, &head, &at, fault);
    if (status != STATUS_OK)
        return status;
    if (head.id != id || !head.response)
        return fault_at(fault, STATUS_PROTOCOL, 0, "the answer to this question");
    if (head.code)
        return fault_at(fault, STATUS_NOT_FOUND, 3, "a name that exists");
    for (unsigned i = 0; i < head.questions && status == STATUS_OK; i++)
        status = dns_next(message, size, &at, true, &entry, fault);
    for (unsigned i = 0; i < head.answers && status == STATUS_OK; i++) {
        status = dns_next(message, size, &at, false, &entry, fault);
        if (status == STATUS_OK && entry.type == DNS_A && entry.data && entry.data_size == 4) {
            *address = load_be32(entry.data);
            *ttl_s = entry.ttl_s;
            return STATUS_OK;
        }
    }
    return status == STATUS_OK ? fault_at(fault, STATUS_NOT_FOUND, at, "an address") : status;
}

static void put(struct dns_message *m, const void *data, size_t size) {
    if (m->bad || !bytes_inside(m->size, m->at, size)) {
        m->bad = true;
        return;
    }
    if (size)
        memcpy(m->data + m->at, data, size);
    m->at += size;
}

static void put_u16(struct dns_message *m, unsigned value) {
    uint8_t bytes[2];
    store_be16(bytes, (uint16_t)value);
    put(m, bytes, 2);
}

static void put_name(struct dns_message *m, const char *name) {
    while (*name) {
        const char *end = name;
        while (*end && *end != '.')
            end++;
        uint8_t length = (uint8_t)(end - name);
        m->bad |= end == name || end - name > LABEL;
        put(m, &length, 1);
        put(m, name, length);
        name = *end ? end + 1 : end;
    }
    put(m, "", 1);
}

static void count(struct dns_message *m, size_t field) {
    if (!m->bad)
        store_be16(m->data + field, (uint16_t)(load_be16(m->data + field) + 1));
}

struct dns_message dns_start(uint8_t *buffer, size_t size, uint16_t id, bool response) {
    struct dns_message m = {buffer, size, 0, false};
    uint8_t header[HEADER] = {0};
    store_be16(header, id);
    store_be16(header + 2, response ? 0x8400 : id ? 0x0100 : 0); /* multicast has no identifier */
    put(&m, header, HEADER);
    return m;
}

void dns_question(struct dns_message *m, const char *name, enum dns_type type) {
    put_name(m, name);
    put_u16(m, type);
    put_u16(m, CLASS_IN);
    count(m, 4);
}

static void record_head(struct dns_message *m, const char *name, enum dns_type type, bool flush,
                        uint32_t ttl_s) {
    put_name(m, name);
    put_u16(m, type);
    put_u16(m, CLASS_IN | (flush ? FLUSH : 0U));
    put_u16(m, ttl_s >> 16);
    put_u16(m, ttl_s);
}

void dns_record(struct dns_message *m, const char *name, enum dns_type type, bool flush,
                uint32_t ttl_s, const void *data, size_t size) {
    record_head(m, name, type, flush, ttl_s);
    put_u16(m, (unsigned)size);
    put(m, data, size);
    count(m, 6);
}

/* The length of the data is known after its name. */
static void end_data(struct dns_message *m, size_t length_at) {
    if (!m->bad)
        store_be16(m->data + length_at, (uint16_t)(m->at - length_at - 2));
    count(m, 6);
}

void dns_pointer(struct dns_message *m, const char *name, uint32_t ttl_s, const char *target) {
    record_head(m, name, DNS_PTR, false, ttl_s);
    size_t length_at = m->at;
    put_u16(m, 0);
    put_name(m, target);
    end_data(m, length_at);
}

void dns_service(struct dns_message *m, const char *name, uint32_t ttl_s, uint16_t port,
                 const char *target) {
    record_head(m, name, DNS_SRV, true, ttl_s);
    size_t length_at = m->at;
    put_u16(m, 0);
    put_u16(m, 0); /* priority */
    put_u16(m, 0); /* weight */
    put_u16(m, port);
    put_name(m, target);
    end_data(m, length_at);
}

size_t dns_finish(const struct dns_message *m) {
    return m->bad ? 0 : m->at;
}
