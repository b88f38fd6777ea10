/* Between the files of the REST interface that OpenBeken's clients know. */
#ifndef DEVICE_SERVICE_REST_H
#define DEVICE_SERVICE_REST_H
#include "device/service/http/http.h"

/* A JSON number as a whole one: digits after the point are cut. */
int64_t rest_number(const char *text, size_t length);
void rest_startup_pieces(struct device *d, struct http_exchange *x);
/* The live part of the classic page: what /index?state=1 gives. Piece by piece; false: done. */
bool classic_state(struct device *d, unsigned step, struct text *out);
/* Frame of the classic pages. */
void classic_head(struct device *d, struct text *out, const char *title);
void classic_end(struct device *d, struct text *out);
#endif
