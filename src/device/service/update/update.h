/* Replacing the firmware: an image goes into the slot that does not run, is started once on trial,
 * and kept only when it proves itself: thirty seconds of running with the network as it was. Until
 * the last step a power cut leaves the old firmware.
 *
 * What is verified when. Always before the first sector of the slot is erased: that it is an image,
 * whole by its length, for this chip, not larger than the slot, and, when a key is set, signed; the
 * signature covers the SHA-256 of the content. The content itself is verified
 * - before anything is erased where the platform has RAM for a whole image (hal.stage), and where
 *   the image is fetched by address: without that RAM it is fetched twice, first only to verify;
 * - before anything is erased when a client sends it twice, first to /api/v2/update/check, as the
 *   pages do where there is no such RAM;
 * - else while it is written: an image larger than the RAM that comes once cannot be known before.
 *   It is started only when what lies in flash has been read again and has the right digest.
 * Erasing goes sector by sector while everything else goes on. */
#ifndef DEVICE_SERVICE_UPDATE_H
#define DEVICE_SERVICE_UPDATE_H
#include "device/service/service.h"
#include "device/service/update/update_state.h"

extern const struct service update_service;

/* Of the service: what a boot found, and the trial. */
void update_start(struct device *d);
void update_second(struct device *d);

/* A new image of `length` bytes arrives from `owner`. NULL, or why not. */
const char *update_begin(struct device *d, const void *owner, uint64_t length, enum update_way way);
/* Its next bytes; NULL, or why it ends here. */
const char *update_add(struct device *d, const uint8_t *data, size_t size);
/* All bytes have come: verifies; then the image is on trial for the next start, or the step is
 * UPDATE_WRITING and update_write_on brings it there. */
const char *update_end(struct device *d);
/* The next sector, while the step is UPDATE_WRITING (called by the service). */
void update_write_on(struct device *d);
/* The sender went away. */
void update_drop(struct device *d, const void *owner);
/* Fetches from "http://host[:port]/path" or https and restarts when it is good. */
const char *update_fetch(struct device *d, const char *url);
/* For reports: "idle", "receiving", … and 0 … 100. */
const char *update_step_name(const struct device *d);
unsigned update_percent(const struct device *d);
/* Version of the running firmware, by its own image if it came by update. */
const char *update_version(const struct device *d);
#endif
