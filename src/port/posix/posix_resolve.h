/* Names to addresses without waiting: the C library's resolver blocks, so it runs in helper threads
 * and its answers come back through a file descriptor. */
#ifndef PORT_POSIX_RESOLVE_H
#define PORT_POSIX_RESOLVE_H
#include <stdbool.h>
#include <stdint.h>

struct posix_resolver;
struct posix_resolver *posix_resolver_new(void);
void posix_resolver_free(struct posix_resolver *resolver);
/* Readable when answers have come. */
int posix_resolver_fd(const struct posix_resolver *resolver);
/* Starts; the job, or NULL when too many are waiting. `key` comes back with the answer. */
void *posix_resolve(struct posix_resolver *resolver, const char *name, uint64_t key);
/* The answer no longer matters. */
void posix_resolve_abandon(void *job);
/* Next answer; address 0: there is none for that name. */
bool posix_resolve_next(struct posix_resolver *resolver, uint64_t *key, uint32_t *address);
#endif
