/* Showing a virtual plug in words: its pins, and a line whenever something visible changed. */
#ifndef CLI_PLUG_VIEW_H
#define CLI_PLUG_VIEW_H
#include "virtual/plug/plug.h"

#include <stdio.h>

struct plug_view {
    int32_t channels[CHANNEL_COUNT];
    uint64_t levels;
    bool light;
    float dimmer;
};

/* The same over a long time: a channel that counts is told when it begins and when something else
 * happens, not at each step. */
struct plug_timeline {
    struct plug_view view;
    int counting; /* channel that changed last, alone; -1: none */
    int32_t from;
    unsigned steps; /* not yet told */
};

/* Nothing to tell between the two. */
bool plug_view_same(const struct plug_view *a, const struct plug_view *b);
void plug_view_start(struct plug_view *view, const struct plug *plug);
/* Prints what changed since the last call; true when something did. */
bool plug_view_changes(struct plug_view *view, const struct plug *plug, FILE *out);
/* The time of the plug at the begin of a line. */
void plug_view_time(const struct plug *plug, FILE *out);
/* Every used pin and channel. */
void plug_view_state(const struct plug *plug, FILE *out);
void plug_timeline_changes(struct plug_timeline *t, const struct plug *plug, FILE *out);
/* Tells what is left to tell. */
void plug_timeline_end(struct plug_timeline *t, const struct plug *plug, FILE *out);
#endif
