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

void plug_view_start(struct plug_view *view, const struct plug *plug);
/* Prints what changed since the last call; true when something did. */
bool plug_view_changes(struct plug_view *view, const struct plug *plug, FILE *out);
/* Every used pin and channel. */
void plug_view_state(const struct plug *plug, FILE *out);
#endif
