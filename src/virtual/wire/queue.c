/* The growing ring of timed bytes. */
#include "virtual/wire/queue.h"

#include <stdlib.h>
#include <string.h>

static bool grow(struct wire_queue *queue) {
    size_t room = queue->room ? queue->room * 2 : 1024;
    struct wire_byte *bytes = malloc(room * sizeof *bytes);
    if (!bytes)
        return false;
    for (size_t i = 0; i < queue->count; i++)
        bytes[i] = queue->bytes[(queue->head + i) & (queue->room - 1)];
    free(queue->bytes);
    queue->bytes = bytes;
    queue->room = room;
    queue->head = 0;
    return true;
}

bool wire_queue_push(struct wire_queue *queue, uint64_t at_ns, uint8_t value) {
    if (queue->count == queue->room && !grow(queue))
        return false;
    queue->bytes[(queue->head + queue->count++) & (queue->room - 1)] =
        (struct wire_byte){at_ns, value};
    return true;
}

const struct wire_byte *wire_queue_first(const struct wire_queue *queue) {
    return &queue->bytes[queue->head];
}

void wire_queue_pop(struct wire_queue *queue) {
    queue->head = (queue->head + 1) & (queue->room - 1);
    queue->count--;
}

void wire_queue_free(struct wire_queue *queue) {
    free(queue->bytes);
    memset(queue, 0, sizeof *queue);
}
