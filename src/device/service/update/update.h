/* Replacing the firmware: an image goes into the slot that does not run, checked before the slot is
 * touched (kind, chip, size, header, signature), erased sector by sector while everything else goes
 * on, checked again as it lies in flash, started once on trial, and kept only when it proves
 * itself: thirty seconds of running with the network as it was. Until the last step a power cut
 * leaves the old firmware. */
#ifndef DEVICE_SERVICE_UPDATE_H
#define DEVICE_SERVICE_UPDATE_H
#include "device/service/service.h"
#include "device/service/update/update_state.h"

extern const struct service update_service;

/* Of the service: what a boot found, and the trial. */
void update_start(struct device *d);
void update_second(struct device *d);

/* A new image of `length` bytes arrives from `owner`. NULL, or why not. */
const char *update_begin(struct device *d, const void *owner, uint64_t length);
/* Its next bytes; NULL, or why it ends here. */
const char *update_add(struct device *d, const uint8_t *data, size_t size);
/* All bytes have come: verifies and puts it on trial for the next start. */
const char *update_end(struct device *d);
/* The sender went away. */
void update_drop(struct device *d, const void *owner);
/* Fetches from "http://host[:port]/path" and restarts when it is good. */
const char *update_fetch(struct device *d, const char *url);
/* For reports: "idle", "receiving", … and 0 … 100. */
const char *update_step_name(const struct device *d);
unsigned update_percent(const struct device *d);
/* Version of the running firmware, by its own image if it came by update. */
const char *update_version(const struct device *d);
#endif
