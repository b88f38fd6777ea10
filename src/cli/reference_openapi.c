/* docs/reference/openapi.json: what the plug answers at /api/v2/openapi.json. */
#include "cli/render.h"
#include "device/service/rest/openapi.h"
#include "device/service/routes.h"

enum { PIECE = 8192 };

void reference_openapi(FILE *out) {
    char piece[PIECE];
    for (unsigned step = 0, more = 1; more; step++) {
        struct text text = text_start(piece, sizeof piece);
        more = openapi_piece(route_tables, step, &text);
        fputs(piece, out);
        fputc('\n', out);
    }
}
