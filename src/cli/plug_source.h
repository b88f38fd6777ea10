/* What a virtual plug is made from: an OpenBeken template, or a dump whose pin configuration the
 * inspector reads. Used by every subcommand that runs a virtual plug. */
#ifndef CLI_PLUG_SOURCE_H
#define CLI_PLUG_SOURCE_H
#include "virtual/plug/plug.h"

/* Roles, channels, flags and startup command of a JSON template. False with one line in `why`. */
bool plug_source_template(struct plug *plug, const char *path, char *why, size_t why_size);
/* The same from a flash dump. */
bool plug_source_dump(struct plug *plug, const char *path, char *why, size_t why_size);
/* "key=value": a setting by name, "flag<n>", "P<n>" (role;channel) or "ch<n>". */
bool plug_source_set(struct plug *plug, const char *assignment, char *why, size_t why_size);
/* A relay on P26 and a button on P24, both channel 1, when no pin has a role: a plug that nothing
 * is known of is still a plug. */
void plug_source_bare(struct plug *plug);
bool plug_source_is_bare(const struct plug *plug);
#endif
