/* /cm?cmnd=…: Tasmota's way to run a command. The command runs once; its answer may take several
 * pieces, for which the line stays in the connection's buffer, decoded in place. */
#include "device/device.h"
#include "device/script/command.h"
#include "device/service/http/http.h"
#include "device/service/rest/tasmota.h"

enum { LINE = 640 };

static void more(struct device *d, struct http_exchange *x) {
    char line[LINE];
    http_arg(x, "cmnd", line, sizeof line);
    if (!tasmota_piece(d, line, x->step, &x->out))
        x->more = NULL;
}

static void cm(struct device *d, struct http_exchange *x) {
    char line[LINE];
    http_begin(x, 200, "application/json");
    int length = http_arg(x, "cmnd", line, sizeof line);
    if (length <= 0)
        return;
    d->command.reply[0] = 0;
    command_run(d, line, COMMAND_FROM_HTTP);
    if (tasmota_piece(d, line, 0, &x->out))
        x->more = more;
}

const struct http_route cm_routes[] = {
    {HTTP_GET | HTTP_POST | HTTP_PUT, HTTP_ADMIN, true, "/cm", cm, NULL,
     "runs a command and answers as Tasmota does", "cmnd: the command line", "JSON by command"},
    {0, 0, false, NULL, NULL, NULL, NULL, NULL, NULL},
};
