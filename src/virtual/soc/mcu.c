/* Frames 55 AA VERSION COMMAND LENGTH(2) payload SUM. Source: Tuya's public serial protocol,
 * protocol version 3; the refusal in the log as public images print it. */
#include "virtual/soc/mcu.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

enum { HEAD = 6, VERSION = 3, PAYLOAD_MAX = 128 };

static const char any_product[] = "plugsmithplug000", mcu_version[] = "1.0.0";

enum command {
    HEARTBEAT = 0x00,
    PRODUCT = 0x01,
    WORKING_MODE = 0x02,
    WIFI_STATE = 0x03,
    SET_DATAPOINT = 0x06,
    REPORT = 0x07,
    QUERY = 0x08,
};

static void answer(struct board *board, uint8_t command, const void *payload, size_t size) {
    uint8_t frame[HEAD + PAYLOAD_MAX + 1] = {0x55, 0xAA, VERSION, command, 0, (uint8_t)size},
                                       sum = 0;
    memcpy(frame + HEAD, payload, size);
    for (size_t i = 0; i < HEAD + size; i++)
        sum = (uint8_t)(sum + frame[i]);
    frame[HEAD + size] = sum;
    board_uart_send(board, 0, frame, (int)(HEAD + size + 1));
}

static void report_switch(const struct mcu *mcu, struct board *board) {
    const uint8_t datapoint[] = {1, 1, 0, 1, mcu->on};
    answer(board, REPORT, datapoint, sizeof datapoint);
}

/* As JSON, or, every second time, as id and version: what is asked for again was not understood. */
static void tell_product(struct mcu *mcu, struct board *board) {
    char text[PAYLOAD_MAX];
    snprintf(text, sizeof text, mcu->asked++ % 2 ? "%s%s" : "{\"p\":\"%s\",\"v\":\"%s\",\"m\":0}",
             mcu->product, mcu_version);
    answer(board, PRODUCT, text, strlen(text));
}

static void obey(struct mcu *mcu, struct board *board, uint8_t command, const uint8_t *payload,
                 size_t size) {
    const uint8_t heartbeat = mcu->greeted;
    switch ((enum command)command) {
    case HEARTBEAT:
        answer(board, HEARTBEAT, &heartbeat, 1);
        mcu->greeted = true;
        break;
    case PRODUCT:
        tell_product(mcu, board);
        break;
    case WORKING_MODE:
    case WIFI_STATE:
        answer(board, command, "", 0);
        break;
    case SET_DATAPOINT:
        if (size >= 5 && payload[0] == 1)
            mcu->on = payload[4] & 1;
        report_switch(mcu, board);
        break;
    case QUERY:
        report_switch(mcu, board);
        break;
    case REPORT:
    default:
        break;
    }
}

void mcu_receive(struct mcu *mcu, struct board *board, uint8_t byte) {
    uint8_t *f = mcu->frame;
    f[mcu->used++] = byte;
    if ((mcu->used == 1 && byte != 0x55) || (mcu->used == 2 && byte != 0xAA)) {
        mcu->used = byte == 0x55;
        f[0] = 0x55;
    }
    if (mcu->used < HEAD)
        return;
    size_t size = (size_t)f[4] << 8 | f[5];
    if (HEAD + size + 1 > MCU_FRAME)
        mcu->used = 0;
    else if (mcu->used == HEAD + size + 1) {
        mcu->used = 0;
        obey(mcu, board, f[3], f + HEAD, size);
    }
}

void mcu_start(struct mcu *mcu, const char *product) {
    *mcu = (struct mcu){.learns = strcmp(product, "auto") == 0};
    snprintf(mcu->product, sizeof mcu->product, "%.16s", mcu->learns ? any_product : product);
}

/* The id at `at`, of letters and digits; NULL: none as long as ids are. */
static const char *id_at(const char *at, const char *end) {
    const char *last = at;
    while (last < end && (text_is_alpha(*last) || text_is_digit(*last)))
        last++;
    return last - at == MCU_PRODUCT ? at : NULL;
}

/* "...product_key:EXPECTED, input:GIVEN" */
bool mcu_hear(struct mcu *mcu, const char *line, size_t size) {
    static const char key[] = "product_key:", input[] = ", input:";
    const char *end = line + size, *found = memmem(line, size, key, sizeof key - 1);
    if (!found || !mcu->learns)
        return false;
    const char *expected = id_at(found + sizeof key - 1, end);
    const char *rest = expected ? expected + MCU_PRODUCT : end;
    if ((size_t)(end - rest) < sizeof input - 1 || memcmp(rest, input, sizeof input - 1) != 0)
        return false;
    const char *given = id_at(rest + sizeof input - 1, end);
    if (!given || memcmp(given, mcu->product, MCU_PRODUCT) != 0 ||
        memcmp(given, expected, MCU_PRODUCT) == 0)
        return false;
    *mcu = (struct mcu){.learns = true};
    memcpy(mcu->product, expected, MCU_PRODUCT);
    return true;
}
