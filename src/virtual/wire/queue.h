/* A queue of bytes, each with the time it arrives, that grows as needed. */
#ifndef VIRTUAL_WIRE_QUEUE_H
#define VIRTUAL_WIRE_QUEUE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct wire_byte {
    uint64_t at_ns;
    uint8_t value;
};

struct wire_queue {
    struct wire_byte *bytes; /* ring of `room` entries, a power of two */
    size_t head, count, room;
};

/* False without memory: the byte is lost. */
bool wire_queue_push(struct wire_queue *queue, uint64_t at_ns, uint8_t value);
/* The first byte; the queue must not be empty. */
const struct wire_byte *wire_queue_first(const struct wire_queue *queue);
void wire_queue_pop(struct wire_queue *queue);
void wire_queue_free(struct wire_queue *queue);
#endif
