/* Finding a page by its path. The paths in `bookmarks` are those of OpenBeken's pages without an
 * action of their own; requests that act (/cfg_mqtt_set, /index?tgl=1) are the service's.
 * Source: openshwprojects/OpenBK7231T_App: src/httpserver/http_fns.c. */
#include "device/web/web_asset.h"

#include <string.h>

static const char *const bookmarks[] = {
    "/index",           "/about",    "/cfg",      "/cfg_mqtt",     "/cfg_ip",
    "/cfg_webapp",      "/cfg_wifi", "/cfg_name", "/cfg_mac",      "/cfg_ping",
    "/cfg_pins",        "/cfg_dgr",  "/ha_cfg",   "/cfg_generic",  "/cfg_startup",
    "/startup_command", "/cmd_tool", "/ota",      "/cfg_loglevel", "/logs",
};

static int same(const char *name, const char *path, size_t length) {
    return strlen(name) == length && memcmp(name, path, length) == 0;
}

const struct web_asset *web_asset_find(const char *path, size_t length) {
    for (size_t i = 0; i < web_asset_count; i++)
        if (same(web_assets[i].path, path, length))
            return &web_assets[i];
    for (size_t i = 0; i < sizeof bookmarks / sizeof *bookmarks; i++)
        if (same(bookmarks[i], path, length))
            return &web_assets[0];
    return NULL;
}
