/* SSDP texts; see ssdp.h. */
#include "codec/net/ssdp.h"

#include <string.h>

#define ROOT "upnp:rootdevice"

/* The second line names the server: by it plugs know each other. */
void ssdp_notify(const struct ssdp_device *device, struct text *out) {
    text_add(out, "NOTIFY * HTTP/1.1\r\nSERVER: OpenBk\r\nHOST: 239.255.255.250:1900\r\n"
                  "CACHE-CONTROL: max-age=1800\r\nLOCATION: ");
    text_add(out, device->location);
    text_add(out, "\r\nNTS: ssdp:alive\r\nNT: " ROOT "\r\nUSN: uuid:");
    text_add(out, device->uuid);
    text_add(out, "::" ROOT "\r\n\r\n");
}

void ssdp_found(const struct ssdp_device *device, struct text *out) {
    text_add(out, "HTTP/1.1 200 OK\r\nSERVER: OpenBk\r\nCACHE-CONTROL: max-age=1800\r\nEXT:\r\n"
                  "LOCATION: ");
    text_add(out, device->location);
    text_add(out, "\r\nST: " ROOT "\r\nUSN: uuid:");
    text_add(out, device->uuid);
    text_add(out, "::" ROOT "\r\n\r\n");
}

static bool starts(const char *data, size_t size, const char *with) {
    size_t length = strlen(with);
    if (size < length)
        return false;
    for (size_t i = 0; i < length; i++)
        if (text_lower(data[i]) != text_lower(with[i]))
            return false;
    return true;
}

/* The value of a header line, without blanks before it; NULL when there is none. */
static const char *header(const char *data, size_t size, const char *name, size_t *length) {
    const char *end = data + size;
    for (const char *line = data; line < end;) {
        const char *stop = memchr(line, '\n', (size_t)(end - line));
        const char *next = stop ? stop + 1 : end;
        size_t prefix = strlen(name);
        if (starts(line, (size_t)(next - line), name) && line + prefix < next &&
            line[prefix] == ':') {
            const char *value = line + prefix + 1;
            while (value < next && *value == ' ')
                value++;
            while (next > value && (next[-1] == '\n' || next[-1] == '\r' || next[-1] == ' '))
                next--;
            *length = (size_t)(next - value);
            return value;
        }
        line = next;
    }
    return NULL;
}

static bool answers_to(const char *target, size_t length) {
    static const char *const targets[] = {"ssdp:all", ROOT, "urn:schemas-upnp-org:device:Basic:1"};
    for (unsigned i = 0; i < sizeof targets / sizeof *targets; i++)
        if (length == strlen(targets[i]) && starts(target, length, targets[i]))
            return true;
    return false;
}

enum ssdp_kind ssdp_read(const char *data, size_t size) {
    size_t length;
    const char *value;
    if (starts(data, size, "M-SEARCH")) {
        value = header(data, size, "ST", &length);
        return !value || answers_to(value, length) ? SSDP_SEARCH : SSDP_OTHER;
    }
    if (!starts(data, size, "NOTIFY"))
        return SSDP_OTHER;
    value = header(data, size, "SERVER", &length);
    return value && starts(value, length, "OpenBk") ? SSDP_OPENBEKEN : SSDP_OTHER;
}
