/* What names mean, remembered for a minute, so that a thousand devices with the same broker ask
 * once. A name server that never answers costs one helper thread per name and nobody's time. */
#include "port/posix/posix_private.h"
#include "port/posix/posix_resolve.h"

#include <string.h>

static struct posix_name *known(struct posix_net *net, const char *name) {
    for (unsigned i = 0; i < POSIX_NAMES; i++) {
        struct posix_name *n = &net->names[i];
        bool over = n->state != HAL_NAME_ASKING && posix_now_ms() >= n->until_ms;
        if (n->name[0] && !over && strcmp(n->name, name) == 0)
            return n;
    }
    return NULL;
}

/* The place whose answer is the oldest; one that is asked for stays. */
static struct posix_name *place(struct posix_net *net) {
    struct posix_name *best = NULL;
    for (unsigned i = 0; i < POSIX_NAMES; i++) {
        struct posix_name *n = &net->names[i];
        if (n->state != HAL_NAME_ASKING && (!best || n->until_ms < best->until_ms))
            best = n;
    }
    return best;
}

enum hal_name posix_name_find(struct posix_net *net, const char *name, uint32_t *address) {
    struct posix_name *n = known(net, name);
    if (n) {
        *address = n->address;
        return (enum hal_name)n->state;
    }
    n = place(net);
    if (!n || strlen(name) >= sizeof n->name)
        return HAL_NAME_UNKNOWN;
    *n = (struct posix_name){.state = HAL_NAME_ASKING};
    memcpy(n->name, name, strlen(name) + 1);
    if (!posix_resolve(net->resolver, name,
                       posix_tag(POSIX_TAG_NAME, 0, (uint32_t)(n - net->names))))
        *n = (struct posix_name){.state = HAL_NAME_UNKNOWN};
    return (enum hal_name)n->state;
}

void posix_name_answered(struct posix_net *net, unsigned i, uint32_t address) {
    struct posix_name *n = &net->names[i % POSIX_NAMES];
    n->state = address ? HAL_NAME_FOUND : HAL_NAME_UNKNOWN;
    n->address = address;
    n->until_ms = posix_now_ms() + (address ? POSIX_NAME_S * 1000u : 5000u);
}
