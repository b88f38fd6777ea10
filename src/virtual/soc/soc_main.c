/* plugsmith-soc: boots one image on the virtual board and reports what it does, a line an event,
 * on standard output. It is a program of its own because guest code is untrusted: plugsmith starts
 * it, hands the image over a pipe, and it gives up every right it does not need before the first
 * guest instruction runs. (It also keeps libunicorn, GPL-2.0, apart from what plugsmith links.)
 *
 * The line protocol is described in report.h. */
#include "virtual/soc/board.h"
#include "virtual/soc/identify.h"
#include "virtual/soc/report.h"
#include "virtual/soc/sandbox.h"
#include "virtual/soc/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { IMAGE_LIMIT = 16 << 20 };

/* `limit` bytes of standard input, or all there are when they are fewer. */
static uint8_t *read_image(size_t limit, size_t *size) {
    uint8_t *data = malloc(limit);
    *size = 0;
    while (data && *size < limit) {
        ssize_t got = read(STDIN_FILENO, data + *size, limit - *size);
        if (got <= 0)
            break;
        *size += (size_t)got;
    }
    return data;
}

static void save_flash(const struct board *b) {
    for (size_t done = 0; done < b->flash.size;) {
        ssize_t put = write(SESSION_SAVE_FD, b->flash.data + done, b->flash.size - done);
        if (put <= 0)
            return;
        done += (size_t)put;
    }
}

int main(int argc, char **argv) {
    struct session session;
    /* with buffers of our own stdio need not ask what kind of file it has, which is not allowed
     * later */
    static char out[1 << 16], in[1 << 14];
    setvbuf(stdout, out, _IOFBF, sizeof out);
    setvbuf(stdin, in, _IOFBF, sizeof in);
    if (!session_options(&session, argc, argv))
        return 2;
    size_t size;
    uint8_t *image = read_image(session.image_size ? session.image_size : IMAGE_LIMIT, &size);
    struct soc_identity who;
    enum status status = image ? soc_identify(image, size, &who) : STATUS_NO_SPACE;
    if (status) {
        free(image);
        report_end(0, 0, 0,
                   status == STATUS_BAD_MAGIC
                       ? "no Beken application found at 0x11000: nothing to boot"
                       : status_text(status));
        return 1;
    }
    if (session.chip)
        who.chip = session.chip;
    static struct board board;
    session_watch(&session, &board);
    status = board_start(&board, &who, image, (uint32_t)size, session.ticks_per_us);
    free(image);
    if (!status && !sandbox_enter()) {
        report_end(0, 0, 0, "cannot give up rights (seccomp)");
        return 1;
    }
    report_identity(&who);
    if (!status)
        status = session_run(&session, &board);
    report_flush();
    if (session.save)
        save_flash(&board);
    _exit(status ? 1 : 0);
}
