/* What discovery serves over HTTP: the description that SSDP points to, and the plugs heard.
 * Source: openshwprojects/OpenBK7231T_App: src/driver/drv_ssdp.c. */
#include "device/device.h"
#include "device/service/discovery/discovery.h"
#include "device/service/http/http.h"

static void description_more(struct device *d, struct http_exchange *x) {
    if (!ssdp_description(d, x->step, &x->out))
        x->more = NULL;
}

static void description(struct device *d, struct http_exchange *x) {
    http_begin(x, 200, "application/xml");
    if (ssdp_description(d, 0, &x->out))
        x->more = description_more;
}

static void address(struct text *out, uint32_t ip) {
    for (int shift = 24; shift >= 0; shift -= 8) {
        text_uint(out, ip >> shift & 0xFF);
        text_add(out, shift ? "." : "");
    }
}

/* Forty addresses take less than 1024 bytes. */
static void list(struct device *d, struct http_exchange *x) {
    uint32_t ip;
    http_begin(x, 200, "application/json");
    text_char(&x->out, '[');
    for (unsigned i = 0; (ip = ssdp_peer(d, i)) != 0; i++) {
        text_add(&x->out, i ? ",{\"ip\":\"" : "{\"ip\":\"");
        address(&x->out, ip);
        text_add(&x->out, "\"}");
    }
    text_add(&x->out, "]\n");
}

const struct http_route discovery_routes[] = {
    {HTTP_GET, HTTP_ANYONE, false, "/ssdp.xml", description, NULL, "UPnP description of the plug",
     NULL, "XML"},
    {HTTP_GET, HTTP_VIEW, false, "/obkdevicelist", list, NULL, "plugs heard by SSDP", NULL,
     "array of {ip}"},
    {0},
};
