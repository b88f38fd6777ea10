/* Truth beside reading in a timeline: one line some seconds after what flows has changed, at most
 * one a minute while it keeps changing. */
#ifndef CLI_LOAD_VIEW_H
#define CLI_LOAD_VIEW_H
#include "virtual/plug/plug.h"

#include <stdio.h>

struct load_view {
    double watts;          /* as it was told last */
    uint64_t due_ms;       /* when the change since then is told; 0: nothing changed */
    uint64_t told_ms;      /* when it was told last */
    double counted_before; /* Wh in the plug's counter at the start */
};

void load_view_start(struct load_view *v, const struct plug *plug);
/* Prints what is due; nothing for a plug without a load. */
void load_view_follow(struct load_view *v, const struct plug *plug, FILE *out);
/* The line itself: now. */
void load_view_print(const struct load_view *v, const struct plug *plug, FILE *out);
#endif
