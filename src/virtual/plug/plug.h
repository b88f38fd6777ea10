/* A virtual plug: the device on the virtual chip, with fingers for its buttons, a load behind its
 * relay and an ear for what it publishes. It moves in frames of 10 ms; nothing else moves time. */
#ifndef VIRTUAL_PLUG_H
#define VIRTUAL_PLUG_H
#include "device/device.h"
#include "port/virtual/virtual_chip.h"
#include "port/virtual/virtual_net.h"
#include "virtual/mains/mains.h"

enum { PLUG_FRAME_MS = 10 };

/* Called for every publish: full topic as the broker would see it. */
typedef void plug_publish(void *context, const char *topic, const char *payload, bool retain);

struct plug {
    struct virtual_chip chip;
    struct virtual_net *net; /* streams in memory; NULL until plug_network */
    struct device device;
    struct mains *mains; /* NULL: no load, and nothing for a meter to see */
    plug_publish *on_publish;
    void *publish_context;
    char *lengthy; /* message made of pieces, so far */
    size_t lengthy_size;
    void (*on_restart)(void *context); /* the power went or the chip restarts */
    void *restart_context;
    /* Whatever the device sends over a UART. */
    void (*on_transmit)(void *context, unsigned port, const uint8_t *data, size_t size);
    void *transmit_context;
    bool networked; /* whatever Wi-Fi it asks for is there */
    uint64_t frames;
    uint64_t press_until_ms[VIRTUAL_PINS]; /* a finger on a button */
    uint64_t wake_ms;                      /* when the device wants to be called next */
    uint32_t restarts, drops; /* starts after the first; how many of them for want of mains */
};

/* A plug of the given chip ("BK7231N"), powered on; false when the chip is unknown. */
bool plug_init(struct plug *plug, const char *chip);
/* Gives the plug a network inside the process and restarts it. */
bool plug_network(struct plug *plug);
void plug_free(struct plug *plug);
/* Power off and on, or a crash, watchdog … as the cause says. */
void plug_restart(struct plug *plug, enum hal_reset_cause cause);
/* What is due now, without moving time: after something came in. */
void plug_poll(struct plug *plug);
/* One frame; many; fast: skips frames in which nothing can happen. */
void plug_frame(struct plug *plug);
void plug_run_ms(struct plug *plug, uint64_t ms);
void plug_run_fast(struct plug *plug, uint64_t ms);
/* Level on a pin from outside. */
void plug_pin_set(struct plug *plug, unsigned pin, bool level);
/* A finger on the button at that pin, for so long. */
void plug_press(struct plug *plug, unsigned pin, uint32_t ms);
uint64_t plug_now_ms(const struct plug *plug);
/* What is plugged in, as virtual/mains/load.h describes it; its time begins now. BAD_SYNTAX (with
 * the place in `fault`, which may be NULL). An empty text takes load and meter away. */
enum status plug_set_load(struct plug *plug, const char *profile);
enum status plug_load(struct plug *plug, const char *profile, struct fault *fault);
/* What really flows; NULL without a load. */
const struct truth *plug_truth(const struct plug *plug);
/* Hash over everything the device shows: pins, channels, light, clock. */
uint32_t plug_hash(const struct plug *plug, uint32_t hash);
#endif
