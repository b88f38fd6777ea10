/* What Home Assistant is told about the device: a list of entities that follows from pins, channel
 * types, meter and light, walked in a fixed order. Unique ids and topics are OpenBeken's, so that a
 * plug that changes firmware stays the same device.
 * Source: openshwprojects/OpenBK7231T_App: src/httpserver/hass.c; home-assistant/core:
 * homeassistant/components/mqtt/. */
#ifndef DEVICE_SERVICE_HA_H
#define DEVICE_SERVICE_HA_H
#include "base/text.h"
#include "device/device.h"

struct ha_entity;

/* Where members of an entity's object go, and in which of the two forms. */
struct ha_out {
    struct text *text;
    struct device *d;
    bool whole; /* device message: whole topics, nothing that is shared; else "~" for the client */
};
typedef void ha_members(const struct ha_out *o, const struct ha_entity *e);

struct ha_entity {
    const char *component; /* "switch" */
    char id[28];           /* what follows the device in the unique id: "relay_1" */
    const char *name;      /* NULL: number_name, or the device's own name */
    char number[8];        /* the channel in decimal */
    const char *on, *off;  /* payloads; NULL: none */
    const char *device_class, *unit, *state_class, *category, *icon; /* NULL: none */
    const char *topic;         /* of the state, without client and "/get"; NULL: `members` says */
    bool self;                 /* the state topic has no "/get" */
    ha_members *members;       /* NULL: what the fields above say */
    const void *row;           /* for `members` */
    int16_t channel, channel2; /* -1: none */
    bool labelled;             /* name is the user's label */
    bool only;                 /* the only switch of the device: it bears the device's name */
};

/* False ends the walk. */
typedef bool ha_visit(const struct ha_entity *e, void *context);
void ha_each(struct device *d, ha_visit *visit, void *context);
/* Channel types that are sensors, numbers, texts and choices (ha_types.c); false: not of that kind.
 */
bool ha_typed(const struct device *d, int channel, struct ha_entity *e);
/* What drivers bring (ha_drivers.c): so many places; false: nothing at this one. */
unsigned ha_driver_places(void);
bool ha_driver_at(struct device *d, unsigned i, struct ha_entity *e);

/* Printing. `key` is the member's name. */
void ha_text(const struct ha_out *o, const char *key, const char *value);
void ha_number(const struct ha_out *o, const char *key, int32_t value);
/* A topic of this device: name, and "/get" or "/set" behind it; NULL: as it is. */
void ha_topic(const struct ha_out *o, const char *key, const char *name, const char *end);
void ha_channel_topic(const struct ha_out *o, const char *key, int channel, const char *end);
/* "cmnd/<client>/<command>" */
void ha_command(const struct ha_out *o, const char *key, const char *command);
/* The unique id: device, "_", id; characters that Home Assistant refuses become "_". */
void ha_unique(struct text *t, const struct device *d, const char *id);

/* One entity as the message of its own, and as a member of "cmps" in the device message; `first`:
 * no comma before it. */
void ha_print_alone(struct device *d, const struct ha_entity *e, struct text *t);
void ha_print_member(struct device *d, const struct ha_entity *e, bool first, struct text *t);
void ha_print_head(struct device *d, struct text *t);
/* Templates of enum channels, for entities and tests. */
void ha_enum_value_template(const struct device *d, int channel, struct text *t);
void ha_enum_command_template(const struct device *d, int channel, struct text *t);
#endif
