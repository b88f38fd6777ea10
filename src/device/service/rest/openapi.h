/* The OpenAPI document of this firmware, piece by piece. */
#ifndef DEVICE_SERVICE_OPENAPI_H
#define DEVICE_SERVICE_OPENAPI_H
#include "base/text.h"

struct http_route;

/* Adds piece `step` (below 2 KiB); false after the last. */
bool openapi_piece(const struct http_route *const *tables, unsigned step, struct text *out);
#endif
