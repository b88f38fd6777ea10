/* What Tab offers at the console of a plug: commands, and behind some of them pin roles, channel
 * types, events or drivers. All of it from the tables of the device. */
#ifndef CLI_COMPLETE_H
#define CLI_COMPLETE_H
#include <stddef.h>

/* Names that may stand at the end of `line`, in order of their tables, up to `most`; how many there
 * are. *begin is where the word to be completed begins. */
size_t complete_line(const char *line, size_t *begin, const char **names, size_t most);
/* How many characters all of the names have in common, ignoring case. */
size_t complete_common(const char *const *names, size_t count);
#endif
