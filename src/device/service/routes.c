/* All tables of routes of the web server, in the order they are searched. Adding a table: declare
 * and name it here. */
#include "device/service/routes.h"

#include "device/service/http/http.h"

extern const struct http_route cm_routes[], api_routes[], board_routes[], flash_routes[],
    metrics_routes[], update_routes[], api_v2_routes[], classic_routes[], form_routes[],
    openapi_routes[], page_routes[], api_rest_routes[], lfs_routes[], override_routes[],
    discovery_routes[], portal_routes[], fsblock_routes[];

/* The last two take whole families of paths. */
const struct http_route *const route_tables[] = {
    portal_routes, fsblock_routes,  cm_routes,      api_routes,  board_routes,
    flash_routes,  metrics_routes,  update_routes,  lfs_routes,  openapi_routes,
    api_v2_routes, override_routes, classic_routes, form_routes, discovery_routes,
    page_routes,   api_rest_routes, NULL,
};
