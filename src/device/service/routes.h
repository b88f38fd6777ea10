/* What the web server answers: all tables of routes, ended by NULL. */
#ifndef DEVICE_SERVICE_ROUTES_H
#define DEVICE_SERVICE_ROUTES_H
struct http_route;

extern const struct http_route *const route_tables[];
#endif
