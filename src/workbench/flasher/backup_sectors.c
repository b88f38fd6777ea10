/* A copy and what is known of each of its sectors. */
#include "workbench/flasher/backup.h"

#include <stdlib.h>

enum { SECTOR = BEKEN_SECTOR };

const char *sector_state_name(enum sector_state state) {
    static const char *const names[SECTOR_STATES] = {"unread", "unreadable", "lost", "unverified",
                                                     "verified"};
    return state < SECTOR_STATES ? names[state] : "?";
}

bool backup_alloc(struct backup *b, uint32_t start, uint32_t size) {
    *b = (struct backup){.start = start, .size = size};
    b->data = malloc(size ? size : 1);
    b->state = calloc(size / SECTOR + 1, 1);
    if (!b->data || !b->state) {
        backup_free(b);
        return false;
    }
    memset(b->data, 0xFF, size);
    return true;
}

void backup_free(struct backup *b) {
    free(b->data);
    free(b->state);
    b->data = b->state = NULL;
}

uint32_t backup_count(const struct backup *b, enum sector_state state) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < b->size / SECTOR; i++)
        count += b->state[i] == state;
    return count;
}
