/* The one place where the flasher's link meets the virtual chip's port: the workbench knows nothing
 * of the virtual room, so the application joins them. */
#include "cli/port_open.h"
#include "virtual/port.h"

#include <stdio.h>
#include <string.h>

static const struct port_watch *watch;

void port_watch(const struct port_watch *who) {
    watch = who;
}

static enum status pulled(struct link *link) {
    return link_fail(link, STATUS_IO, "%s: the cable was pulled", link->name);
}

static enum status virtual_write(struct link *link, const uint8_t *data, size_t size) {
    if (watch)
        watch->wrote(watch->context, data, size);
    if (virtual_port_write(link->self, data, size) == STATUS_OK)
        return STATUS_OK;
    return pulled(link);
}

static enum status virtual_read(struct link *link, uint8_t *buffer, size_t size, uint64_t until_us,
                                size_t *got) {
    if (virtual_port_wait(link->self, until_us))
        *got = virtual_port_read(link->self, buffer, size);
    return *got || !virtual_port_is_pulled(link->self) ? STATUS_OK : pulled(link);
}

static enum status virtual_baud(struct link *link, uint32_t baud) {
    return virtual_port_set_baud(link->self, baud) == STATUS_OK ? STATUS_OK : pulled(link);
}

static enum status virtual_lines(struct link *link, bool dtr, bool rts) {
    return virtual_port_set_lines(link->self, dtr, rts) == STATUS_OK ? STATUS_OK : pulled(link);
}

static enum status virtual_drain(struct link *link) {
    virtual_port_advance(link->self, virtual_port_drained_us(link->self));
    return STATUS_OK;
}

static uint64_t virtual_now(struct link *link) {
    return virtual_port_now_us(link->self);
}

static enum status virtual_close(struct link *link) {
    if (watch)
        watch->closing(watch->context, link->self);
    if (virtual_port_close(link->self) == STATUS_OK)
        return STATUS_OK;
    return link_fail(link, STATUS_IO, "%s: the flash file could not be written back", link->name);
}

static const struct link_ops virtual_ops = {
    .write = virtual_write,
    .read = virtual_read,
    .set_baud = virtual_baud,
    .set_lines = virtual_lines,
    .drain = virtual_drain,
    .now_us = virtual_now,
    .close = virtual_close,
};

static bool virtual_open(struct link *link, const char *name) {
    *link = (struct link){.fd = -1, .has_lines = true, .has_baud = true};
    snprintf(link->name, sizeof link->name, "%s", name);
    snprintf(link->adapter, sizeof link->adapter, "virtual chip");
    link->self = virtual_port_open(name, NULL, link->why, sizeof link->why);
    link->ops = link->self ? &virtual_ops : NULL;
    if (watch && link->self)
        watch->opened(watch->context, link->self);
    return link->self != NULL;
}

bool port_open(struct link *link, const char *name) {
    if (strncmp(name, "virtual:", 8) == 0)
        return virtual_open(link, name);
    return link_open(link, name);
}
