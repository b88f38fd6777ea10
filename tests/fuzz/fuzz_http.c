/* Feeds whatever the fuzzer makes to the web server: pieces for up to four connections, with time
 * passing and readers of any speed in between. The first byte of a piece says which connection and
 * what happens, the second how long it is. Afterwards the server must still serve. */
#include "virtual/plug/plug.h"

#include <stdlib.h>
#include <string.h>

enum { CONNECTIONS = 4, PORT = 80 };
static const char question[] = "GET /cm?cmnd=POWER HTTP/1.1\r\nHost: p\r\n\r\n";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void drain(struct plug *plug, int stream) {
    char piece[4096];
    while (virtual_net_receive(plug->net, &plug->device, stream, piece, sizeof piece))
        ;
}

static void still_serves(struct plug *plug) {
    char answer[2048] = {0};
    plug_run_fast(plug, 30000);
    int stream = virtual_net_connect(plug->net, &plug->device, PORT, 1);
    if (stream < 0)
        abort();
    virtual_net_send(plug->net, &plug->device, stream, question, sizeof question - 1);
    plug_run_ms(plug, 20);
    virtual_net_receive(plug->net, &plug->device, stream, answer, sizeof answer - 1);
    if (!plug->device.config.web_password[0] && !plug->device.config.disable_web &&
        strncmp(answer, "HTTP/1.1 200", 12) != 0)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct plug *plug = calloc(1, sizeof *plug);
    int streams[CONNECTIONS] = {-1, -1, -1, -1};
    if (!plug || !plug_init(plug, "BK7231N") || !plug_network(plug)) {
        free(plug);
        return 0;
    }
    for (size_t at = 0; at + 2 <= size;) {
        unsigned which = data[at] % CONNECTIONS, what = data[at] / CONNECTIONS;
        size_t length = data[at + 1] < size - at - 2 ? data[at + 1] : size - at - 2;
        at += 2;
        if (!virtual_net_open(plug->net, streams[which])) {
            if (streams[which] >= 0)
                drain(plug, streams[which]);
            streams[which] = virtual_net_connect(plug->net, &plug->device, PORT, 1);
        }
        if (streams[which] >= 0) {
            virtual_net_send(plug->net, &plug->device, streams[which], data + at, length);
            plug->net->streams[streams[which]].window = what & 1 ? 64 : 0;
        }
        at += length;
        if (what & 2)
            plug_run_fast(plug, (what & 4) ? 3000 : 20);
        if ((what & 8) && streams[which] >= 0)
            drain(plug, streams[which]);
        if ((what & 16) && streams[which] >= 0) {
            virtual_net_close(plug->net, &plug->device, streams[which]);
            streams[which] = -1;
        }
    }
    for (unsigned i = 0; i < CONNECTIONS; i++)
        if (streams[i] >= 0)
            virtual_net_close(plug->net, &plug->device, streams[i]);
    still_serves(plug);
    plug_free(plug);
    free(plug);
    return 0;
}
