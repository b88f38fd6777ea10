/* Writing and trying a new image; see update.h. */
#include "device/service/update/update.h"

#include "base/crc.h"
#include "base/text.h"
#include "codec/net/ed25519.h"
#include "device/device.h"
#include "device/service/update/boot_record.h"
#include "device/version.h"

#include <string.h>

enum { PROVEN_S = 30, TRIAL_MAX_S = 300 };

static void say(struct device *d, uint8_t step, const char *text) {
    struct text out = text_start(d->update.text, sizeof d->update.text);
    text_add(&out, text);
    d->update.step = step;
    device_log2(d, step == UPDATE_FAILED ? LOG_ERROR : LOG_INFO, "ota", text, NULL);
}

static const char *fail(struct device *d, const char *why) {
    say(d, UPDATE_FAILED, why);
    d->update.owner = NULL;
    return why;
}

const char *update_begin(struct device *d, const void *owner, uint64_t length,
                         enum update_way way) {
    struct update *u = &d->update;
    if (!d->hal.chip.slot_size || !d->hal.flash_erase)
        return "this platform has no second slot";
    if (u->owner)
        return "another update is under way";
    if (u->step == UPDATE_ON_TRIAL)
        return "the running firmware is still on trial";
    memset(u, 0, offsetof(struct update, fetch));
    u->owner = owner;
    u->length = length;
    u->way = (uint8_t)way;
    u->slot = 1u - d->hal.chip.slot_running;
    if (way == UPDATE_INSTALL && d->hal.stage)
        u->stage = d->hal.stage(d->hal.context, d->hal.chip.slot_size);
    sha256_start(&u->content);
    sha256_start(&u->whole);
    say(d, UPDATE_RECEIVING, "receiving");
    return NULL;
}

static bool signature_good(const struct device *d, const struct update *u) {
    static const uint8_t none[32];
    const uint8_t *key = d->config.update_key;
    if (memcmp(key, none, sizeof none) == 0)
        return true;
    return u->image.has_signature &&
           ed25519_verify(u->image.signature, u->header, UPDATE_SIGNED, key);
}

static const char *header_check(struct device *d) {
    struct update *u = &d->update;
    const char *why =
        update_image_read(u->header, u->length, d->hal.chip.name, d->hal.chip.slot_size, &u->image);
    if (why)
        return why;
    return signature_good(d, u) ? NULL : "the signature is missing or not of the key set here";
}

/* Up to a page of the slot; a sector is erased when its first page comes. */
static const char *slot_write(struct device *d, uint32_t at, const uint8_t *data, size_t size) {
    struct update *u = &d->update;
    uint32_t to = d->hal.chip.slot_offset[u->slot] + at;
    if (at % HAL_FLASH_SECTOR == 0) {
        u->erased = true;
        if (!d->hal.flash_erase(d->hal.context, to))
            return "the flash could not be erased";
    }
    if (!d->hal.flash_program(d->hal.context, to, data, size))
        return "the flash could not be written";
    return NULL;
}

static const char *page_write(struct device *d) {
    struct update *u = &d->update;
    const char *why = slot_write(d, (uint32_t)(u->got - u->page_fill), u->page, u->page_fill);
    u->page_fill = 0;
    return why;
}

static const char *keep(struct device *d, const uint8_t *data, size_t size) {
    struct update *u = &d->update;
    if (u->got + size > u->length)
        return "there is more than was announced";
    if (u->way == UPDATE_CHECK || u->stage) {
        if (u->stage)
            memcpy(u->stage + u->got, data, size);
        u->got += size;
        return NULL;
    }
    while (size) {
        size_t room = (size_t)(UPDATE_PAGE - u->page_fill), part = size < room ? size : room;
        memcpy(u->page + u->page_fill, data, part);
        u->page_fill = (uint16_t)(u->page_fill + part);
        u->got += part;
        data += part;
        size -= part;
        const char *why = u->page_fill == UPDATE_PAGE ? page_write(d) : NULL;
        if (why)
            return why;
    }
    return NULL;
}

static void hash_content(struct update *u, const uint8_t *data, size_t size) {
    u->crc = crc32_update(u->crc, data, size);
    sha256_add(&u->content, data, size);
}

/* Gathers the header; nothing is written before all of it is here and good. */
static const char *header_take(struct device *d, const uint8_t **data, size_t *size) {
    struct update *u = &d->update;
    while (*size && (!u->header_size || u->header_fill < u->header_size)) {
        u->header[u->header_fill++] = *(*data)++;
        --*size;
        if (u->header_fill == 16 && !u->header_size) {
            u->header_size = (uint16_t)update_header_size(u->header);
            if (!u->header_size)
                return "this is no firmware image";
        }
    }
    if (!u->header_size || u->header_fill < u->header_size)
        return NULL;
    const char *why = header_check(d);
    return why ? why : keep(d, u->header, u->header_size);
}

const char *update_add(struct device *d, const uint8_t *data, size_t size) {
    struct update *u = &d->update;
    const char *why = NULL;
    if (u->step != UPDATE_RECEIVING)
        return "no update is under way";
    sha256_add(&u->whole, data, size);
    if (!u->got)
        why = header_take(d, &data, &size);
    if (!why && size) {
        hash_content(u, data, size);
        why = keep(d, data, size);
    }
    return why ? fail(d, why) : NULL;
}

static bool content_good(struct update *u) {
    uint8_t digest[SHA256_SIZE];
    sha256_end(&u->content, digest);
    if (u->image.kind == UPDATE_RBL)
        return u->crc == u->image.crc;
    return memcmp(digest, u->image.digest, sizeof digest) == 0;
}

/* What lies in the slot now is read again, and only then chosen. */
static const char *choose(struct device *d) {
    struct update *u = &d->update;
    struct boot_record record = {.state = BOOT_TRIAL, .slot = (uint8_t)u->slot};
    uint8_t lies[SHA256_SIZE];
    record.size = (uint32_t)u->length;
    memcpy(record.digest, u->digest, sizeof record.digest);
    if (!boot_slot_digest(&d->hal, u->slot, record.size, lies) ||
        memcmp(lies, record.digest, sizeof lies) != 0)
        return fail(d, "the flash does not hold what was written");
    if (!boot_record_write(&d->hal, &record))
        return fail(d, "the choice of the new firmware could not be written");
    u->owner = NULL;
    d->config.ota_counter++;
    settings_changed(d);
    say(d, UPDATE_READY, "written and verified; the next start tries it");
    return NULL;
}

const char *update_end(struct device *d) {
    struct update *u = &d->update;
    if (u->step != UPDATE_RECEIVING)
        return u->step == UPDATE_FAILED ? u->text : "no update is under way";
    if (!u->got || u->got != u->length)
        return fail(d, "the image ended too early");
    if (!content_good(u))
        return fail(d, "the content does not match its checksum");
    sha256_end(&u->whole, u->digest);
    if (u->way == UPDATE_CHECK) {
        u->owner = NULL;
        say(d, UPDATE_IDLE, "the image is good; nothing was written");
        return NULL;
    }
    if (u->stage) {
        say(d, UPDATE_WRITING, "verified; it is being written");
        return NULL;
    }
    const char *why = u->page_fill ? page_write(d) : NULL;
    return why ? fail(d, why) : choose(d);
}

/* A sector of the stage at a time, so that everything else goes on. */
void update_write_on(struct device *d) {
    struct update *u = &d->update;
    const char *why = NULL;
    if (u->step != UPDATE_WRITING)
        return;
    do {
        uint32_t left = (uint32_t)u->length - u->written;
        uint32_t part = left < UPDATE_PAGE ? left : UPDATE_PAGE;
        why = slot_write(d, u->written, u->stage + u->written, part);
        u->written += part;
    } while (!why && u->written < u->length && u->written % HAL_FLASH_SECTOR);
    if (why)
        fail(d, why);
    else if (u->written == u->length)
        choose(d);
}

void update_drop(struct device *d, const void *owner) {
    if (d->update.owner == owner && owner)
        fail(d, "the connection broke; the old firmware stays");
}

const char *update_step_name(const struct device *d) {
    static const char *const names[] = {"idle", "receiving", "writing", "ready", "trial", "failed"};
    return names[d->update.step];
}

unsigned update_percent(const struct device *d) {
    const struct update *u = &d->update;
    uint64_t done = u->step == UPDATE_WRITING ? u->written : u->got;
    return u->step == UPDATE_READY ? 100 : u->length ? (unsigned)(done * 100 / u->length) : 0;
}

/* --- after the start --- */

/* What the header of the running slot calls itself. */
static void read_version(struct device *d) {
    struct update *u = &d->update;
    struct boot_record record;
    const struct hal_chip *chip = &d->hal.chip;
    if (!boot_record_read(&d->hal, &record) || record.slot != chip->slot_running ||
        !d->hal.flash_read(d->hal.context, chip->slot_offset[chip->slot_running], u->header,
                           UPDATE_HEADER_MAX))
        return;
    if (!update_image_read(u->header, record.size, chip->name, chip->slot_size, &u->image))
        memcpy(u->version, u->image.version, sizeof u->version);
}

const char *update_version(const struct device *d) {
    return d->update.version[0] ? d->update.version : PLUGSMITH_VERSION;
}

void update_start(struct device *d) {
    struct boot_record record;
    d->update = (struct update){0};
    read_version(d);
    if (!boot_record_read(&d->hal, &record))
        return;
    if (record.state == BOOT_TRYING)
        say(d, UPDATE_ON_TRIAL, "new firmware, on trial for 30 s");
    else if (record.state == BOOT_FAILED)
        say(d, UPDATE_FAILED, "the new firmware did not stay; the old one is back");
}

static bool proven(const struct device *d) {
    bool network = !d->config.wifi_ssid[0] || d->wifi == HAL_WIFI_CONNECTED;
    return d->boot_done && network && d->uptime_s >= PROVEN_S;
}

void update_second(struct device *d) {
    struct boot_record record;
    if (d->update.step != UPDATE_ON_TRIAL)
        return;
    if (proven(d) && boot_record_read(&d->hal, &record)) {
        record.state = BOOT_STABLE;
        if (boot_record_write(&d->hal, &record))
            say(d, UPDATE_IDLE, "the new firmware has proven itself and stays");
    } else if (d->uptime_s >= TRIAL_MAX_S && !d->restart_in_s) {
        device_log(d, LOG_ERROR, "ota", "the new firmware finds no network: back to the old one");
        device_restart(d, 1);
    }
}
