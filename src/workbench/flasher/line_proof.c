/* The same short checksum asked for again and again. */
#include "workbench/flasher/line_proof.h"

#include "workbench/flasher/ladder.h"
#include "workbench/flasher/stream.h"

enum { QUESTIONS = 240, ROUNDS = 6, PAGE = 256 };

static enum status ask(struct session *s, uint32_t *errors) {
    struct stream_crc list[QUESTIONS];
    uint32_t before = s->stats.retries;
    for (uint32_t i = 0; i < QUESTIONS; i++)
        list[i] = (struct stream_crc){.start = BEKEN_APP_OFFSET, .length = PAGE};
    enum status status = stream_crcs(s, list, QUESTIONS);
    *errors = s->stats.retries - before;
    for (uint32_t i = 1; status == STATUS_OK && i < QUESTIONS; i++)
        *errors += list[i].crc != list[0].crc;
    return status;
}

enum status line_prove(struct session *s) {
    uint32_t errors = 0;
    if (s->chip.family != BEKEN_FAMILY_B || s->options.bad_line)
        return STATUS_OK;
    for (int round = 0; round < ROUNDS; round++) {
        enum status status = ask(s, &errors);
        if (status != STATUS_OK || !errors)
            return status;
        if (s->baud <= BEKEN_FIRST_BAUD)
            break;
        if ((status = ladder_step_down(s)) != STATUS_OK)
            return status;
    }
    return session_fail(s, STATUS_REFUSED,
                        "%u of %d test questions came to harm at %u baud: on such a line a damaged "
                        "request could erase the bootloader, which is all that answers on this "
                        "chip. Shorten the wires, check ground and the 3.3 V supply; --bad-line "
                        "goes on all the same",
                        (unsigned)errors, QUESTIONS, (unsigned)s->baud);
}
